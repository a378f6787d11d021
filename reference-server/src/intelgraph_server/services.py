"""What resolvers and jobs use beside the database, made once by `app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from .documents.identity import Identity
    from .lake import Lake, Links
    from .observe.limiter import Limiter
    from .observe.metrics import Metrics
    from .observe.objectives import Objectives
    from .observe.requests import Requests
    from .payments.provider import Payments
    from .settings import Settings

# A tenant's part of the evidence bundle: what files say, by their names.
Gather: TypeAlias = "Callable[[Connection, str], Mapping[str, bytes]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one server that are shared by all requests and jobs."""

    settings: Settings
    lake: Lake
    links: Links
    identity: Identity
    payments: Payments
    metrics: Metrics
    objectives: Objectives
    limiter: Limiter
    requests: Requests
    # By the name of the domain, since domains do not know each other.
    evidence: Mapping[str, Gather]

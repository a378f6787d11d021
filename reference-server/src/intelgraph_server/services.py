"""What resolvers and jobs use beside the database, made once by `app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .documents.identity import Identity
    from .lake.links import Links
    from .lake.objects import Lake
    from .observe.limiter import Limiter
    from .observe.metrics import Metrics
    from .observe.objectives import Objectives
    from .observe.requests import Requests
    from .settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one server that are shared by all requests and jobs."""

    settings: Settings
    lake: Lake
    links: Links
    identity: Identity
    metrics: Metrics
    objectives: Objectives
    limiter: Limiter
    requests: Requests

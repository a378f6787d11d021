"""Refuses what the operator has switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intelgraph_server import controls
from intelgraph_server.generated.enums import SwitchName
from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError

if TYPE_CHECKING:
    from .context import Context

_PARTS: Final = {
    SwitchName.CHECKOUT: "Checkout is",
    SwitchName.TRUST_PORTAL_WRITES: "Changes to the trust portal are",
    SwitchName.ANOMALY_ALERTS: "Anomaly alerts are",
    SwitchName.RESIDENCY_SCHEDULER: "Scheduled residency reports are",
}


def require(context: Context, name: SwitchName) -> None:
    """Raises DomainError with `SWITCHED_OFF` unless the part works."""
    if not controls.is_on(context.connection, name):
        raise DomainError(ErrorCode.SWITCHED_OFF, f"{_PARTS[name]} switched off for now.")

"""What a resolver is given beside its arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intelgraph_server import controls
from intelgraph_server.controls import AuditEntry
from intelgraph_server.database.rows import tenant_name
from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError
from .loaders import Loaders

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.auth import Principal
    from intelgraph_server.services import Services


@dataclass(frozen=True, slots=True)
class Context:
    """One request: who asks, the transaction it runs in, and its instant."""

    principal: Principal | None
    connection: Connection
    now: datetime
    services: Services
    loaders: Loaders = field(default_factory=Loaders)

    @property
    def tenant_id(self) -> str:
        return self.authenticated().tenant_id

    def authenticated(self) -> Principal:
        if self.principal is None:
            raise DomainError(ErrorCode.UNAUTHENTICATED, "No bearer token came with the request.")
        return self.principal

    def require_tenant(self) -> str:
        """The name of the caller's tenant; raises DomainError when the server has no such one."""
        name = tenant_name(self.connection, self.tenant_id)
        if name is None:
            raise DomainError(
                ErrorCode.FORBIDDEN, "The token's tenant is not one of this server's."
            )
        return name

    def record(self, action: str, subject: str, reason: str | None = None) -> None:
        """Adds what the caller changed to the tenant's audit trail."""
        entry = AuditEntry(
            tenant_id=self.tenant_id,
            at=self.now,
            actor=self.authenticated().subject,
            action=action,
            subject=subject,
            reason=reason,
        )
        controls.record(self.connection, entry)

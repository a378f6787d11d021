"""What a resolver is given beside its arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intelgraph_server.controls import trail
from intelgraph_server.database.rows import tenant_name
from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError, forbidden
from .loaders import Loaders

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.auth import Principal
    from intelgraph_server.services import Services


def authenticated(principal: Principal | None) -> Principal:
    if principal is None:
        raise DomainError(ErrorCode.UNAUTHENTICATED, "No bearer token came with the request.")
    return principal


def require_permission(principal: Principal | None, permission: str | None, where: str) -> None:
    """Raises DomainError unless the principal was granted it; all may do what asks for none."""
    if permission and permission not in authenticated(principal).permissions:
        raise forbidden(f"The token does not grant `{permission}`, which `{where}` asks for.")


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
        return authenticated(self.principal)

    def require_tenant(self) -> str:
        """The name of the caller's tenant; raises DomainError when the server has no such one."""
        name = tenant_name(self.connection, self.tenant_id)
        if name is None:
            raise forbidden("The token's tenant is not one of this server's.")
        return name

    def record(self, action: str, subject: str, reason: str | None = None) -> None:
        """Adds what the caller changed to the tenant's audit trail."""
        trail.record(
            self.connection,
            tenant_id=self.tenant_id,
            at=self.now,
            actor=self.authenticated().subject,
            action=action,
            subject=subject,
            reason=reason,
        )

"""What a resolver is given beside its arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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

"""What a resolver is given beside its arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from intelgraph_server import controls
from intelgraph_server.controls import AuditEntry
from intelgraph_server.database.rows import tenant_name
from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError, forbidden
from .ids import random_id

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.auth import Principal
    from intelgraph_server.services import Services


T = TypeVar("T")

BATCH: Final = 500  # Keys of one statement; some databases allow about a thousand.


class Loaders:
    """Reading in batches: what hangs on many objects of one answer is read by one statement.

    graphql-core resolves depth first and without waiting, so a batch cannot gather keys over time.
    It need not: whoever loads a page knows its keys, tells them to `expect`, and the first object
    that is asked brings the answer of all the others along.
    """

    def __init__(self) -> None:
        self._expected: dict[str, dict[str, None]] = {}
        self._answers: dict[Hashable, dict[str, Any]] = {}

    def expect(self, kind: str, keys: Iterable[str]) -> None:
        self._expected.setdefault(kind, {}).update(dict.fromkeys(keys))

    def load(
        self,
        kind: str,
        question: Hashable,
        key: str,
        fetch: Callable[[Sequence[str]], Mapping[str, T]],
    ) -> T:
        """The answer for `key`; `fetch` is asked for it and its expected companions at once."""
        answers: dict[str, T] = self._answers.setdefault((kind, question), {})
        if key not in answers:
            expected = self._expected.get(kind, {})
            others = (other for other in expected if other not in answers and other != key)
            answers.update(fetch([key, *islice(others, BATCH - 1)]))
        return answers[key]


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
    # Names what comes into being; a request that is repeated under its key gets the same again.
    new_id: Callable[[], str] = random_id
    loaders: Loaders = field(default_factory=Loaders)

    @property
    def tenant_id(self) -> str:
        return self.authenticated().tenant_id

    @property
    def own(self) -> tuple[Connection, str]:
        """What every statement about the caller's rows begins with: `ROWS.one(*context.own)`."""
        return self.connection, self.tenant_id

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
        entry = AuditEntry(
            tenant_id=self.tenant_id,
            at=self.now,
            actor=self.authenticated().subject,
            action=action,
            subject=subject,
            reason=reason,
        )
        controls.record(self.connection, entry)

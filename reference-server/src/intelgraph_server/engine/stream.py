"""A subscription into replies: each event of the outbox runs the document anew.

Nothing is held between two looks: no transaction, no thread, no memory of what was sent but
one number. So several processes may serve the events of one, and a client that comes back
with the last id that it saw has missed nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intelgraph_server import outbox
from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError
from .schema import required_permission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from graphql import GraphQLSchema

    from intelgraph_server.auth import Principal
    from intelgraph_server.database.engine import Database

    from .errors import JsonObject


class Stream:
    """The events of one tenant for one field, behind an event id."""

    def __init__(
        self,
        database: Database,
        tenant_id: str,
        field: str,
        *,
        after: int | None,
        run: Callable[[Mapping[str, Any]], JsonObject],
    ) -> None:
        """Behind no id, the stream begins with what happens next."""
        self._database: Final = database
        self._tenant_id: Final = tenant_id
        self._field: Final = field
        self._run: Final = run
        if after is None:
            with database.reading() as connection:
                after = outbox.last_id(connection, tenant_id, field)
        self._after = after

    def replies(self) -> Iterator[tuple[int, JsonObject]]:
        """What has happened since the last look, each with the id to come back with."""
        with self._database.reading() as connection:
            events = outbox.events_after(connection, self._tenant_id, self._field, self._after)
        for event in events:
            yield event.id, self._run(event.payload)
            self._after = event.id


def refuse_subscription(field: str | None) -> None:
    """Raises DomainError where one reply is expected and a subscription came."""
    if field is not None:
        raise DomainError(
            ErrorCode.UNSUPPORTED_REQUEST,
            "A subscription is answered as `text/event-stream` alone; accept that.",
        )


def check_subscription(
    schema: GraphQLSchema, field: str | None, principal: Principal | None
) -> str:
    """The field that is waited for, which this principal may ask for; raises DomainError.

    The guard of the field itself speaks only when an event comes, which may be never.
    """
    root = schema.subscription_type
    if field is None or root is None:
        raise DomainError(
            ErrorCode.UNSUPPORTED_REQUEST, "Only a subscription is answered as `text/event-stream`."
        )
    permission = required_permission(root.fields[field])
    if permission and (principal is None or permission not in principal.permissions):
        raise DomainError(
            ErrorCode.FORBIDDEN,
            f"The token does not grant `{permission}`, which `Subscription.{field}` asks for.",
        )
    return field

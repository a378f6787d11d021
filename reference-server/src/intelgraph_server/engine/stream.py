"""A subscription into replies: each event of the outbox runs the document anew.

Nothing is held between two looks: no transaction, no thread, no memory of what was sent but
one number. So several processes may serve the events of one, and a client that comes back
with the last id that it saw has missed nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intelgraph_server.outbox import store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

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
        self._database: Final = database
        self._tenant_id: Final = tenant_id
        self._field: Final = field
        self._run: Final = run
        if after is None:
            # Behind no id, the stream begins with what happens next.
            with database.reading() as connection:
                after = store.last_id(connection, tenant_id, field)
        self._after = after

    def replies(self) -> Iterator[tuple[int, JsonObject]]:
        """What has happened since the last look, each with the id to come back with."""
        with self._database.reading() as connection:
            events = store.events_after(connection, self._tenant_id, self._field, self._after)
        for event in events:
            yield event.id, self._run(event.payload)
            self._after = event.id

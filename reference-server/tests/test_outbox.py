"""Events in the order in which they came to be, for the tenant and the field they are of."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from intelgraph_server import outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
FIELD = "anomalyAlerts"


@pytest.fixture
def database(filled: Database) -> Database:
    """A database with the tenants that events are of."""
    return filled


def publish(connection: Connection, number: int, tenant: str = "acme", field: str = FIELD) -> None:
    outbox.publish(connection, tenant, field, {"number": number}, NOW)


def numbers(connection: Connection, after: int = 0, most: int = 100) -> list[int]:
    events = outbox.events_after(connection, "acme", FIELD, after, most)
    return [event.payload["number"] for event in events]


def test_events_are_told_in_the_order_of_their_publication(database: Database) -> None:
    with database.writing() as connection:
        for number in range(5):
            publish(connection, number)

        assert numbers(connection) == [0, 1, 2, 3, 4]
        assert numbers(connection, most=2) == [0, 1]


def test_who_has_seen_an_event_is_told_those_that_follow(database: Database) -> None:
    with database.writing() as connection:
        publish(connection, 0)
        seen = outbox.last_id(connection, "acme", FIELD)
        publish(connection, 1)

        assert numbers(connection, after=seen) == [1]


def test_events_of_other_tenants_and_fields_are_not_told(database: Database) -> None:
    with database.writing() as connection:
        publish(connection, 0)
        own = outbox.last_id(connection, "acme", FIELD)
        publish(connection, 1, tenant="globex")
        publish(connection, 2, field="other")

        assert numbers(connection) == [0]
        assert outbox.last_id(connection, "acme", FIELD) == own


def test_where_nothing_was_told_the_last_id_is_zero(database: Database) -> None:
    with database.reading() as connection:
        assert outbox.last_id(connection, "acme", FIELD) == 0


def test_an_event_is_not_told_of_a_change_that_was_undone(database: Database) -> None:
    with database.writing() as connection:
        publish(connection, 0)
        connection.rollback()

    with database.reading() as connection:
        assert numbers(connection) == []


def test_no_event_is_committed_after_a_later_one_was_read(database: Database) -> None:
    def second() -> None:
        with database.writing() as connection:
            publish(connection, 2)

    later = Thread(target=second)
    with database.writing() as connection:
        publish(connection, 1)
        later.start()
        later.join(0.3)
        with database.reading() as reading:
            before = numbers(reading)
    later.join()

    with database.reading() as reading:
        assert (before, numbers(reading)) == ([], [1, 2])

"""Subscriptions: what an outbox holds, read by id and run anew for each event."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from intelgraph_server import outbox
from intelgraph_server.app import create_services
from intelgraph_server.auth import Principal
from intelgraph_server.database.tables import TENANTS
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.execute import Engine, Request
from intelgraph_server.engine.persisted import PersistedDocuments
from intelgraph_server.engine.schema import Domain, executable_schema
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from intelgraph_server.database.engine import Database
    from intelgraph_server.engine.execute import Stream

SDL = """
directive @auth(abac: String!) on FIELD_DEFINITION
type Query { tenant: String @auth(abac: "read") }
type Subscription {
  changed: Change! @auth(abac: "read")
  moved: Change! @auth(abac: "move")
}
type Change { number: Int! tenant: String! }
"""
RESOLVERS = SimpleNamespace(
    resolve_tenant=lambda _source, context: context.tenant_id,
    resolve_changed=lambda event, _context: event,
    resolve_moved=lambda event, _context: event,
    resolve_change_number=lambda event, _context: event["number"],
    resolve_change_tenant=lambda _event, context: context.tenant_id,
)
DOMAIN = Domain("tests", (RESOLVERS,))


@pytest.fixture
def engine(database: Database, tmp_path: Path) -> Engine:
    settings = Settings(
        database_url="sqlite:///unused.db", signing_key="k" * 32, identity=tmp_path / "issuer.pem"
    )
    with database.writing() as connection:
        for tenant in ("acme", "globex"):
            connection.execute(insert(TENANTS).values(id=tenant, name=tenant))
    return Engine(
        executable_schema(SDL, [DOMAIN]),
        PersistedDocuments({}, allow_list=False),
        database,
        clock=lambda: DEFAULT_CLOCK,
        services=create_services(settings, lambda: DEFAULT_CLOCK),
    )


def subscribe(
    engine: Engine, query: str = "subscription{changed{number tenant}}", **more: Any
) -> Stream:
    principal = more.get("principal", Principal("ada", "acme", frozenset({"read"})))
    return engine.stream(Request(query, principal=principal), more.get("after"))


def happen(database: Database, number: int, tenant: str = "acme", field: str = "changed") -> None:
    with database.writing() as connection:
        outbox.publish(connection, tenant, field, {"number": number}, DEFAULT_CLOCK)


def numbers(replies: list[tuple[int, Mapping[str, Any]]]) -> list[int]:
    return [body["data"]["changed"]["number"] for _, body in replies]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("subscription { changed { number } }", True),
        ("{ tenant }", False),
        ("{ nothing }", False),
        ("{", False),
    ],
)
def test_a_subscription_is_told_from_what_is_none(
    engine: Engine, query: str, *, answer: bool
) -> None:
    assert engine.subscribes(Request(query=query)) is answer


def test_a_stream_begins_with_what_happens_next_and_tells_each_event_once(
    engine: Engine, database: Database
) -> None:
    happen(database, 1)
    stream = subscribe(engine)

    before = list(stream.replies())
    happen(database, 2)
    happen(database, 3)

    assert before == []
    assert numbers(list(stream.replies())) == [2, 3]
    assert list(stream.replies()) == []


def test_who_comes_back_with_the_last_id_has_missed_nothing(
    engine: Engine, database: Database
) -> None:
    stream = subscribe(engine)
    for number in (1, 2, 3):
        happen(database, number)
    first_id, _ = next(iter(stream.replies()))

    again = subscribe(engine, after=first_id)

    assert numbers(list(again.replies())) == [2, 3]


def test_an_event_that_was_not_handed_on_is_told_again(engine: Engine, database: Database) -> None:
    stream = subscribe(engine)
    happen(database, 1)
    next(iter(stream.replies()))

    assert numbers(list(stream.replies())) == [1]


def test_events_of_another_tenant_and_of_another_field_are_not_told(
    engine: Engine, database: Database
) -> None:
    stream = subscribe(engine)

    happen(database, 1, tenant="globex")
    happen(database, 2, field="moved")
    happen(database, 3)

    assert [body for _, body in stream.replies()] == [
        {"data": {"changed": {"number": 3, "tenant": "acme"}}}
    ]


@pytest.mark.parametrize(
    ("query", "principal", "code"),
    [
        ("subscription{changed{number}}", None, ErrorCode.UNAUTHENTICATED),
        ("subscription{moved{number}}", "ada", ErrorCode.FORBIDDEN),
        ("{tenant}", "ada", ErrorCode.UNSUPPORTED_REQUEST),
        ("subscription{changed{number} moved{number}}", "ada", ErrorCode.INVALID_DOCUMENT),
    ],
)
def test_what_may_not_be_waited_for_is_refused_at_once(
    engine: Engine, query: str, principal: str | None, code: ErrorCode
) -> None:
    asking = Principal(principal, "acme", frozenset({"read"})) if principal else None

    with pytest.raises(DomainError) as caught:
        subscribe(engine, query, principal=asking)

    assert caught.value.code is code


def test_a_subscription_that_expects_one_reply_is_told_how_to_ask(engine: Engine) -> None:
    principal = Principal("ada", "acme", frozenset({"read"}))

    reply = engine.reply(Request("subscription{changed{number}}", principal=principal))

    assert reply.code is ErrorCode.UNSUPPORTED_REQUEST
    assert "text/event-stream" in reply.body["errors"][0]["message"]

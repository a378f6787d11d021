from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from intelgraph_server.app import create_services
from intelgraph_server.auth import Principal
from intelgraph_server.database.engine import Database
from intelgraph_server.database.tables import TENANTS
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.execute import Engine, Reply, Request
from intelgraph_server.engine.persisted import PersistedDocuments, document_id_of
from intelgraph_server.engine.schema import Domain, executable_schema
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from intelgraph_server.auth import Clock
    from intelgraph_server.engine.context import Context
    from intelgraph_server.services import Services

SDL = """
directive @auth(abac: String!) on FIELD_DEFINITION
enum Shade { DARK }
type Query {
  count: Int! @auth(abac: "read")
  boom: Int @auth(abac: "read")
  shade: Shade @auth(abac: "read")
  away: Int @auth(abac: "read")
  page(first: Int! = 20): Int @auth(abac: "read")
  inner: Inner! @auth(abac: "read")
}
type Inner { secret: String @auth(abac: "other") }
type Mutation { add(id: ID!): Int @auth(abac: "write") }
"""
SECRET = "postgresql://app:hunter2@db/intelgraph"


class Inner:
    secret = SECRET


def resolve_count(_source: None, context: Context) -> int:
    return context.connection.execute(select(func.count()).select_from(TENANTS)).scalar_one()


def resolve_boom(_source: None, _context: Context) -> int:
    raise RuntimeError(SECRET)


def resolve_shade(_source: None, _context: Context) -> str:
    return SECRET


def resolve_away(_source: None, _context: Context) -> int:
    raise OperationalError(SECRET, {}, Exception(SECRET))


def resolve_page(_source: None, _context: Context, first: int) -> int:
    return first


def resolve_inner(_source: None, _context: Context) -> Inner:
    return Inner()


def resolve_add(_source: None, context: Context, id_: str) -> int:
    context.connection.execute(insert(TENANTS).values(id=id_, name=id_))
    if id_ == "bad":
        raise DomainError(ErrorCode.BAD_USER_INPUT, "A bad tenant.")
    return 1


DOMAIN = Domain("tests", (sys.modules[__name__],))


@pytest.fixture
def services(tmp_path: Path) -> Services:
    settings = Settings(
        database_url="sqlite:///unused.db", signing_key="k" * 32, identity=tmp_path / "issuer.pem"
    )
    return create_services(settings, lambda: DEFAULT_CLOCK)


def engine_of(
    database: Database, services: Services, clock: Clock = lambda: DEFAULT_CLOCK
) -> Engine:
    documents = PersistedDocuments({}, allow_list=False)
    schema = executable_schema(SDL, [DOMAIN])
    return Engine(schema, documents, database, clock=clock, services=services)


@pytest.fixture
def engine(database: Database, services: Services) -> Engine:
    return engine_of(database, services)


def run(engine: Engine, query: str, **parameters: Any) -> Reply:
    principal = Principal("ada", "acme", frozenset({"read", "write"}))
    return engine.reply(Request(query, principal=principal, request_id="r1", **parameters))


def test_an_unforeseen_error_says_nothing_and_is_logged_under_the_request_id(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)

    reply = run(engine, "{boom count}")

    assert reply.code is None
    assert reply.body == {
        "data": {"boom": None, "count": 0},
        "errors": [
            {
                "message": "The server failed; its log has the cause under the request id.",
                "locations": [{"line": 1, "column": 2}],
                "path": ["boom"],
                "extensions": {"code": "INTERNAL"},
            }
        ],
    }
    assert [getattr(record, "requestId", None) for record in caplog.records] == ["r1"]
    assert SECRET in str(caplog.records[0].exc_info)


@pytest.mark.parametrize(("field", "code"), [("shade", "INTERNAL"), ("away", "UNAVAILABLE")])
def test_what_the_inside_says_never_leaves(engine: Engine, field: str, code: str) -> None:
    reply = run(engine, f"{{{field}}}")

    assert reply.body["errors"][0]["extensions"] == {"code": code}
    assert SECRET not in str(reply.body)


def test_a_failure_outside_of_any_field_says_nothing_and_is_logged_under_the_request_id(
    database: Database, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError(SECRET)

    engine = engine_of(database, services, broken_clock)
    caplog.set_level(logging.ERROR)

    reply = run(engine, "{count}")

    assert reply.code is ErrorCode.INTERNAL
    assert reply.body["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert SECRET not in str(reply.body)
    assert [getattr(record, "requestId", None) for record in caplog.records] == ["r1"]
    assert SECRET in str(caplog.records[0].exc_info)


def test_a_document_that_does_not_fit_is_not_remembered_by_its_id(engine: Engine) -> None:
    wrong = "{nothingOfTheKind}"
    document_id = document_id_of(wrong)
    assert run(engine, wrong, document_id=document_id).code is ErrorCode.INVALID_DOCUMENT

    reply = engine.reply(Request(None, document_id=document_id))

    assert reply.code is ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND


def test_a_guard_below_the_roots_guards_too(engine: Engine) -> None:
    reply = run(engine, "{inner{secret}}")

    assert reply.body["data"] == {"inner": {"secret": None}}
    assert reply.body["errors"][0]["extensions"] == {"code": "FORBIDDEN"}


def test_an_explicit_null_for_a_variable_with_a_default_is_bad_input(engine: Engine) -> None:
    reply = run(engine, "query($n:Int=5){page(first:$n)}", variables={"n": None})

    assert reply.body["data"] == {"page": None}
    assert reply.body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


def test_a_mutation_is_committed(engine: Engine) -> None:
    assert run(engine, 'mutation{add(id:"good")}').body == {"data": {"add": 1}}
    assert run(engine, "{count}").body == {"data": {"count": 1}}


def test_a_mutation_that_fails_in_part_is_undone_as_a_whole(engine: Engine) -> None:
    reply = run(engine, 'mutation{a:add(id:"good") b:add(id:"bad")}')

    assert reply.body["data"] == {"a": 1, "b": None}
    assert run(engine, "{count}").body == {"data": {"count": 0}}


def test_a_mutation_is_not_taken_where_only_reading_is_allowed(engine: Engine) -> None:
    reply = run(engine, 'mutation{add(id:"good")}', is_read_only=True)

    assert reply.code is ErrorCode.UNSUPPORTED_REQUEST
    assert reply.body["errors"][0]["message"] == "A mutation must be sent by POST."
    assert run(engine, "{count}").body == {"data": {"count": 0}}


def test_a_database_that_is_away_is_unavailable(services: Services) -> None:
    engine = engine_of(Database("postgresql://nobody@127.0.0.1:1/nothing"), services)

    reply = run(engine, "{count}")

    assert reply.code is ErrorCode.UNAVAILABLE
    assert reply.body["errors"][0]["message"] == (
        "The database or the audit lake is away or busy; the request did nothing."
    )

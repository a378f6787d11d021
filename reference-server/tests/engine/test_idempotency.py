"""Mutations with a key: one effect, whoever repeats them, when, and however many at once."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import timedelta
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, insert, select

from intelgraph_server.app import DOMAINS
from intelgraph_server.auth import Principal
from intelgraph_server.database.tables import KEPT_ANSWERS, TENANTS
from intelgraph_server.engine.execute import Engine, Reply, Request
from intelgraph_server.engine.persisted import PersistedDocuments
from intelgraph_server.engine.schema import Domain, executable_schema, jobs_of
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.jobs import Worker
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Table

    from intelgraph_server.database.engine import Database
    from intelgraph_server.engine.context import Context
    from intelgraph_server.services import Services

SDL = """
directive @auth(abac: String!) on FIELD_DEFINITION
type Query { nothing: Int @auth(abac: "read") }
type Mutation {
  add(name: String!): String @auth(abac: "write")
  wait: String @auth(abac: "write")
}
"""
ADA = Principal("ada", "acme", frozenset({"write"}))
ADD = 'mutation{add(name:"one")}'
PATIENCE = 120  # Seconds, for a machine that is busy with other tests.


def resolve_nothing(_source: None, _context: Context) -> int:
    return 0


def resolve_add(_source: None, context: Context, name: str) -> str:
    id_ = context.new_id()
    context.connection.execute(insert(TENANTS).values(id=id_, name=name))
    if name == "bad":
        raise RuntimeError(name)
    return id_


DOMAIN = Domain("tests", (sys.modules[__name__],))


def engine_of(database: Database, services: Services, **more: Callable[..., Any]) -> Engine:
    """An engine that takes `wait` from the test, and the clock."""
    module = type("Module", (), {"resolve_wait": staticmethod(more.get("wait", resolve_nothing))})
    schema = executable_schema(SDL, [DOMAIN, Domain("more", (module,))])
    clock = more.get("clock", lambda: DEFAULT_CLOCK)
    documents = PersistedDocuments({}, allow_list=False)
    return Engine(schema, documents, database, clock=clock, services=services)


@pytest.fixture
def engine(database: Database, services: Services) -> Engine:
    return engine_of(database, services)


def run(engine: Engine, query: str, *keys: str, who: Principal = ADA) -> Reply:
    return engine.reply(Request(query, principal=who, idempotency_keys=keys))


def count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_effect_is_one_and_the_answer_the_same(engine: Engine) -> None:
    first = run(engine, ADD, "k")
    again = run(engine, ADD, "k")

    assert again == replace(first, is_replayed=True)
    assert count(engine.database, TENANTS) == 1


def test_the_keys_of_two_subjects_of_a_tenant_are_two(engine: Engine) -> None:
    run(engine, ADD, "k")

    assert not run(engine, ADD, "k", who=replace(ADA, subject="bob")).is_replayed
    assert count(engine.database, TENANTS) == 2


def test_a_header_that_comes_twice_is_refused(engine: Engine) -> None:
    reply = run(engine, ADD, "k", "k")

    assert reply.code is ErrorCode.BAD_REQUEST
    assert reply.body["errors"][0]["message"] == (
        "The header `Idempotency-Key` came 2 times; send one of 1 to 255 printable ASCII"
        " characters, or none."
    )
    assert count(engine.database, TENANTS) == 0


def test_what_failed_is_undone_with_its_key(engine: Engine) -> None:
    run(engine, 'mutation{add(name:"bad")}', "k")

    assert count(engine.database, KEPT_ANSWERS) == count(engine.database, TENANTS) == 0
    assert run(engine, ADD, "k").body["data"]["add"]


def test_what_cannot_be_kept_has_not_happened(engine: Engine) -> None:
    def away(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO kept_answers"):
            raise ConnectionError

    event.listen(engine.database.engine, "before_cursor_execute", away)
    reply = run(engine, ADD, "k")
    event.remove(engine.database.engine, "before_cursor_execute", away)

    assert reply.code is ErrorCode.UNAVAILABLE
    assert count(engine.database, TENANTS) == 0
    assert not run(engine, ADD, "k").is_replayed


def test_a_repetition_draws_the_same_ids_and_another_request_does_not(engine: Engine) -> None:
    two = 'mutation{a:add(name:"one") b:add(name:"%s")}'
    bad, drawn = two % "bad", list[str]()
    for query, key in [(bad, "k"), (bad, "k"), (bad, "l"), (two % "two", "k")]:
        drawn.append(run(engine, query, key).body["data"]["a"])

    first, again, other_key, other_request = drawn
    assert first == again
    assert len({first, other_key, other_request}) == 3


def test_an_answer_is_kept_for_a_day_and_the_key_may_then_be_used_anew(
    database: Database, services: Services
) -> None:
    now = DEFAULT_CLOCK
    engine = engine_of(database, services, clock=lambda: now)
    run(engine, ADD, "k")

    now += timedelta(days=1)
    assert run(engine, ADD, "k").is_replayed
    now += timedelta(microseconds=1)
    anew = run(engine, 'mutation{add(name:"two")}', "k")
    assert (anew.code, anew.is_replayed) == (None, False)


def test_old_answers_are_deleted_once_a_day(engine: Engine, services: Services) -> None:
    run(engine, ADD, "k")
    now = DEFAULT_CLOCK + timedelta(days=2)
    jobs, daily = jobs_of(DOMAINS)
    kind = "platform.forget_answers"
    assert kind in daily

    Worker(engine.database, services, lambda: now, {kind: jobs[kind]}, [kind]).run_due()

    assert count(engine.database, KEPT_ANSWERS) == 0


@dataclass
class Held:
    """An engine whose first request runs until it is let go."""

    engine: Engine
    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    answers: SimpleQueue[Reply] = field(default_factory=SimpleQueue[Reply])
    threads: list[Thread] = field(default_factory=list[Thread])

    def ask(self) -> None:
        self.threads.append(Thread(target=lambda: self.answers.put(self.run())))
        self.threads[-1].start()

    def run(self) -> Reply:
        return run(self.engine, "mutation{wait}", "k")

    def answer(self) -> Reply:
        return self.answers.get(timeout=PATIENCE)

    def end(self) -> None:
        self.go_on.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def held(database: Database, services: Services) -> Iterator[Held]:
    def wait(source: None, context: Context) -> str:
        held.begun.set()
        held.go_on.wait(PATIENCE)
        return resolve_add(source, context, "one")

    held = Held(engine_of(database, services, wait=wait))
    held.ask()
    assert held.begun.wait(PATIENCE)
    yield held
    held.end()


def test_who_comes_while_the_first_runs_is_told_so_at_once(held: Held) -> None:
    if held.engine.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time: the second waits, see below")

    held.ask()

    assert held.answer().code is ErrorCode.IDEMPOTENCY_KEY_IN_USE
    held.end()
    assert held.run() == replace(held.answer(), is_replayed=True)
    assert count(held.engine.database, TENANTS) == 1


def test_who_waits_for_the_first_gets_its_answer(held: Held) -> None:
    if not held.engine.database.is_sqlite:
        pytest.skip("PostgreSQL lets nobody wait, see above")

    held.ask()
    held.end()

    assert sorted(reply.is_replayed for reply in (held.answer(), held.answer())) == [False, True]
    assert count(held.engine.database, TENANTS) == 1

"""Pages, evidence and decisions in the database, each of one tenant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from intelgraph_server.database.tables import TENANTS, TRUST_DECISIONS
from intelgraph_server.trust_portal import store
from intelgraph_server.trust_portal.model import Decision, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
YES = Decision(is_allowed=True, reasons=[], policy_sha256="a" * 64)
NO = Decision(is_allowed=False, reasons=["Because."], policy_sha256="a" * 64)
EVIDENCE = Evidence(
    id="pentest",
    topic="security",
    title="Penetration test",
    media_type="text/plain",
    contains_pii=False,
    sha256="b" * 64,
    signature="MEUC",
    published_at=NOW,
)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as connection:
        connection.execute(insert(TENANTS), [{"id": i, "name": i} for i in ("acme", "globex")])
        for tenant_id in ("acme", "globex"):
            store.own_page(connection, tenant_id, NOW)
        yield connection


def test_a_page_begins_turned_off_and_keeps_when_it_began(connection: Connection) -> None:
    again = store.own_page(connection, "acme", LATER)

    assert (again.is_public, again.enrolled_at) == (False, NOW)
    assert store.enrolled(connection) == ["acme", "globex"]


def test_a_page_is_turned_for_one_tenant_only(connection: Connection) -> None:
    store.PAGES.change(connection, "acme", {"is_public": True})

    pages = [store.PAGES.one(connection, slug) for slug in ("acme", "globex", "nobody")]
    assert [page and page.is_public for page in pages] == [True, False, None]


def test_evidence_is_read_by_its_own_tenant_only(connection: Connection) -> None:
    store.EVIDENCE.add(connection, "acme", EVIDENCE)

    assert store.EVIDENCE.all(connection, "acme") == [EVIDENCE]
    assert store.EVIDENCE.all(connection, "globex") == []


def test_evidence_of_a_tenant_that_takes_no_part_cannot_be_stored(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        store.EVIDENCE.add(connection, "acme", EVIDENCE)


def test_the_latest_decision_counts_and_belongs_to_one_tenant(connection: Connection) -> None:
    for decision, at in ((YES, NOW), (NO, LATER)):
        store.record_decision(connection, "acme", "pentest", decision, at)
    store.record_decision(connection, "globex", "pentest", YES, NOW)

    acme, globex = (store.decisions(connection, t)["pentest"] for t in ("acme", "globex"))
    assert (acme.is_allowed, acme.reasons, acme.decided_at) == (False, ["Because."], LATER)
    assert (globex.is_allowed, globex.decided_at) == (True, NOW)


def test_decisions_about_two_items_are_apart(connection: Connection) -> None:
    for item_id, decision in (("pentest", YES), ("ropa", NO), ("pentest", YES), ("soc2", NO)):
        store.record_decision(connection, "acme", item_id, decision, NOW)

    query = select(TRUST_DECISIONS.c.item_id, TRUST_DECISIONS.c.number).order_by("item_id")
    assert [tuple(row) for row in connection.execute(query)] == [
        ("pentest", 1),
        ("ropa", 1),
        ("soc2", 1),
    ]
    assert [d.is_allowed for d in store.decisions(connection, "acme").values()].count(True) == 1


def test_a_decision_that_changes_nothing_is_recorded_once(connection: Connection) -> None:
    first = store.record_decision(connection, "acme", "pentest", YES, NOW)
    again = store.record_decision(connection, "acme", "pentest", YES, LATER)

    assert (first, first.decided_at) == (again, NOW)
    count = select(func.count()).select_from(TRUST_DECISIONS)
    assert connection.execute(count).scalar_one() == 1

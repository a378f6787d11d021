from __future__ import annotations

import threading
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from intelgraph_server.database.rows import tenant_name
from intelgraph_server.database.tables import TENANTS
from intelgraph_server.generated.enums import DeliveryChannel as Channel
from intelgraph_server.residency_audit import store
from intelgraph_server.residency_audit.model import (
    ReportDelivery,
    ResidencyReport,
    ResidencySchedule,
    ResidencySummary,
)
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from intelgraph_server.database.engine import Database

SCHEDULE = ResidencySchedule(
    next_run_at=DEFAULT_CLOCK, locale="en", email=None, webhook_url="https://acme.example"
)
REPORT = ResidencyReport(
    id="2026-Q1-en",
    quarter="2026-Q1",
    locale="en",
    summary=ResidencySummary(
        no_exports=1, unknown=0, compliant=1, violations=2, compliant_share=1 / 3
    ),
    created_at=DEFAULT_CLOCK,
    uri="lake://acme/residency/2026-Q1-en.pdf",
)
DELIVERY = ReportDelivery(report_id=REPORT.id, channel=Channel.EMAIL, recipient="a@b.example")


@pytest.fixture
def database(database: Database) -> Database:
    """Two tenants, each with the same report and its delivery."""
    with database.writing() as connection:
        for tenant_id in ("acme", "globex"):
            connection.execute(insert(TENANTS).values(id=tenant_id, name=tenant_id.title()))
            store.REPORTS.add(connection, tenant_id, REPORT)
            store.DELIVERIES.add(connection, tenant_id, DELIVERY)
    return database


def test_each_schedule_in_place_of_another_has_a_revision_of_its_own(database: Database) -> None:
    with database.writing() as connection:
        first = store.replace_schedule(connection, "acme", SCHEDULE)
        second = store.replace_schedule(connection, "acme", replace(SCHEDULE, locale="es"))

        assert (first.revision, second.revision) == (1, 2)
        assert store.SCHEDULES.one(connection, "acme") == second
        assert store.SCHEDULES.one(connection, "globex") is None


def test_two_schedules_at_once_have_different_revisions(database: Database) -> None:
    revisions: list[int] = []

    def schedule() -> None:
        with database.writing() as connection:
            made = store.replace_schedule(connection, "acme", SCHEDULE)
            revisions.append(made.revision)

    threads = [threading.Thread(target=schedule) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(revisions) == list(range(1, 9))


def test_a_schedule_moves_on_from_its_own_revision_only(database: Database) -> None:
    with database.writing() as connection:
        old = store.replace_schedule(connection, "acme", SCHEDULE)
        theirs = store.replace_schedule(connection, "globex", SCHEDULE)
        new = store.replace_schedule(connection, "acme", SCHEDULE)
        after = replace(new, revision=3, next_run_at=DEFAULT_CLOCK + timedelta(days=1))

        advance = asdict(after)
        assert not store.SCHEDULES.change(connection, "acme", advance, revision=old.revision)
        assert store.SCHEDULES.one(connection, "acme") == new
        assert store.SCHEDULES.change(connection, "acme", advance, revision=new.revision)
        assert store.SCHEDULES.one(connection, "acme") == after
        assert store.SCHEDULES.one(connection, "globex") == theirs


def test_a_report_is_read_back_as_it_was_made(database: Database) -> None:
    with database.reading() as connection:
        assert store.REPORTS.one(connection, "acme", id=REPORT.id) == REPORT
        assert store.REPORTS.one(connection, "initech", id=REPORT.id) is None
        assert tenant_name(connection, "acme") == "Acme"


def test_a_sending_is_there_once(database: Database) -> None:
    with database.writing() as connection:
        store.DELIVERIES.add(connection, "acme", DELIVERY)

        assert store.DELIVERIES.by(connection, "acme", "report_id", [REPORT.id, "none"]) == {
            REPORT.id: [DELIVERY],
            "none": [],
        }


def test_attempts_are_counted_until_a_sending_is_confirmed(database: Database) -> None:
    with database.writing() as connection:
        first = store.begin_attempt(connection, "acme", DELIVERY)
        second = store.begin_attempt(connection, "acme", DELIVERY)
        confirmed = {"receipt": "250 ok", "delivered_at": DEFAULT_CLOCK}
        store.DELIVERIES.change(connection, "acme", confirmed, **DELIVERY.key)

        assert [d and d.attempts for d in (first, second)] == [1, 2]
        assert store.begin_attempt(connection, "acme", DELIVERY) is None
        (done,) = store.DELIVERIES.by(connection, "acme", "report_id", [REPORT.id])[REPORT.id]
        assert (done.receipt, done.delivered_at) == ("250 ok", DEFAULT_CLOCK)
        (theirs,) = store.DELIVERIES.by(connection, "globex", "report_id", [REPORT.id])[REPORT.id]
        assert theirs == DELIVERY


def test_only_the_sending_itself_is_confirmed(database: Database) -> None:
    other = replace(DELIVERY, channel=Channel.WEBHOOK, recipient="https://a.example")
    with database.writing() as connection:
        store.DELIVERIES.add(connection, "acme", other)
        confirmed = {"receipt": "200 dlv", "delivered_at": DEFAULT_CLOCK}
        store.DELIVERIES.change(connection, "acme", confirmed, **other.key)

        found = store.DELIVERIES.by(connection, "acme", "report_id", [REPORT.id])[REPORT.id]

    assert [(d.channel, d.receipt) for d in found] == [
        (Channel.EMAIL, None),
        (Channel.WEBHOOK, "200 dlv"),
    ]

"""That the attestation of a quarter is made once, of the right rows, and cannot be altered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pdfminer.high_level import extract_text
from sqlalchemy import event, func, select

from intelgraph_server import controls
from intelgraph_server.controls import Switch
from intelgraph_server.database.tables import LAKE_OBJECTS, RESIDENCY_REPORTS
from intelgraph_server.documents.identity import Identity
from intelgraph_server.documents.sign import verify_pdf
from intelgraph_server.generated.enums import SwitchName
from intelgraph_server.jobs import Job, Shift
from intelgraph_server.lake import Lake
from intelgraph_server.residency_audit import reports, store
from intelgraph_server.residency_audit.model import Dataset, DatasetExport

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import House

END = datetime(2026, 4, 1, tzinfo=UTC)
LONG = "x" * 59


class CrashingLake(Lake):
    """Takes what it is given, and then the power fails, so many times."""

    crashes = 1

    def put(self, content: bytes) -> str:
        digest = super().put(content)
        if self.crashes:
            self.crashes -= 1
            raise RuntimeError("the power failed")
        return digest


class InterruptedIdentity(Identity):
    """Signs, after something else has happened meanwhile, once."""

    def __init__(self, path: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(path)
        self._meanwhile = [meanwhile]

    def sign(self, content: bytes) -> bytes:
        while self._meanwhile:
            self._meanwhile.pop()()
        return super().sign(content)


def record(house: House, export_id: str, dest_region: str | None, **changes: object) -> None:
    """An export out of acme's `dat_drafts`, which is kept in `eu-north-1`."""
    values = {
        "export_id": export_id,
        "dataset_id": "dat_drafts",
        "dest_region": dest_region,
        "exported_at": END - timedelta(days=1),
        "recorded_at": END,
    }
    with house.server.database.writing() as connection:
        store.EXPORTS.add(connection, "acme", DatasetExport(**values | changes))  # type: ignore[arg-type]


def switch(house: House, *, is_on: bool) -> None:
    changed = Switch(
        name=SwitchName.RESIDENCY_SCHEDULER,
        is_on=is_on,
        changed_by="ops",
        changed_at=house.now,
        reason="a test",
    )
    with house.server.database.writing() as connection:
        controls.turn(connection, changed)


def count(house: House, table: object) -> int:
    with house.server.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    """What a reader sees, without the spaces of the layout."""
    return "".join(extract_text(BytesIO(pdf)).split())


def test_a_due_run_attests_the_quarter_that_ended_and_puts_in_the_next(house: House) -> None:
    house.schedule()

    assert house.work() == 1

    report = house.report()
    assert report
    assert (report.quarter, report.created_at) == ("2026-Q1", house.now)
    assert report.uri == "lake://acme/residency/2026-Q1-en.pdf"
    with house.server.database.reading() as connection:
        schedule = store.SCHEDULES.one(connection, "acme")
    assert schedule
    assert schedule.next_run_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert house.pending() == 1


def test_nothing_is_made_before_the_run_is_due(house: House) -> None:
    house.schedule(next_run_at=house.now + timedelta(days=1))

    assert house.work(hours=23) == 0
    assert house.report() is None
    assert house.work(hours=1) == 1
    assert house.report() is not None


def test_the_next_run_attests_the_next_quarter(house: House) -> None:
    house.schedule()

    house.work()
    house.work(days=77)

    assert house.report("2026-Q2-en")
    assert house.pending() == 1


def test_an_outage_over_quarters_leaves_none_of_them_out(house: House) -> None:
    house.schedule(next_run_at=END)

    house.work(days=160)

    assert [bool(house.report(f"2026-Q{quarter}-en")) for quarter in (1, 2, 3)] == [
        True,
        True,
        False,
    ]
    assert house.pending() == 1


def test_a_report_states_the_audit_at_the_end_of_its_quarter(house: House) -> None:
    record(house, "exp_last_instant", "us", exported_at=END - timedelta(microseconds=1))
    record(house, "exp_next_quarter", "us", exported_at=END)
    house.schedule()

    house.work()

    report, pdf = house.report(), text_of(house.pdf())
    assert report
    assert report.summary.violations == 3
    assert "exp_last_instant" in pdf
    assert "exp_next_quarter" not in pdf


@pytest.mark.parametrize(
    ("dest_region", "verdict"),
    [("eu", "compliant"), ("us", "violated"), (None, "unknown"), ("moon", "unknown")],
)
def test_only_an_export_known_to_have_stayed_is_compliant(
    house: House, dest_region: str | None, verdict: str
) -> None:
    with house.server.database.writing() as connection:
        dataset = Dataset(dataset_id="a", region="eu-west-1", recorded_at=house.now)
        export = DatasetExport(
            export_id="e",
            dataset_id="a",
            dest_region=dest_region,
            exported_at=END - timedelta(days=1),
            recorded_at=END,
        )
        store.DATASETS.add(connection, "initech", dataset)
        store.EXPORTS.add(connection, "initech", export)
    house.schedule("initech")

    house.work()

    report = house.report(tenant_id="initech")
    assert report
    assert report.is_compliant is (verdict == "compliant")
    assert report.summary.verdict == verdict


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "Noexports.Nothingwasexported"), ("es", "Sinexportaciones.")]
)
def test_where_nothing_was_exported_the_report_says_so(
    house: House, locale: str, said: str
) -> None:
    house.schedule("initech", locale=locale)

    house.work()

    report = house.report(f"2026-Q1-{locale}", "initech")
    assert report
    assert report.is_compliant
    assert report.summary.compliant_share is None
    assert said in text_of(house.pdf(f"2026-Q1-{locale}", "initech"))


@pytest.mark.parametrize("locale", ["en", "es"])
def test_the_document_lists_everything_that_is_not_compliant_and_verifies_offline(
    house: House, locale: str
) -> None:
    record(house, f"exp_{LONG}1", "us")
    record(house, f"exp_{LONG}2", None)
    record(house, f"exp_{LONG}3", "moon-1")
    house.schedule(locale=locale)

    house.work()

    pdf = house.pdf(f"2026-Q1-{locale}")
    seen = text_of(pdf)
    violations = ("exp_0002", "exp_0004", f"exp_{LONG}1")
    assert [export_id for export_id in violations if export_id not in seen] == []
    assert [n for n in (2, 3) if f"exp_{LONG}{n}" not in seen] == []
    assert {"en": "noknownjurisdiction", "es": "sinjurisdicciónconocida"}[locale] in seen
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == locale
    root = house.services.identity.root_pem
    assert verify_pdf(pdf, root).is_valid
    assert not verify_pdf(pdf.replace(b"/Lang", b"/Lung", 1), root).is_valid


def test_the_document_of_a_tenant_holds_nothing_of_another(house: House) -> None:
    house.schedule()
    house.schedule("globex")

    house.work()

    assert "dat_ledger" in text_of(house.pdf(tenant_id="globex"))
    assert "dat_archive" not in text_of(house.pdf(tenant_id="globex"))
    assert "dat_ledger" not in text_of(house.pdf())


def test_a_crash_after_the_bytes_are_away_ends_with_one_report(house: House) -> None:
    lake = CrashingLake(house.services.settings.lake_url)
    house.services = replace(house.services, lake=lake)
    house.schedule(email="admin@acme.example")

    house.work()
    assert house.report() is None
    house.work(minutes=1)

    assert lake.crashes == 0
    assert house.report()
    assert verify_pdf(house.pdf(), house.services.identity.root_pem).is_valid
    assert (count(house, RESIDENCY_REPORTS), count(house, LAKE_OBJECTS)) == (1, 1)
    assert (house.pending(), house.pending(reports.DELIVERY)) == (1, 1)


def test_a_crash_at_the_end_of_the_transaction_leaves_nothing_of_it(house: House) -> None:
    house.schedule(email="admin@acme.example")
    job = Job(
        id=1, kind=reports.RUN, tenant_id="acme", payload={"revision": 1}, run_at=END, tries=1
    )
    shift = Shift(house.server.database, house.services, house.now)

    def crash(_connection: object) -> None:
        raise RuntimeError("the power failed")

    # Reading transactions are committed too, so the second commit is that of the report.
    commits: list[Exception] = []

    def crash_at_the_second(connection: object) -> None:
        commits.append(RuntimeError())
        if len(commits) == 2:
            crash(connection)

    event.listen(house.server.database.engine, "commit", crash_at_the_second)
    with pytest.raises(RuntimeError, match="the power failed"):
        reports.run(job, shift)
    event.remove(house.server.database.engine, "commit", crash_at_the_second)
    assert (house.report(), count(house, LAKE_OBJECTS), house.pending()) == (None, 0, 1)
    house.work()

    assert (count(house, RESIDENCY_REPORTS), count(house, LAKE_OBJECTS)) == (1, 1)
    assert (house.pending(), house.pending(reports.DELIVERY)) == (1, 1)


def test_a_job_that_is_run_again_after_its_end_does_nothing(house: House) -> None:
    house.schedule()
    house.work()
    before, pdf = house.report(), house.pdf()
    job = Job(
        id=1, kind=reports.RUN, tenant_id="acme", payload={"revision": 1}, run_at=END, tries=2
    )

    reports.run(job, Shift(house.server.database, house.services, house.now + timedelta(days=90)))

    assert (house.report(), house.pdf()) == (before, pdf)
    assert house.report("2026-Q2-en") is None
    assert house.pending() == 1


def test_a_replaced_schedule_leaves_one_chain(house: House) -> None:
    house.schedule(next_run_at=house.now + timedelta(days=1))
    house.schedule(next_run_at=house.now + timedelta(days=2))
    house.schedule(next_run_at=house.now + timedelta(days=1), locale="es")

    house.work(days=3)

    assert house.report("2026-Q1-es")
    assert house.report("2026-Q1-en") is None
    assert house.pending() == 1


def test_a_schedule_that_is_replaced_while_its_report_is_made_gets_none_of_it(
    house: House,
) -> None:
    later = house.now + timedelta(days=1)
    identity = InterruptedIdentity(
        house.services.settings.identity, lambda: house.schedule(next_run_at=later, locale="es")
    )
    house.services = replace(house.services, identity=identity)
    house.schedule(email="admin@acme.example")

    house.work()

    assert house.report() is None
    with house.server.database.reading() as connection:
        schedule = store.SCHEDULES.one(connection, "acme")
    assert schedule
    assert (schedule.revision, schedule.locale, schedule.next_run_at) == (2, "es", later)
    assert (house.pending(), house.pending(reports.DELIVERY)) == (1, 0)


def test_a_report_is_made_once_for_a_quarter_and_a_language(house: House) -> None:
    house.schedule()
    house.work()
    before, pdf = house.report(), house.pdf()
    record(house, "exp_told_late", "us")

    house.schedule()
    house.schedule(locale="es")
    house.work(days=1)

    assert (house.report(), house.pdf()) == (before, pdf)
    assert "exp_told_late" in text_of(house.pdf("2026-Q1-es"))


def test_a_recipient_that_is_added_later_gets_the_report_too(house: House) -> None:
    house.schedule()
    house.work()

    house.schedule(email="admin@acme.example")
    house.work(days=1)

    assert [d.recipient for d in house.deliveries()] == ["admin@acme.example"]
    assert house.pending(reports.DELIVERY) == 1


def test_the_switch_holds_runs_back_and_lets_them_go_again(house: House) -> None:
    house.schedule()
    switch(house, is_on=False)

    house.work()
    house.work(days=80)
    assert house.report() is None
    assert house.pending() == 1
    switch(house, is_on=True)
    house.work(minutes=1)

    assert house.report()
    assert house.report("2026-Q2-en")


def test_the_share_of_each_tenant_is_measured(house: House) -> None:
    house.schedule()

    house.work()

    measured = house.services.metrics.text().decode()
    assert 'intelgraph_residency_compliance_ratio{tenant="acme"} 0.333' in measured
    assert 'intelgraph_residency_compliance_ratio{tenant="globex"} 0.0' in measured
    assert 'tenant="initech"' not in measured

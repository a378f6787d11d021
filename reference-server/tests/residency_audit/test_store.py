from __future__ import annotations

import threading
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from intelgraph_server.database.keyset import Page
from intelgraph_server.database.tables import DATASETS, EXPORTS, RESIDENCY_OF_TENANTS, TENANTS
from intelgraph_server.generated.enums import ResidencyStatus as Status
from intelgraph_server.residency_audit import rules, store
from intelgraph_server.residency_audit.model import Dataset
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database
    from intelgraph_server.residency_audit.model import ResidencyAuditRow

REGIONS = ("eu", "eu-west-1", "us", "moon-1")


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """Two tenants whose datasets and exports have the same ids, in other regions."""
    with database.writing() as connection:
        for tenant_id, region in (("acme", "eu"), ("globex", "us")):
            connection.execute(insert(TENANTS).values(id=tenant_id, name=tenant_id))
            for dataset_id in ("exported", "kept"):
                connection.execute(insert(DATASETS).values(dataset(tenant_id, dataset_id, region)))
            connection.execute(insert(EXPORTS).values(export(tenant_id, "exported", "exp_1", "eu")))
        yield connection


def dataset(tenant_id: str, dataset_id: str, region: str) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "dataset_id": dataset_id,
        "region": region,
        "recorded_at": DEFAULT_CLOCK,
    }


def export(
    tenant_id: str, dataset_id: str, export_id: str, dest_region: str | None
) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "export_id": export_id,
        "dataset_id": dataset_id,
        "dest_region": dest_region,
        "exported_at": DEFAULT_CLOCK,
        "recorded_at": DEFAULT_CLOCK,
    }


def test_the_view_has_exactly_the_columns_that_are_specified(connection: Connection) -> None:
    result = connection.execute(text("SELECT * FROM residency_audit"))

    assert list(result.keys()) == [
        "dataset_id",
        "region",
        "export_id",
        "dest_region",
        "when",
        "compliant",
    ]


def test_the_view_joins_as_it_is_specified(connection: Connection) -> None:
    connection.execute(insert(EXPORTS).values(export("acme", "exported", "exp_2", None)))
    query = text(
        'SELECT region, dataset_id, export_id, dest_region, "when" IS NULL, compliant'
        " FROM residency_audit ORDER BY region, dataset_id, export_id"
    )

    rows = [tuple(row) for row in connection.execute(query)]

    assert rows == [
        ("eu", "exported", "exp_1", "eu", False, True),
        ("eu", "exported", "exp_2", None, False, None),
        ("eu", "kept", None, None, True, None),
        ("us", "exported", "exp_1", "eu", False, False),
        ("us", "kept", None, None, True, None),
    ]


def test_the_view_of_tenants_gives_instants_and_booleans(connection: Connection) -> None:
    query = select(RESIDENCY_OF_TENANTS).order_by("tenant_id", "dataset_id")
    first = connection.execute(query).mappings().first()

    assert first is not None
    assert (first["tenant_id"], first["when"]) == ("acme", DEFAULT_CLOCK)
    assert first["compliant"] is True


@pytest.mark.parametrize(("tenant_id", "dataset_id"), [("acme", "gone"), ("initech", "exported")])
def test_an_export_without_its_dataset_cannot_be_stored(
    connection: Connection, tenant_id: str, dataset_id: str
) -> None:
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(insert(EXPORTS).values(export(tenant_id, dataset_id, "exp_9", "eu")))


@pytest.mark.parametrize(("tenant_id", "region"), [("acme", "eu"), ("globex", "us")])
def test_every_answer_is_of_one_tenant(connection: Connection, tenant_id: str, region: str) -> None:
    datasets = store.DATASETS.page(connection, tenant_id, Page(10))
    rows = store.AUDIT.page(connection, tenant_id, Page(10))
    found = store.DATASETS.one(connection, tenant_id, dataset_id="kept")

    assert [each.region for each in datasets.items] == [region] * datasets.count() == [region] * 2
    assert [each.region for each in rows.items] == [region] * rows.count() == [region] * 2
    assert found is not None
    assert found.region == region
    assert store.counts_by_status(connection, tenant_id).total() == 2


def judged(connection: Connection, ends: list[tuple[str, str | None]]) -> list[ResidencyAuditRow]:
    """What the audit of a tenant of its own says of exports from one region to another."""
    connection.execute(insert(TENANTS).values(id="initech", name="Initech"))
    for number, (home, there) in enumerate(ends):
        dataset_id, export_id = f"d{number:04}", f"e{number:04}"
        connection.execute(insert(DATASETS).values(dataset("initech", dataset_id, home)))
        values = export("initech", dataset_id, export_id, there)
        connection.execute(insert(EXPORTS).values(values))
    rows = store.AUDIT.page(connection, "initech", Page(len(ends))).items
    assert [(row.region, row.dest_region) for row in rows] == ends
    return list(rows)


def test_an_export_is_judged_by_the_jurisdictions_of_both_ends(connection: Connection) -> None:
    expected = {
        ("eu-west-1", "eu-west-1"): "COMPLIANT",
        ("eu-west-1", "eu-central-1"): "COMPLIANT",
        ("eu", "eu-west-1"): "COMPLIANT",
        ("us-east-1", "us"): "COMPLIANT",
        ("eu-west-1", "us-east-1"): "VIOLATION",
        ("eu", "eu-west-2"): "VIOLATION",
        ("eu", "eu-central-2"): "VIOLATION",
        ("eu", None): "UNKNOWN",
        ("eu", "moon-1"): "UNKNOWN",
        ("moon-1", "eu"): "UNKNOWN",
        ("moon-1", "moon-1"): "UNKNOWN",
        ("moon-1", None): "UNKNOWN",
    }

    rows = judged(connection, list(expected))

    assert {(row.region, row.dest_region): row.status for row in rows} == expected
    assert {row.jurisdiction for row in rows if row.region == "moon-1"} == {None}
    assert (rows[4].jurisdiction, rows[4].dest_jurisdiction) == ("EU", "US")


def test_only_two_known_regions_can_be_compliant(connection: Connection) -> None:
    known = sorted(rules.JURISDICTIONS)
    alike = [(region, region) for region in known]
    there = [(region, f"{region}-x") for region in known]
    home = [(f"{region}-x", region) for region in known]

    found = [row.status for row in judged(connection, [*alike, *there, *home])]

    assert found == ["COMPLIANT"] * len(known) + ["UNKNOWN"] * 2 * len(known)


@pytest.mark.parametrize("region", ["eu", "moon-1"])
def test_a_dataset_without_exports_is_not_judged(connection: Connection, region: str) -> None:
    connection.execute(insert(DATASETS).values(dataset("acme", "never", region)))

    rows = store.AUDIT.page(connection, "acme", Page(10)).items

    assert rows[-1].dataset_id == "never"
    assert (rows[-1].status, rows[-1].export_id) == ("NO_EXPORTS", None)


def test_what_is_counted_and_filtered_is_what_is_judged(connection: Connection) -> None:
    for number, (home, there) in enumerate(product(REGIONS, (*REGIONS, None))):
        connection.execute(insert(DATASETS).values(dataset("acme", f"d{number}", home)))
        connection.execute(
            insert(EXPORTS).values(export("acme", f"d{number}", f"e{number}", there))
        )

    counted = store.counts_by_status(connection, "acme")
    filtered = {s: store.AUDIT.page(connection, "acme", Page(50), status=s) for s in Status}

    assert {each.status for s in Status for each in filtered[s].items} == set(Status)
    for status in Status:
        assert {each.status for each in filtered[status].items} == {status}
        assert len(filtered[status].items) == filtered[status].count() == counted[status]
    assert counted.total() == store.AUDIT.page(connection, "acme", Page(50)).count()


def test_pages_of_the_audit_are_the_whole_audit(connection: Connection) -> None:
    connection.execute(insert(EXPORTS).values(export("acme", "exported", "exp_2", None)))
    whole = store.AUDIT.page(connection, "acme", Page(10)).items
    paged: list[Any] = []
    after = None

    while part := store.AUDIT.page(connection, "acme", Page(1, after)).items[:1]:
        paged += part
        after = (part[0].dataset_id, part[0].export_id or "")

    assert paged == list(whole)
    assert [each.export_id for each in whole] == ["exp_1", "exp_2", None]


def test_of_two_that_record_the_same_id_at_once_both_see_the_first(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(TENANTS).values(id="acme", name="Acme"))
    seen: list[Dataset] = []
    is_ready = threading.Barrier(4)

    def record(number: int) -> None:
        mine = Dataset(dataset_id="d", region=f"r{number}", recorded_at=DEFAULT_CLOCK)
        is_ready.wait()
        with database.writing() as connection:
            seen.append(store.DATASETS.add(connection, "acme", mine))

    threads = [threading.Thread(target=record, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 4
    assert len({each.region for each in seen}) == 1


def test_a_snapshot_ends_before_its_instant(connection: Connection) -> None:
    tick = timedelta(microseconds=1)
    for export_id, exported_at in (
        ("exp_before", DEFAULT_CLOCK - tick),
        ("exp_at", DEFAULT_CLOCK),
        ("exp_after", DEFAULT_CLOCK + tick),
    ):
        values = export("acme", "kept", export_id, "us") | {"exported_at": exported_at}
        connection.execute(insert(EXPORTS).values(values))

    rows = store.snapshot(connection, "acme", DEFAULT_CLOCK)
    a_tick_later = store.snapshot(connection, "acme", DEFAULT_CLOCK + tick)

    # At the instant itself no dataset was recorded, but an export that left tells of its own.
    assert [(r.dataset_id, r.export_id) for r in rows] == [("kept", "exp_before")]
    assert [(r.dataset_id, r.export_id, r.status) for r in a_tick_later] == [
        ("exported", "exp_1", Status.COMPLIANT),
        ("kept", "exp_before", Status.VIOLATION),
        ("kept", "exp_at", Status.VIOLATION),
    ]


def test_a_dataset_whose_exports_all_left_later_was_not_exported(connection: Connection) -> None:
    later = {"exported_at": DEFAULT_CLOCK + timedelta(days=1)}
    connection.execute(insert(EXPORTS).values(export("acme", "kept", "exp_2", "us") | later))

    rows = store.snapshot(connection, "acme", DEFAULT_CLOCK + timedelta(hours=1))

    assert [(r.dataset_id, r.status) for r in rows] == [
        ("exported", Status.COMPLIANT),
        ("kept", Status.NO_EXPORTS),
    ]


def test_a_snapshot_is_of_one_tenant(connection: Connection) -> None:
    rows = store.snapshot(connection, "globex", DEFAULT_CLOCK + timedelta(days=1))

    assert {row.region for row in rows} == {"us"}
    assert len(rows) == 2


def test_the_tenants_that_export_are_named_once(connection: Connection) -> None:
    connection.execute(insert(TENANTS).values(id="initech", name="Initech"))
    connection.execute(insert(EXPORTS).values(export("acme", "kept", "exp_2", "us")))

    assert sorted(store.exporting_tenants(connection)) == ["acme", "globex"]

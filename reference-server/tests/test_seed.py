from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from intelgraph_server.database.columns import METADATA
from intelgraph_server.database.tables import (
    DATASETS,
    ENTITIES,
    EXPORTS,
    INVOICES,
    JOBS,
    PLUGINS,
    RELATIONS,
    REQUEST_MINUTES,
    TRUST_PAGES,
)
from intelgraph_server.seed import DEFAULT_CLOCK, seed_demo

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from intelgraph_server.database.engine import Database


def everything(connection: Connection) -> dict[str, Any]:
    # The number of a job is the database's, and PostgreSQL never gives one twice.
    return {
        table.name: connection.execute(
            select(*(c for c in table.c if c is not JOBS.c.id)).order_by(*table.primary_key)
        ).all()
        for table in METADATA.sorted_tables
    }


def seeded(database: Database, seed: int, **later: float) -> dict[str, Any]:
    with database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
        assert seed_demo(connection, seed, DEFAULT_CLOCK + timedelta(**later))
        return everything(connection)


def test_the_same_seed_and_clock_give_the_same_rows(database: Database) -> None:
    assert seeded(database, 1) == seeded(database, 1)


def test_another_seed_gives_other_rows_under_the_same_well_known_ids(database: Database) -> None:
    one, other = seeded(database, 1), seeded(database, 2)

    assert one["entities"] != other["entities"]
    assert {row.id for row in one["invoices"]} == {row.id for row in other["invoices"]}


def test_a_later_clock_moves_every_instant_and_nothing_else(database: Database) -> None:
    now, later = seeded(database, 1), seeded(database, 1, days=1)

    assert [row.updated_at + timedelta(days=1) for row in now["entities"]] == [
        row.updated_at for row in later["entities"]
    ]
    assert now["relations"] == later["relations"]


def test_seeding_twice_changes_nothing(database: Database) -> None:
    before = seeded(database, 1)

    with database.writing() as connection:
        assert not seed_demo(connection, 2, DEFAULT_CLOCK)
        assert everything(connection) == before


@pytest.mark.parametrize(
    ("table", "counts"),
    [
        (ENTITIES, {"acme": 40, "globex": 40, "initech": 39}),
        (INVOICES, {"acme": 14, "globex": 3}),
        (REQUEST_MINUTES, {"acme": 720, "globex": 720}),
        (TRUST_PAGES, {"acme": 1, "globex": 1}),
        (DATASETS, {"acme": 4, "globex": 2}),
        (EXPORTS, {"acme": 6, "globex": 1}),
    ],
)
def test_initech_is_enrolled_in_nothing(
    database: Database, table: Table, counts: dict[str, int]
) -> None:
    seeded(database, 1)

    with database.reading() as connection:
        found = connection.execute(
            select(table.c.tenant_id, func.count()).group_by(table.c.tenant_id)
        )
        assert {row[0]: row[1] for row in found} == counts


def test_the_marketplace_and_the_relations_are_filled(database: Database) -> None:
    rows = seeded(database, 1)

    assert len(rows[PLUGINS.name]) == 12
    assert len(rows[RELATIONS.name]) > 100

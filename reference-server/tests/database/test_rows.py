"""Rows of tenants that have the same keys, read and written as objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from intelgraph_server.database.billing_tables import PLUGIN_OWNERS
from intelgraph_server.database.keyset import Key, Keyset, Page
from intelgraph_server.database.rows import Rows, insert_once, tenant_name
from intelgraph_server.database.tables import DATASETS, TENANTS
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database


@dataclass(frozen=True, kw_only=True)
class Place:
    dataset_id: str
    region: str
    recorded_at: datetime = DEFAULT_CLOCK
    is_near: bool = True  # No column.


@dataclass(frozen=True, kw_only=True)
class OwnedPlace(Place):
    tenant_id: str


@dataclass(frozen=True)
class TenantName:
    id: str
    name: str


PLACES = Rows(DATASETS, Place, Keyset((Key(DATASETS.c.dataset_id, descending=True),)))


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as connection:
        for tenant_id, region in (("acme", "eu"), ("globex", "us")):
            connection.execute(insert(TENANTS).values(id=tenant_id, name=tenant_id.title()))
            for dataset_id in ("a", "b"):
                PLACES.add(connection, tenant_id, Place(dataset_id=dataset_id, region=region))
        yield connection


def test_an_object_is_read_as_it_was_written(connection: Connection) -> None:
    a, b = (Place(dataset_id=dataset_id, region="eu") for dataset_id in ("a", "b"))

    assert PLACES.one(connection, "acme", dataset_id="a") == a
    assert PLACES.one(connection, "acme", is_locked=True, dataset_id="z") is None
    assert PLACES.all(connection, "acme") == [b, a]
    assert PLACES.all(connection, "acme", DATASETS.c.dataset_id == "a") == [a]
    assert list(PLACES.page(connection, "acme", Page(5, ("b",))).items) == [a]


def test_objects_are_grouped_by_a_column(connection: Connection) -> None:
    a, b = (Place(dataset_id=dataset_id, region="eu") for dataset_id in ("a", "b"))

    assert PLACES.by(connection, "acme", "region", ["eu", "us"]) == {"eu": [b, a], "us": []}


def test_of_two_objects_of_one_key_the_first_stays(connection: Connection) -> None:
    stands = PLACES.add(connection, "acme", Place(dataset_id="a", region="us"))

    assert stands == Place(dataset_id="a", region="eu")


def test_an_object_is_put_in_place_of_another(connection: Connection) -> None:
    for dataset_id in ("a", "c"):
        PLACES.put(connection, "acme", Place(dataset_id=dataset_id, region="jp"))

    assert [place.region for place in PLACES.all(connection, "acme")] == ["jp", "eu", "jp"]
    assert [place.region for place in PLACES.all(connection, "globex")] == ["us", "us"]


def test_what_is_changed_is_given_as_it_then_stands(connection: Connection) -> None:
    is_in_europe = DATASETS.c.region == "eu"
    changed = PLACES.change(connection, "acme", {"region": "ch"}, is_in_europe, dataset_id="b")
    again = PLACES.change(connection, "acme", {"region": "ch"}, is_in_europe, dataset_id="b")

    assert (changed, again) == ([Place(dataset_id="b", region="ch")], [])
    assert [place.region for place in PLACES.all(connection, "acme")] == ["ch", "eu"]
    assert [place.region for place in PLACES.all(connection, "globex")] == ["us", "us"]


def test_an_object_that_asks_for_its_tenant_is_told_it(connection: Connection) -> None:
    owned = Rows(DATASETS, OwnedPlace)

    found = [owned.one(connection, each, dataset_id="a") for each in ("acme", "globex")]

    assert [place and place.tenant_id for place in found] == ["acme", "globex"]


def test_the_rows_of_a_table_without_tenants_are_everybodys(connection: Connection) -> None:
    names = Rows(TENANTS, TenantName)

    names.put(connection, "acme", TenantName("globex", "Other"))

    assert names.one(connection, "globex", id="acme") == TenantName("acme", "Acme")
    assert names.one(connection, "acme", id="globex") == TenantName("globex", "Other")


def test_a_row_is_inserted_once_for_each_of_its_unique_values(connection: Connection) -> None:
    values = {"tenant_id": "acme", "name": "Radar", "name_folded": "radar"}

    done = [insert_once(connection, PLUGIN_OWNERS, values | {"plugin_id": i}) for i in "aab"]

    assert done == [True, False, False]


def test_only_a_tenant_of_this_server_has_a_name(connection: Connection) -> None:
    assert [tenant_name(connection, each) for each in ("acme", "nobody")] == ["Acme", None]

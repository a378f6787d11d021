from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from intelgraph_server.database.keyset import Page
from intelgraph_server.database.tables import ENTITIES, RELATIONS, TENANTS
from intelgraph_server.entities import store
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database

# Both tenants have entities and relations of the same ids, so only `tenant_id` tells them apart.
CONFIDENCES = {"acme": (0.5,), "globex": (0.9, 0.8)}


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as connection:
        for tenant_id, confidences in CONFIDENCES.items():
            connection.execute(insert(TENANTS).values(id=tenant_id, name=tenant_id))
            for entity_id in ("source", "target"):
                connection.execute(insert(ENTITIES).values(entity(tenant_id, entity_id)))
            for number, confidence in enumerate(confidences):
                connection.execute(
                    insert(RELATIONS).values(
                        tenant_id=tenant_id,
                        id=f"rel_{number}",
                        source_id="source",
                        target_id="target",
                        kind="OWNS",
                        confidence=confidence,
                    )
                )
        yield connection


def entity(tenant_id: str, entity_id: str) -> dict[str, object]:
    name = f"{entity_id} of {tenant_id}"
    return {
        "tenant_id": tenant_id,
        "id": entity_id,
        "kind": "PERSON",
        "name": name,
        "name_folded": name,
        "updated_at": DEFAULT_CLOCK,
        "aliases": [],
    }


@pytest.mark.parametrize("tenant_id", CONFIDENCES)
def test_entities_are_of_one_tenant(connection: Connection, tenant_id: str) -> None:
    part = store.entity_page(connection, tenant_id, Page(10), {})
    found = store.ENTITY_ROWS.one(connection, tenant_id, id="source")

    assert [item.name for item in part.items] == [
        f"source of {tenant_id}",
        f"target of {tenant_id}",
    ]
    assert part.count() == 2
    assert found == part.items[0]


@pytest.mark.parametrize("tenant_id", CONFIDENCES)
def test_relations_and_their_targets_are_of_one_tenant(
    connection: Connection, tenant_id: str
) -> None:
    pages = store.relation_pages(connection, tenant_id, ["source"], Page(10))

    assert [r.confidence for r in pages["source"]] == list(CONFIDENCES[tenant_id])
    assert {r.target.name for r in pages["source"]} == {f"target of {tenant_id}"}


def test_counts_of_relations_are_of_one_tenant(connection: Connection) -> None:
    counts = {t: store.relation_counts(connection, t, ["source", "none"]) for t in CONFIDENCES}

    assert counts == {"acme": {"source": 1, "none": 0}, "globex": {"source": 2, "none": 0}}


def test_what_stands_before_a_page_of_relations_is_of_one_tenant(connection: Connection) -> None:
    key = (0.85, "rel_9")

    before = {t: store.relation_counts(connection, t, ["source"], key) for t in CONFIDENCES}

    assert before == {"acme": {"source": 0}, "globex": {"source": 1}}


def test_what_stands_before_a_page_of_entities_is_of_one_tenant(connection: Connection) -> None:
    page = Page(1, after=(DEFAULT_CLOCK, "source"))

    before = {
        t: store.entity_page(connection, t, page, {}).has_previous()
        for t in (*CONFIDENCES, "initech")
    }

    assert before == {"acme": True, "globex": True, "initech": False}

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from intelgraph_server.engine.errors import DomainError
from intelgraph_server.entities.resolvers import ENTITY_LIST
from intelgraph_server.generated.error_codes import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from intelgraph_server.testing import Demo

ENTITIES = """
query ($first: Int! = 20, $after: String) {
  entities(first: $first, after: $after) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id updatedAt } }
  }
}
"""
NESTED = """
query ($first: Int!) {
  entities(first: $first) {
    totalCount
    edges { node { relations(first: 2) {
      totalCount
      pageInfo { hasPreviousPage }
      edges { node { target { name relations(first: 2) {
        totalCount
        edges { node { target { id } } }
      } } } }
    } } }
  }
}
"""


@pytest.mark.parametrize("size", [1, 7, 40])
async def test_pages_show_each_entity_once_and_in_order(
    ask: Callable[..., Awaitable[Any]], size: int
) -> None:
    seen: list[dict[str, Any]] = []
    after, more = None, True

    while more:
        page = (await ask(ENTITIES, first=size, after=after))["data"]["entities"]
        seen += [edge["node"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert len({node["id"] for node in seen}) == len(seen) == 40
    assert [n["updatedAt"] for n in seen] == sorted((n["updatedAt"] for n in seen), reverse=True)


async def test_the_page_behind_the_last_item_is_empty_and_has_a_previous_one(
    ask: Callable[..., Awaitable[Any]],
) -> None:
    whole = (await ask(ENTITIES, first=40))["data"]["entities"]

    page = (await ask(ENTITIES, after=whole["pageInfo"]["endCursor"]))["data"]["entities"]

    assert page == {
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": True,
            "startCursor": None,
            "endCursor": None,
        },
    }


async def test_relations_of_a_page_of_entities_cost_no_statement_per_entity(
    ask: Callable[..., Awaitable[Any]], demo: Demo
) -> None:
    statements: list[str] = []
    event.listen(
        demo.server.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )

    few = await ask(NESTED, first=2)
    cost_of_few = len([s for s in statements if s.startswith("SELECT")])
    statements.clear()
    many = await ask(NESTED, first=40)

    assert "errors" not in few
    assert len(many["data"]["entities"]["edges"]) == 40
    # Entities and their count; then, for each of two levels, relations and their counts.
    assert cost_of_few <= 7
    assert len([s for s in statements if s.startswith("SELECT")]) <= 7


async def test_a_batch_answers_what_single_requests_answer(
    ask: Callable[..., Awaitable[Any]],
) -> None:
    together = await ask(
        "{entities(first:40){edges{node{id relations(first:2){totalCount edges{node{id}}}}}}}"
    )

    for edge in together["data"]["entities"]["edges"]:
        alone = await ask(
            "query($id:ID!){entity(id:$id){id relations(first:2){totalCount edges{node{id}}}}}",
            id=edge["node"]["id"],
        )
        assert alone["data"]["entity"] == edge["node"]


def cursor_of(*values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "values",
    [
        ("invoices", "2026-04-15T00:00:00+00:00", "org_meridian"),
        ("entities", "2026-04-15T00:00:00", "org_meridian"),
        ("entities", 5, "org_meridian"),
        ("entities", "2026-04-15T00:00:00+00:00", 5),
        ("entities", "2026-04-15T00:00:00+00:00", "\0"),
        ("entities", "2026-04-15T00:00:00+00:00"),
    ],
    ids=["another list", "no zone", "no instant", "no text", "text no database holds", "short"],
)
def test_a_cursor_that_the_list_did_not_give_is_refused(values: tuple[object, ...]) -> None:
    with pytest.raises(DomainError, match="is not a cursor that this list gave") as caught:
        ENTITY_LIST.page(20, cursor_of(*values))

    assert caught.value.code is ErrorCode.BAD_USER_INPUT


def test_a_cursor_that_the_list_gave_leads_behind_its_item() -> None:
    given = cursor_of("entities", "2026-04-15T00:00:00+00:00", "org_meridian")

    assert ENTITY_LIST.page(20, given).after == (datetime(2026, 4, 15, tzinfo=UTC), "org_meridian")

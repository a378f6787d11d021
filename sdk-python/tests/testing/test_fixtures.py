from __future__ import annotations

import pytest
from pydantic import ValidationError

from intelgraph import AsyncIntelGraph, IntelGraph, Operation
from intelgraph.generated import operations
from intelgraph.generated.operations import GET_ENTITY, INCIDENT_CHANGED, LIST_ENTITIES
from intelgraph.testing import FakeTransport, events, reply
from intelgraph.testing.fixtures import Fixtures, fixtures

OPERATIONS = [
    each
    for each in (getattr(operations, name) for name in operations.__all__)
    if isinstance(each, Operation)
]


def test_answers_to_every_operation_of_our_own_are_of_its_type() -> None:
    assert len(OPERATIONS) >= 40
    for operation in OPERATIONS:
        for seed in range(5):
            assert isinstance(fixtures.answer(operation, seed=seed), operation.data)


def test_the_same_seed_makes_the_same_answer_and_another_one_another() -> None:
    first = fixtures.answer(LIST_ENTITIES, seed=2)

    assert fixtures.answer(LIST_ENTITIES, seed=2) == first
    assert fixtures.answer(LIST_ENTITIES, seed=3) != first


def test_data_is_typed_and_holds_what_the_test_says() -> None:
    entity = fixtures.answer(GET_ENTITY, {"entity": {"__typename": "Person", "name": "Ada"}}).entity

    assert entity is not None
    assert (entity.typename, entity.name) == ("Person", "Ada")


def test_what_is_said_wrongly_is_refused_where_it_becomes_data() -> None:
    assert fixtures.response(GET_ENTITY, {"entity": {"name": 7}})["data"]["entity"]["name"] == 7
    with pytest.raises(ValidationError, match="name"):
        fixtures.answer(GET_ENTITY, {"entity": {"name": 7}})


def test_an_answer_is_what_a_client_reads() -> None:
    answer = fixtures.response(GET_ENTITY, {"entity": {"name": "Ada"}}, seed=1)
    client = IntelGraph(api_key=None, transport=FakeTransport([reply(answer)]))

    entity = client.get_entity(id="per_ada")

    assert entity == fixtures.answer(GET_ENTITY, {"entity": {"name": "Ada"}}, seed=1).entity


def test_whoever_reads_page_after_page_comes_to_an_end() -> None:
    transport = FakeTransport([reply(fixtures.response(LIST_ENTITIES, seed=1))])

    assert 1 <= len(list(IntelGraph(api_key=None, transport=transport).iter_list_entities())) <= 3
    assert transport.outcomes_left == 0


async def test_events_of_a_subscription_are_made_as_any_answer() -> None:
    made = [fixtures.response(INCIDENT_CHANGED, seed=seed) for seed in (1, 2)]
    client = AsyncIntelGraph(api_key=None, transport=FakeTransport([events(*made)]))

    assert len([incident.id async for incident in client.incident_changed()]) == 2


def test_a_custom_scalar_is_made_by_the_function_that_is_given() -> None:
    shapes = "GetEntity = Query { price: Money! }"
    own = Fixtures(shapes, scalars={"Money": lambda number: f"{number % 10} EUR"})

    assert own.response(GET_ENTITY)["data"]["price"].endswith(" EUR")
    assert Fixtures(shapes).response(GET_ENTITY)["data"]["price"].startswith("price ")

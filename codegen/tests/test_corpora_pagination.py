"""The printed iterators of a real schema at work: each hands out two pages of what is answered."""

from __future__ import annotations

import asyncio
import random
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest
from answers import Answers

from intelgraph.testing import FakeTransport, reply
from intelgraph_codegen import python
from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.recase import snake
from intelgraph_codegen.targets import ScalarTarget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intelgraph_codegen.ir import Pagination, Program
    from intelgraph_codegen.load import Loaded

INSTANT = "2026-04-15T12:00:00Z"
# So many of Linear's operations page; the three others that take a cursor select no connection.
PAGED, WITHOUT_CONNECTION = 186, 3
SAMPLE = 40


@pytest.fixture(scope="module")
def program(linear: Loaded) -> Program:
    return build(linear, print_documents(linear))


@pytest.fixture(scope="module")
def client_module(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package of Linear's client, written out for this module alone."""
    folder = tmp_path_factory.mktemp("paged")
    scalars = {"DateTime": ScalarTarget("intelgraph.runtime.DateTime", None)}
    for path, text in python.emit(program, scalars).items():
        place: Path = folder / "linear_paged" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield import_module("linear_paged")


def paged(program: Program) -> dict[str, Pagination]:
    return {each.name: each.pagination for each in program.operations if each.pagination}


def test_every_operation_that_takes_a_cursor_to_a_connection_is_paged(program: Program) -> None:
    takes_cursor = [
        each.name
        for each in program.operations
        if each.kind == "query" and "after" in {variable.name for variable in each.variables}
    ]

    assert len(paged(program)) == PAGED
    assert len(set(takes_cursor) - paged(program).keys()) == WITHOUT_CONNECTION


def test_every_paged_operation_has_both_iterators(program: Program, client_module: Any) -> None:
    for client in (client_module.Client, client_module.AsyncClient):
        iterators = [name for name in vars(client) if name.startswith("iter_")]
        assert len(iterators) == len(paged(program))
        assert all("limit" in signature(getattr(client, name)).parameters for name in iterators)


# Some operations of Linear's are deprecated, and say so.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_iterators_hand_out_two_pages_as_they_were_answered(
    program: Program, linear: Loaded, client_module: Any
) -> None:
    answers = Answers(linear.schema, seed=7, leaves={"DateTime": (INSTANT,)})
    methods = dict(zip(paged(program), iterators_of(client_module.Client), strict=True))
    documents = {each.name: each.document for each in program.operations}
    required = {
        each.name: [item.name for item in each.variables if item.is_required]
        for each in program.operations
    }

    for name in random.Random(7).sample(list(methods), SAMPLE):  # noqa: S311
        way = paged(program)[name]
        filled = answers.variables(documents[name])
        variables = {key: filled[key] for key in required[name]}
        pages = [answers.answer(documents[name], variables) for _ in range(2)]
        place(pages[0], way, more=True, cursor="c1")
        place(pages[1], way, more=False, cursor="c2")
        given = {snake(key): value for key, value in variables.items()}

        came, awaited, cursors = read(client_module, methods[name], given, pages)

        assert came == awaited == [item for page in pages for item in nodes(page, way)]
        assert cursors == [[None, "c1"], [None, "c1"]]


def read(module: Any, method: str, given: dict[str, Any], pages: list[Any]) -> tuple[Any, ...]:
    """What both clients hand out, and the cursors that each of them sent."""
    transports = [FakeTransport([reply({"data": page}) for page in pages]) for _ in range(2)]
    blocking, awaiting = (
        kind(url="http://graph.example", transport=transport)
        for kind, transport in zip((module.Client, module.AsyncClient), transports, strict=True)
    )

    async def awaited() -> list[Any]:
        return [to_json(item) async for item in getattr(awaiting, method)(**given)]

    came = [to_json(item) for item in getattr(blocking, method)(**given)]
    return came, asyncio.run(awaited()), [cursors_of(transport) for transport in transports]


def cursors_of(transport: FakeTransport) -> list[str | None]:
    return [request.json.get("variables", {}).get("after") for request in transport.requests]


def to_json(item: Any) -> Any:
    return item.model_dump(mode="json", by_alias=True, exclude_unset=True)


def iterators_of(client: type) -> list[str]:
    return [name for name in vars(client) if name.startswith("iter_")]


def connection(page: Any, way: Pagination) -> Any:
    for step in way.way:
        page = page[step.field.key]
    return page


def place(page: Any, way: Pagination, *, more: bool, cursor: str) -> None:
    info = connection(page, way)[way.page_info.field.key]
    info[way.has_more.field.key], info[way.cursor.field.key] = more, cursor


def nodes(page: Any, way: Pagination) -> list[Any]:
    listed = connection(page, way)[way.items.field.key]
    return [item[way.node.field.key] if way.node else item for item in listed]

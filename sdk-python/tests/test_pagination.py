from __future__ import annotations

import asyncio
from math import ceil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph import AsyncIntelGraph, IntelGraph, TransportError
from intelgraph._pagination import AsyncPaginator, PageOf, Paginator
from intelgraph.testing import FakeTransport, failure, reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intelgraph.testing import Outcome


class Server:
    """A list that is cut into pages; a cursor is the place of the page that it leads to."""

    def __init__(self, *pages: Sequence[int], with_cursors: bool = False) -> None:
        self.pages = pages
        self.with_cursors = with_cursors
        self.asked: list[object] = []

    def ask(self, variables: Mapping[str, object]) -> PageOf[int, int]:
        after = variables.get("after")
        self.asked.append(after)
        index, _, offset = str(after or "0").partition(":")
        page = [*self.pages, []][int(index)]
        return PageOf(
            int(index),
            items=page[int(offset or 0) :],
            has_more=int(index) + 1 < len(self.pages),
            cursor=str(int(index) + 1) if page else None,
            cursors=self.cursors(index, page)[int(offset or 0) :],
        )

    def cursors(self, index: str, page: Sequence[int]) -> list[str]:
        return [f"{index}:{place + 1}" for place, _ in enumerate(page)] if self.with_cursors else []

    async def ask_async(self, variables: Mapping[str, object]) -> PageOf[int, int]:
        await asyncio.sleep(0)
        return self.ask(variables)

    def read(self, after: str | None = None, limit: int | None = None) -> Paginator[int, int]:
        return Paginator(self.ask, {"after": after}, cursor="after", limit=limit)

    def read_async(self, limit: int | None = None) -> AsyncPaginator[int, int]:
        return AsyncPaginator(self.ask_async, {}, cursor="after", limit=limit)


@given(count=st.integers(0, 40), size=st.integers(1, 7))
def test_a_list_comes_in_order_with_one_request_for_each_page(count: int, size: int) -> None:
    cut = [range(start, min(start + size, count)) for start in range(0, count, size)]
    server = Server(*(cut or [[]]))

    assert list(server.read()) == list(range(count))
    assert len(server.asked) == max(ceil(count / size), 1)


@given(
    pages=st.lists(st.lists(st.integers(), min_size=1, max_size=4), min_size=1, max_size=6),
    stops=st.lists(st.integers(1, 5), max_size=20),
    with_cursors=st.booleans(),
)
def test_whatever_is_read_in_parts_skips_nothing_and_repeats_at_most_a_page(
    pages: list[list[int]],
    stops: list[int],
    with_cursors: bool,  # noqa: FBT001 - drawn.
) -> None:
    whole = [(index, place) for index, page in enumerate(pages) for place, _ in enumerate(page)]
    server: Any = Server(*(_numbered(pages)), with_cursors=with_cursors)
    came: list[tuple[int, int]] = []
    after = None
    for stop in [*stops, None]:
        paginator = server.read(after, limit=stop)
        part = list(paginator)
        # What comes again is what the cut page had already given.
        repeated = len(came) - whole.index(part[0]) if part and part[0] in came else 0
        assert repeated <= (0 if with_cursors else 3)
        came = came[: len(came) - repeated] + part
        assert came == whole[: len(came)]
        after = paginator.cursor
    assert came == whole


def _numbered(pages: list[list[int]]) -> list[list[tuple[int, int]]]:
    return [[(index, place) for place, _ in enumerate(page)] for index, page in enumerate(pages)]


@given(
    cursors=st.lists(st.sampled_from(["a", "b", "c", "", None]), min_size=5, max_size=5),
    items=st.lists(st.integers(0, 2), min_size=5, max_size=5),
)
def test_whatever_cursors_a_server_answers_reading_ends(
    cursors: list[str | None], items: list[int]
) -> None:
    places: dict[object, int] = {None: 0, "a": 1, "b": 2, "c": 3, "": 4}
    asked: list[object] = []

    def ask(variables: Mapping[str, object]) -> PageOf[None, int]:
        asked.append(variables.get("after"))
        assert len(asked) <= len(places), "a place was asked for twice"
        place = places[asked[-1]]
        return PageOf(None, range(items[place]), has_more=True, cursor=cursors[place])

    list(Paginator(ask, {}, cursor="after"))

    assert len(set(asked)) == len(asked)


def test_nothing_is_asked_for_before_the_first_item() -> None:
    server = Server([1, 2], [3])

    paginator = server.read()

    assert server.asked == []
    assert repr(paginator) == "Paginator(cursor=None, has_more=True)"


def test_a_loop_that_is_left_asks_for_nothing_more_and_may_be_taken_up_again() -> None:
    server = Server([1, 2], [3])
    paginator = server.read()

    for _ in paginator:
        break

    assert server.asked == [None]
    assert list(paginator) == [2, 3]
    assert server.asked == [None, "1"]


def test_an_iterator_at_its_end_stays_there() -> None:
    server = Server([1])
    paginator = server.read()

    assert list(paginator) == [1]
    assert list(paginator) == []
    assert server.asked == [None]
    assert paginator.has_more is False


def test_items_in_hand_are_more_to_come() -> None:
    paginator = Server([1, 2]).read()

    next(paginator)
    assert paginator.has_more is True
    next(paginator)
    assert paginator.has_more is False


def test_pages_go_on_from_the_cursor_so_that_a_page_that_was_begun_comes_whole() -> None:
    server = Server([1, 2], [3])
    paginator = server.read()
    next(paginator)

    assert list(paginator.pages()) == [0, 1]
    assert server.asked == [None, None, "1"]


async def test_awaited_pages_go_on_from_the_cursor_too() -> None:
    server = Server([1, 2], [3])
    paginator = server.read_async()
    await anext(paginator)

    assert [page async for page in paginator.pages()] == [0, 1]
    assert server.asked == [None, None, "1"]


async def test_two_tasks_cannot_ask_for_one_page_at_once() -> None:
    server = Server([1, 2], [3])
    paginator = server.read_async()

    first = asyncio.ensure_future(anext(paginator))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="asked for already"):
        await anext(paginator)

    assert await first == 1
    assert server.asked == [None]


async def test_a_reading_that_is_cancelled_goes_on_where_it_was() -> None:
    server = Server([1, 2], [3])
    paginator = server.read_async()
    cancelled = asyncio.ensure_future(anext(paginator))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)

    assert [item async for item in paginator] == [1, 2, 3]


@pytest.mark.parametrize("limit", [-1, 2.5, float("nan"), "", "3", True], ids=repr)
@pytest.mark.parametrize("kind", [Paginator, AsyncPaginator])
def test_a_limit_that_is_no_number_of_items_is_refused_at_once(kind: Any, limit: Any) -> None:
    with pytest.raises(ValueError, match=rf"hand out, and cannot be {limit!r}$"):
        kind(Server([]).ask, {}, cursor="after", limit=limit)


def relations(*ids: str, end: str | None) -> Outcome:
    target = {
        "__typename": "Person",
        "id": "e2",
        "name": "Ada",
        "updatedAt": "2026-04-15T00:00:00Z",
    }
    edges = [
        {"node": {"id": each, "kind": "OWNS", "confidence": 1.0, "target": target}} for each in ids
    ]
    info = {"hasNextPage": end is not None, "endCursor": end}
    connection = {"totalCount": 3, "pageInfo": info, "edges": edges}
    entity = {"__typename": "Person", "id": "e1", "relations": connection}
    return reply({"data": {"entity": entity}})


def test_the_generated_client_hands_out_the_items_of_a_connection() -> None:
    transport = FakeTransport([relations("r1", "r2", end="r2"), relations("r3", end=None)])
    client = IntelGraph(api_key=None, transport=transport)

    paginator = client.iter_list_relations(id="e1", first=2)

    assert [relation.id for relation in paginator] == ["r1", "r2", "r3"]
    assert [request.json["variables"] for request in transport.requests] == [
        {"id": "e1", "first": 2},
        {"id": "e1", "first": 2, "after": "r2"},
    ]


async def test_the_awaiting_client_resumes_behind_an_error() -> None:
    outcomes = [relations("r1", end="r1"), failure("read"), relations("r2", end=None)]
    client = AsyncIntelGraph(api_key=None, max_retries=0, transport=FakeTransport(outcomes))
    paginator = client.iter_list_relations(id="e1")

    came = [(await anext(paginator)).id]
    with pytest.raises(TransportError):
        await anext(paginator)
    again = client.iter_list_relations(id="e1", after=paginator.cursor)

    assert [*came, *[relation.id async for relation in again]] == ["r1", "r2"]


def test_whole_pages_are_what_the_method_of_the_operation_returns() -> None:
    outcomes = [relations("r1", end="r1"), relations("r2", end=None)]
    client = IntelGraph(api_key=None, transport=FakeTransport(outcomes))

    pages = list(client.iter_list_relations(id="e1").pages())

    assert [page and page.relations.total_count for page in pages] == [3, 3]


def test_an_entity_that_is_not_there_has_no_relations() -> None:
    client = IntelGraph(api_key=None, transport=FakeTransport([reply({"data": {"entity": None}})]))

    assert list(client.iter_list_relations(id="e9")) == []

"""Which operations can be read page after page, and what the printed iterators then do."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Build

    from intelgraph import Reply
    from intelgraph_codegen.ir import Pagination

SDL = """
scalar Cursor
type Query {
  items(after: String, first: Int, before: String, last: Int, of: Of): Items!
  others(after: String): Items
  typed(after: Cursor): Typed
  boxed(after: Of): Items!
  groups: [Group!]!
  group(id: ID): Group!
  any: Any
}
type Mutation { renumber(after: String): Items! }
input Of { text: String }
type Group { id: ID! items(after: String, first: Int): Items! name(after: String): String }
type Other { id: ID! items(after: String): Items! }
union Any = Group | Other
type Items { nodes: [Item!] edges: [Edge!] pageInfo: PageInfo! }
type Typed { nodes: [Item!] pageInfo: TypedInfo! }
type Edge { cursor: String node: Item }
type Item { id: ID! }
type PageInfo {
  hasNextPage: Boolean! endCursor: String hasPreviousPage: Boolean! startCursor: String
}
type TypedInfo { hasNextPage: Boolean! endCursor: Cursor }
"""
FORWARD = "nodes { id } pageInfo { hasNextPage endCursor }"
ON_GROUP = "fragment F on Group { items(after: $a) { %s } }"
ON_ITEMS = "fragment C on Items { %s }"
ON_OTHER = "fragment F on Other { items(after: $a) { %s } }"
GOLDEN = Path(__file__).parent / "golden" / "pagination" / "expected" / "python"


def found(build: Build, document: str) -> Pagination | None:
    return build(SDL, document).operations[0].pagination


def way(pagination: Pagination | None) -> list[str]:
    return [step.field.key for step in pagination.way] if pagination else []


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        ("query Q($a: String) { items(after: $a) { %s } }", ["items"]),
        ('query Q($a: String = "x") { items(after: $a) { %s } }', ["items"]),
        ("query Q($a: String) { mine: items(after: $a) { %s } }", ["mine"]),
        ("query Q($a: String) { group { items(after: $a) { %s } } }", ["group", "items"]),
        ("query Q($a: String) { any { ...F } }" + ON_GROUP, ["any", "items"]),
        ("query Q($a: String) { groups { id } others(after: $a) { %s } }", ["others"]),
        ("query Q($a: String, $b: Int) { items(after: $a, first: $b) { %s } }", ["items"]),
        ("query Q($a: String) { ...F } fragment F on Query { items(after: $a) { %s } }", ["items"]),
    ],
)
def test_a_connection_is_found_wherever_one_cursor_leads_to_it(
    build_text: Build, document: str, keys: list[str]
) -> None:
    pagination = found(build_text, document % FORWARD)

    assert way(pagination) == keys


@pytest.mark.parametrize(
    "document",
    [
        "query Q { items { %s } }",
        "query Q($a: String!) { items(after: $a) { %s } }",
        'query Q($a: String) { items(of: {text: $a}, after: "x") { %s } }',
        "query Q($a: String) { items(after: $a, of: {text: $a}) { %s } }",
        "query Q($a: String) { items(after: $a) { %s } group { name(after: $a) } }",
        "query Q($a: String, $i: Boolean!) { items(after: $a) @include(if: $i) { %s } }",
        "query Q($a: String, $i: Boolean!) { group @skip(if: $i) { items(after: $a) { %s } } }",
        "query Q($a: String) { groups { items(after: $a) { %s } } }",
        "query Q($a: String) { any { ... on Group { id items(after: $a) { %s } } ...F } }"
        + ON_OTHER,
        "query Q($a: String, $b: String) { items(after: $a) { %s } others(after: $b) { %s } }",
        "mutation Q($a: String) { renumber(after: $a) { %s } }",
        "query Q($a: Cursor) { typed(after: $a) { %s } }",
        "query Q($a: String) { boxed(after: {text: $a}) { %s } }",
        "query Q($a: String) { one: group { ...F } other: group(id: 1) { ...F } }" + ON_GROUP,
    ],
)
def test_a_connection_that_no_cursor_or_more_than_one_place_leads_to_is_left_alone(
    build_text: Build, document: str
) -> None:
    assert found(build_text, document.replace("%s", FORWARD)) is None


@pytest.mark.parametrize(
    "selection",
    [
        "nodes { id }",
        "pageInfo { hasNextPage endCursor }",
        "nodes { id } pageInfo { hasNextPage }",
        "nodes { id } pageInfo { endCursor }",
        "edges { cursor } pageInfo { hasNextPage endCursor }",
        "a: nodes { id } b: nodes { id } pageInfo { hasNextPage endCursor }",
        "nodes @include(if: $i) { id } pageInfo { hasNextPage endCursor }",
        "edges { node @include(if: $i) { id } } pageInfo { hasNextPage endCursor }",
        "nodes { id } pageInfo @include(if: $i) { hasNextPage endCursor }",
        "nodes { id } pageInfo { hasNextPage endCursor @skip(if: $i) }",
        "nodes { id } pageInfo { hasPreviousPage startCursor }",
        "nodes { id } pageInfo { hasNextPage startCursor }",
    ],
)
def test_a_connection_that_does_not_tell_its_items_and_its_place_is_left_alone(
    build_text: Build, selection: str
) -> None:
    document = f"query Q($a: String, $i: Boolean = true) {{ items(after: $a) {{ {selection} }} }}"
    if "$i)" not in selection:
        document = document.replace(", $i: Boolean = true", "")

    assert found(build_text, document) is None


def test_fields_that_fragments_repeat_are_one_connection(build_text: Build) -> None:
    pagination = found(
        build_text,
        """
        query Q($a: String) {
          group { ...Names ...Places }
          group { id }
        }
        fragment Names on Group { items(after: $a) { nodes { id } } }
        fragment Places on Group { items(after: $a) { pageInfo { hasNextPage endCursor } } }
        """,
    )

    assert way(pagination) == ["group", "items"]


def test_arms_that_select_the_same_are_one(build_text: Build) -> None:
    document = "query Q($a: String) { any { ... on Group { %s } ... on Other { %s } } }"
    items = f"items(after: $a) {{ {FORWARD} }}"

    pagination = found(build_text, document.replace("%s", items))

    assert pagination is not None
    assert [step.arm and step.arm.typenames for step in pagination.way] == [
        None,
        ("Group", "Other"),
    ]


def test_nodes_go_before_edges(build_text: Build) -> None:
    document = "query Q($a: String) { items(after: $a) { edges { node { id } } %s } }"

    pagination = found(build_text, document % FORWARD)

    assert pagination is not None
    assert pagination.items.field.name == "nodes"


@pytest.mark.parametrize(
    ("arguments", "is_backward"),
    [("after: $a, before: $b, last: 5", False), ("before: $b, last: 5", True)],
)
def test_a_list_is_read_backward_only_where_there_is_no_way_forward(
    build_text: Build,
    arguments: str,
    is_backward: bool,  # noqa: FBT001 - a case of the table.
) -> None:
    places = "hasNextPage endCursor hasPreviousPage startCursor"
    first = "$a: String, " if "$a" in arguments else ""

    pagination = found(
        build_text,
        f"query Q({first}$b: String) {{"
        f" items({arguments}) {{ nodes {{ id }} pageInfo {{ {places} }} }} }}",
    )

    assert pagination is not None
    assert pagination.is_backward is is_backward


@pytest.mark.parametrize(
    "document",
    [
        "query F($a: String) { group { ...F } }" + ON_GROUP,
        "query F($a: String) { group { ...F } }" + ON_GROUP.replace("%s", "...C") + ON_ITEMS,
        "query C($a: String) { items(after: $a) { ...C } }" + ON_ITEMS,
    ],
)
def test_a_fragment_with_the_name_of_its_operation_is_left_alone(
    build_text: Build, document: str
) -> None:
    assert found(build_text, document % FORWARD) is None


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package that is expected for the feature, imported as its users would."""
    folder = tmp_path_factory.mktemp("golden")
    shutil.copytree(GOLDEN, folder / "golden_pagination")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield import_module("golden_pagination")


def answer(**data: object) -> Reply:
    return reply({"data": data})


def client_of(golden: Any, *pages: Reply) -> tuple[Any, FakeTransport]:
    transport = FakeTransport(pages)
    return golden.Client(url="http://graph.example", transport=transport), transport


def sent(transport: FakeTransport) -> list[object]:
    return [request.json.get("variables", {}) for request in transport.requests]


def test_what_may_be_null_ends_the_list_or_is_handed_out(golden: Any) -> None:
    edges = [{"cursor": "1", "node": {"title": "a"}}, None, {"cursor": None, "node": None}]
    more = {"hasNextPage": True, "endCursor": "3"}
    client, transport = client_of(
        golden,
        answer(maybeIssues={"edges": edges, "pageInfo": more}),
        answer(maybeIssues={"edges": None, "pageInfo": {**more, "endCursor": "4"}}),
        answer(maybeIssues={"edges": edges[:1], "pageInfo": None}),
        answer(maybeIssues=None),
    )

    items = [issue and issue.title for issue in client.iter_loose_issues(behind="0")]

    assert items == ["a", None, None, "a"]
    assert sent(transport) == [{"behind": "0"}, {"behind": "3"}, {"behind": "4"}]
    assert list(client.iter_loose_issues()) == []


def test_a_list_that_is_read_backward_comes_from_its_end_on(golden: Any) -> None:
    def page(ids: str, start: str, *, more: bool) -> Reply:
        info = {"hasPreviousPage": more, "startCursor": start}
        return answer(issues={"nodes": [{"id": each} for each in ids], "pageInfo": info})

    client, transport = client_of(golden, page("yz", "y", more=True), page("x", "x", more=False))

    assert [issue.id for issue in client.iter_last_issues(last=2)] == ["z", "y", "x"]
    assert sent(transport) == [{"last": 2}, {"last": 2, "before": "y"}]


def test_edges_that_are_read_backward_resume_before_the_last_item(golden: Any) -> None:
    edges = [{"cursor": each, "node": {"__typename": "User", "name": each}} for each in "yz"]
    info = {"hasPreviousPage": True, "startCursor": "y"}
    members = {"edges": edges, "pageInfo": info}
    client, _ = client_of(golden, answer(node={"__typename": "Team", "members": members}))

    paginator = client.iter_last_members(id="t", limit=1)

    assert [user.name for user in paginator] == ["z"]
    assert paginator.cursor == "z"


def test_a_list_of_one_arm_is_empty_for_all_others(golden: Any) -> None:
    client, _ = client_of(golden, answer(node={"__typename": "User", "id": "u"}))

    paginator = client.iter_last_member_nodes(id="u")

    assert list(paginator) == []
    assert paginator.has_more is False


def test_aliases_and_a_variable_called_limit_are_no_obstacle(golden: Any) -> None:
    place = {"isLonger": False, "last": "1"}
    parts = [{"comment": {"text": "hello"}}, {"comment": None}]
    client, transport = client_of(
        golden, answer(author={"written": {"parts": parts, "place": place}})
    )

    items = client.iter_comments_of_user(user="u", cursor="0", limit_=9, limit=1)

    assert [comment.text for comment in items] == ["hello"]
    assert sent(transport) == [{"user": "u", "cursor": "0", "limit": 9}]

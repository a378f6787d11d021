from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    build_schema,
    get_introspection_query,
    graphql_sync,
    lexicographic_sort_schema,
    print_schema,
)

from intelgraph_codegen.cli import main
from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.introspection import sdl_of_text
from intelgraph_codegen.introspection_query import QUERIES

SCHEMAS = sorted((Path(__file__).parent / "golden").glob("*/schema.graphql"))

SDL = '''
"""
The shop.
 Indented, with \\""" quotes and a \\ slash.
"""
schema { query: Root subscription: Subscription }

"Where it may run." directive @region(
  "Which ones." names: [String!]! = ["eu"]
  old: Int @deprecated
) repeatable on FIELD_DEFINITION | ENUM

type Root implements Node & Named {
  id: ID!
  name(
    "How long." most: Int! = 10 @deprecated(reason: "Use \\"limit\\".")
    filter: Filter = {state: OPEN, and: [{state: null}], text: "a\\nb"}
  ): String
  gone: Int @deprecated
  plain(a: Int, b: [Float!]! = [1.5]): [[Boolean!]]! @deprecated(reason: "Gone.")
}
type Mutation { notARoot: Int }
type Subscription { ticks: Int }
interface Node { id: ID! }
interface Named implements Node { id: ID! name(most: Int! = 10 filter: Filter): String }
union Thing = Root | Mutation
"Ends with a slash \\\\" scalar Date @specifiedBy(url: "https://x.example/\\"date\\"")
scalar Any
enum State { "Open." OPEN CLOSED @deprecated(reason: "No.") }
input Filter { state: State = OPEN and: [Filter!] text: String @deprecated }
input Pick @oneOf { a: Int "B." b: String }
'''


def sdl_of(answer: object) -> str:
    return sdl_of_text(json.dumps(answer), "schema.json")


LIBRARY_QUERY = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)


def everything(sdl: str) -> Any:
    return graphql_sync(build_schema(sdl), LIBRARY_QUERY).data


def normal(sdl: str) -> str:
    return print_schema(lexicographic_sort_schema(build_schema(sdl)))


def test_nothing_is_lost_on_the_way_through_introspection() -> None:
    assert normal(sdl_of(everything(SDL))) == normal(SDL)


def test_what_is_printed_is_the_same_however_the_server_orders_types() -> None:
    answer = everything(SDL)
    first = sdl_of(answer)
    answer["__schema"]["types"].reverse()
    answer["__schema"]["directives"].reverse()

    assert sdl_of(answer) == first
    assert sdl_of({"data": answer, "extensions": {}}) == first
    assert sdl_of(everything(first)) == first


def test_the_text_reads_like_this() -> None:
    sdl = """
    type Query { "Me." me(a: Int = 1): User! @deprecated(reason: "Old.") }
    type User { id(
      "A." a: Int
      b: Int
    ): ID }
    scalar Date
    union U = Query | User
    """

    assert sdl_of(everything(sdl)) == (
        "scalar Date\n\n"
        'type Query {\n  """Me."""\n  me(a: Int = 1): User! @deprecated(reason: "Old.")\n}\n\n'
        "union U = Query | User\n\n"
        'type User {\n  id(\n    """A."""\n    a: Int\n    b: Int\n  ): ID\n}\n'
    )


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_every_schema_of_the_golden_files_survives(path: Path) -> None:
    sdl = path.read_text("utf-8")

    assert normal(sdl_of(everything(sdl))) == normal(sdl)


@pytest.mark.parametrize("query", QUERIES, ids=["all", "without oneOf", "2018"])
def test_every_question_is_answered_by_a_server_that_knows_it(query: str) -> None:
    data = graphql_sync(build_schema(SDL), query).data

    text = sdl_of({"data": data})

    assert "type Root implements Node & Named" in text
    assert ("@oneOf" in text) == (query == QUERIES[0])
    assert (" repeatable " in text) == (query != QUERIES[2])


def test_the_whole_question_asks_for_all_that_the_library_asks_for() -> None:
    ours = graphql_sync(build_schema(SDL), QUERIES[0]).data

    assert sdl_of(ours) == sdl_of(everything(SDL))


def changed(*way: str | int, to: object) -> str:
    answer = {"data": everything("type Query { me(a: Int): [Int!] }")}
    inner: Any = answer
    for key in ("data", "__schema", *way[:-1]):
        inner = inner[key]
    inner[way[-1]] = to
    return json.dumps(answer, indent=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "s.json:1:2: This answer to an introspection query is not JSON."),
        ("[]", "s.json: There is no `__schema` here, so this is no answer to introspection."),
        ('{"data": null}', "s.json:1:2: There is no `__schema` here"),
        ('{"__schema": 1}', "s.json:1:2: `__schema` must be an object."),
        (changed("types", to={}), "`data.__schema.types` must be a list."),
        (changed("types", to=[]), "must be a list with the schema's types."),
        (
            changed("types", 0, "name", to="A{}"),
            "types[0].name` must be a GraphQL name.",
        ),
        (changed("types", 0, "kind", to="THING"), "must be one of SCALAR, OBJECT,"),
        (changed("queryType", to=None), "`data.__schema.queryType` must be an object."),
        (
            changed("types", 0, "fields", 0, "type", "ofType", "ofType", to={"kind": "NON_NULL"}),
            "[0].type.ofType.ofType` must be a type that can be null.",
        ),
        (changed("types", 0, "fields", 0, "description", to=1), "].description` must be a string."),
        (changed("types", 0, "fields", 0, "isDeprecated", to=1), "must be true or false."),
        (changed("types", 0, "fields", 0, "args", 0, "type", to=None), "args[0].type` must be"),
    ],
)
def test_what_is_no_answer_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(CodegenError) as caught:
        sdl_of_text(text, "s.json")

    assert message in str(caught.value)
    assert str(caught.value).startswith("s.json")


def test_generate_takes_the_answer_as_a_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.json").write_text(json.dumps(everything("type Query { me: Int }")))
    (tmp_path / "s.graphql").write_text("type Query {\n  me: Int\n}\n")
    (tmp_path / "q.graphql").write_text("query Q { me }")

    for schema, folder in (("s.json", "a"), ("s.graphql", "b")):
        options = ["--schema", schema, "--documents", "q.graphql", "--server", folder]
        assert main(["generate", *options]) == 0
    (tmp_path / "s.json").write_text('{"__schema": 1}')
    capsys.readouterr()

    assert (tmp_path / "a/sdl.py").read_text() == (tmp_path / "b/sdl.py").read_text()
    assert (
        main(["generate", "--schema", "s.json", "--documents", "q.graphql", "--server", "c"]) == 1
    )
    assert capsys.readouterr().err.startswith("s.json:1:2: `__schema` must be an object.")

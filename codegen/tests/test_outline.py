from __future__ import annotations

from pathlib import Path

import pytest

from intelgraph_codegen.files import TextFile
from intelgraph_codegen.outline import Outline, Part, named, read_outline

SDL = '''
# Types of "books".
"""
A house
"""
type Library implements Node & Place @key(fields: "id", levels: [1, 2]) {
  id: ID! @deprecated(reason: "Use `key`.") # "not a string
  shelves("How many" first: Int! = 10 @a, filter: Filter = {name: "x", of: [A]}): [[Shelf!]!]!,
  open: Boolean
}
extend type Library { key: ID }
interface Node { id: ID! }
union Found @b = | Library | Shelf
enum State { "Here" ON_SHELF LENT @deprecated }
input Filter @oneOf { name: String = """a "quoted" b""" state: State = LENT }
scalar Date @specifiedBy(url: "https://x.example")
directive @key(fields: String!, levels: [Int!] = [1]) repeatable on OBJECT | INTERFACE
"The start."
schema @c { query: Library mutation: Shelf }
'''


def outline(*texts: str) -> Outline | None:
    return read_outline([TextFile(f"{n}.graphql", "", text) for n, text in enumerate(texts)])


def read(sdl: str) -> Outline:
    found = outline(sdl)
    assert found
    return found


def part(sdl: str, name: str) -> Part:
    return next(item for item in read(sdl).parts if item.name == name)


def test_everything_that_is_defined_is_found_in_order() -> None:
    found = read(SDL)

    assert [(item.kind, item.name, item.is_extension, item.names) for item in found.parts] == [
        ("type", "Library", False, ("Node", "Place")),
        ("type", "Library", True, ()),
        ("interface", "Node", False, ()),
        ("union", "Found", False, ("Library", "Shelf")),
        ("enum", "State", False, ()),
        ("input", "Filter", False, ()),
        ("scalar", "Date", False, ()),
    ]
    assert found.roots == [("query", "Library"), ("mutation", "Shelf")]
    assert [item.name for item in found.directives] == ["key"]


def test_members_have_types_arguments_and_defaults() -> None:
    fields = {item.name: item for item in part(SDL, "Library").members}

    assert [(name, item.type) for name, item in fields.items()] == [
        ("id", "ID!"),
        ("shelves", "[[Shelf!]!]!"),
        ("open", "Boolean"),
    ]
    assert fields["id"].is_deprecated
    arguments = fields["shelves"].arguments
    assert [(item.name, item.type, item.is_required) for item in arguments] == [
        ("first", "Int!", False),
        ("filter", "Filter", False),
    ]
    assert [item.name for item in part(SDL, "State").members] == ["ON_SHELF", "LENT"]


def test_directives_are_known_with_their_places() -> None:
    found = read(SDL)

    uses = {(place, found.restored(text).strip(" ,\n")) for place, text in found.uses}
    assert uses == {
        ("OBJECT", '@key(fields: "id", levels: [1, 2])'),
        ("FIELD_DEFINITION", '@deprecated(reason: "Use `key`.")'),
        ("ARGUMENT_DEFINITION", "@a"),
        ("UNION", "@b"),
        ("ENUM_VALUE", "@deprecated"),
        ("INPUT_OBJECT", "@oneOf"),
        ("SCALAR", '@specifiedBy(url: "https://x.example")'),
        ("SCHEMA", "@c"),
    }


def test_a_piece_is_restored_with_its_strings() -> None:
    found = read(SDL)
    first = found.parts[0]

    text = found.restored(first.text.short[first.start : first.body])

    assert text.startswith('"""\nA house\n"""\ntype Library implements')


@pytest.mark.parametrize("name", ["id", "shelves", "open"])
def test_the_place_of_a_member_is_that_in_its_file(name: str) -> None:
    first = part(SDL, "Library")
    member = next(item for item in first.members if item.name == name)

    place = first.text.place(member.at, member.at + len(name))

    line = SDL.splitlines()[place.line - 1]
    assert line[place.column - 1 :].startswith(name)
    assert (place.path, place.width, place.source_line) == ("0.graphql", len(name), line)


def test_several_files_are_one_outline() -> None:
    found = outline('type A { "x" a: Int }', '"y" type B { b: Int @deprecated(reason: "z") }')

    assert found
    second = found.parts[1]
    assert found.restored(second.text.short) == '"y" type B { b: Int @deprecated(reason: "z") }'
    assert second.text.place(second.members[0].at, second.members[0].at + 1).column == 14


@pytest.mark.parametrize(
    "sdl",
    [
        "query Q { a }",
        "type A { }",
        "type A { a }",
        "type A { a: [[[Int]]] }",
        "type A { a: Int! ! }",
        "type A { a: Int",
        "type A { a: Int } }",
        "type A { a(): Int }",
        "type A { a(b): Int }",
        "type A { a: Int = 1 }",
        "type A { a(b: Int = 01): Int }",
        "type A { a(b: Int = {c: {d: 1}}): Int }",
        "type A { a(b: Int = $c): Int }",
        "type A implements { a: Int }",
        "type A & B { a: Int }",
        "type 1A { a: Int }",
        'type A { "x" }',
        'type A { a: Int @deprecated(reason: "\\q") }',
        'type A { a: Int @deprecated(reason: "x) }',
        "type A { a: Int @deprecated() }",
        "type A { a: Int } \x07",
        'type A { "\x01" a: Int }',
        '"x" extend type A { a: Int }',
        "extend type A",
        "extend extend type A { a: Int }",
        "schema { }",
        "schema { start: A }",
        "extend schema { query: A }",
        "directive @a on NOWHERE",
        "directive @a on OBJECT |",
        "union A = B |",
        "enum A { B: C }",
        "typeA { a: Int }",
        "Type A { a: Int }",
    ],
)
def test_what_is_wrong_or_unusual_has_no_outline(sdl: str) -> None:
    assert outline(sdl) is None


def test_the_name_of_a_type_is_at_its_bottom() -> None:
    assert [named("A"), named("[[A!]!]!")] == ["A", "A"]


def test_the_schemas_of_all_golden_files_have_outlines() -> None:
    folder = Path(__file__).parent / "golden"
    texts = {path: path.read_text("utf-8") for path in folder.glob("*/schema.graphql")}

    assert len(texts) > 20
    unclear = [path.parent.name for path, text in texts.items() if outline(text) is None]
    assert unclear == ["lists_of_lists"]  # It has lists of lists of lists.

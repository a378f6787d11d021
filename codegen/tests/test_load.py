from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Load

SDL = "type Query { a(x: Int): Int b: B } type B { c: Int }"


def told(root: Path, schema: list[str], documents: list[str], *, lenient: bool = False) -> str:
    with pytest.raises(CodegenError) as caught:
        load(schema, documents, root=root, lenient=lenient)
    return str(caught.value)


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.graphql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def test_folders_are_read_recursively_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(
        tmp_path, s=SDL, ops__b="query B { a }", ops__a__z="query Z { a }", ops__c="query C { a }"
    )
    (tmp_path / "ops" / "notes.txt").write_text("not GraphQL")

    loaded = load(["s.graphql"], ["ops"], root=tmp_path)

    assert list(loaded.operation_kinds) == ["Z", "B", "C"]
    assert list(loaded.labels) == ["ops/a/z.graphql", "ops/b.graphql", "ops/c.graphql"]


def test_all_suffixes_of_graphql_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        types__d="type Query { a: A b: B c: C }",
        ops__q="query Q { a { x } b { x } c { x } }",
    )
    for name in ("a.graphql", "b.graphqls", "c.gql"):
        (tmp_path / "types" / name).write_text(f"type {name[0].upper()} {{ x: Int }} ")

    loaded = load(["types"], ["ops"], root=tmp_path)

    assert loaded.type_order == ("A", "B", "C", "Query")


def test_a_file_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, s__s=SDL, q="query Q { a }")

    loaded = load(["s", "s/s.graphql"], ["q.graphql", "./q.graphql"], root=tmp_path)

    assert list(loaded.operation_kinds) == ["Q"]


def test_labels_never_show_where_the_project_is(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, ops__q="query Q { a }")

    loaded = load([str(tmp_path / "s.graphql")], [str(tmp_path / "ops")], root=tmp_path)

    assert list(loaded.labels.values()) == ["ops/q.graphql"]


def test_labels_never_climb_out_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, ops__q="query Q { a }")
    (tmp_path / "inner").mkdir()

    loaded = load(["../s.graphql"], ["../ops"], root=tmp_path / "inner")

    assert list(loaded.labels.items()) == [("../ops/q.graphql", "ops/q.graphql")]


def test_the_sdl_is_joined_in_file_order_with_plain_line_ends(tmp_path: Path) -> None:
    write(
        tmp_path,
        s__b="type B { x: Int }\r\n\r\n",
        s__a="\ufefftype Query { a: Int }",
        q="query Q { a }",
    )

    loaded = load(["s"], ["q.graphql"], root=tmp_path)

    assert loaded.sdl == "type Query { a: Int }\ntype B { x: Int }\n"


def test_a_byte_order_mark_does_not_shift_columns(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, q="\ufeffquery Q { d }")

    assert told(tmp_path, ["s.graphql"], ["q.graphql"]).startswith("q.graphql:1:11: ")


def test_windows_line_ends_do_not_shift_lines(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, q="# A comment.\r\nquery Q {\r\n\td\r\n}\r\n")

    assert told(tmp_path, ["s.graphql"], ["q.graphql"]).splitlines()[:2] == [
        "q.graphql:3:2: The type `Query` has no field `d`. [unknown-field]",
        "  3 | \td",
    ]


def test_each_error_names_the_file_it_is_in(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, o__a="query A { x1 }", o__b="query B { x2 }\nquery C { x3 }")

    found = told(tmp_path, ["s.graphql"], ["o"])

    assert [line.partition(": ")[0] for line in found.splitlines() if "The type" in line] == [
        "o/a.graphql:1:11",
        "o/b.graphql:1:11",
        "o/b.graphql:2:11",
    ]


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path: Path) -> None:
    write(tmp_path, s=SDL)
    (tmp_path / "q.graphql").write_bytes(b"query Q {\n  # caf\xe9\n  a\n}\n")

    assert told(tmp_path, ["s.graphql"], ["q.graphql"]).splitlines()[:2] == [
        "q.graphql:2:8: This file is not UTF-8: byte 0xE9 at offset 17. [unreadable-file]",
        "  2 |   # caf\ufffd",
    ]


def test_utf16_is_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, s=SDL)
    (tmp_path / "q.graphql").write_bytes("query Q { a }".encode("utf-16"))

    assert "q.graphql:1:1: This file is not UTF-8: byte 0xFF at offset 0." in told(
        tmp_path, ["s.graphql"], ["q.graphql"]
    )


def test_everything_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert told(tmp_path, ["nowhere.graphql", "empty"], ["gone"]).splitlines() == [
        (
            "nowhere.graphql: There is no such file or folder to read type definitions from."
            " [missing-input]"
        ),
        (
            "empty: This folder has no type definitions: no file in it ends in .graphql or "
            ".graphqls or .gql. [missing-input]"
        ),
        "gone: There is no such file or folder to read operations from. [missing-input]",
    ]


@contextmanager
def somebody_else() -> Iterator[None]:
    """Root reads everything, so root steps down for a moment."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_an_unreadable_file_is_told() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write(folder, s=SDL, q="query Q { a }")
        load(["s.graphql"], ["q.graphql"], root=folder)  # Imports what only root may read.
        (folder / "q.graphql").chmod(0)

        with somebody_else():
            message = told(folder, ["s.graphql"], ["q.graphql"])

    assert message == (
        "q.graphql: This file cannot be read: permission is denied. [unreadable-file]"
    )


def test_a_dangling_link_in_a_folder_is_told(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, o__q="query Q { a }")
    (tmp_path / "o" / "z.graphql").symlink_to(tmp_path / "gone.graphql")

    assert told(tmp_path, ["s.graphql"], ["o"]) == (
        "o/z.graphql: This file cannot be read. [unreadable-file]"
    )


def test_syntax_errors_of_schema_and_documents_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, s="type Query {", q="query Q {")

    found = told(tmp_path, ["s.graphql"], ["q.graphql"])

    assert "s.graphql:1:13" in found
    assert "q.graphql:1:10" in found


def test_a_file_of_comments_is_no_error_by_itself(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, o__a="# Later.\n", o__b="query Q { a }", o__c="")

    assert list(load(["s.graphql"], ["o"], root=tmp_path).operation_kinds) == ["Q"]


def test_a_schema_without_types_is_told(tmp_path: Path) -> None:
    write(tmp_path, s="# Nothing.\n", q="query Q { a }")

    assert told(tmp_path, ["s.graphql"], ["q.graphql"]) == (
        "s.graphql: The schema has no query type. [missing-root]"
    )


def test_too_deep_a_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, s=SDL, q="query Q " + "{ a " * 100_000)

    assert "nests too deeply" in told(tmp_path, ["s.graphql"], ["q.graphql"])


def test_a_schema_may_be_extended_across_files_and_before_its_types(tmp_path: Path) -> None:
    write(
        tmp_path,
        s__a="extend type Query { more: Int } extend enum E { B } extend union U = T2",
        s__b="type Query { a: E u: U } enum E { A } union U = T1 "
        "type T1 { x: Int } type T2 { y: Int }",
        s__c="extend schema { mutation: M } schema { query: Query } type M { m: Int }",
        q="query Q { more u { ... on T2 { y } } } mutation M { m }",
    )

    loaded = load(["s"], ["q.graphql"], root=tmp_path)

    assert loaded.operation_kinds == {"Q": "query", "M": "mutation"}


def test_root_types_may_have_any_name(load_text: Load) -> None:
    loaded = load_text(
        "schema { query: Read mutation: Write } type Read { a: Int } type Write { b: Int }",
        "query Q { a } mutation M { b }",
    )

    assert loaded.mutation_names == ("b",)


def test_unused_fragments_are_warnings(load_text: Load) -> None:
    loaded = load_text(SDL, "query Q { a } fragment F on B { c }")

    assert [str(item).splitlines()[0] for item in loaded.warnings] == [
        "operations.graphql:1:24: warning: No operation uses the fragment `F`. [unused-fragment]"
    ]


REPEATED = "type Query { a: Int b: Int a: String } input I { x: Int x: Float }"


def test_a_repeated_field_is_an_error_unless_lenient(load_text: Load) -> None:
    with pytest.raises(CodegenError) as caught:
        load_text(REPEATED, "query Q { a }")

    assert [item.severity for item in caught.value.diagnostics] == ["error", "error"]


def test_the_first_of_repeated_fields_wins_with_a_located_warning(load_text: Load) -> None:
    loaded = load_text(REPEATED, "query Q { a }", lenient=True)

    assert loaded.schema.query_type is not None
    assert str(loaded.schema.query_type.fields["a"].type) == "Int"
    assert [str(item).splitlines()[0] for item in loaded.warnings] == [
        (
            "schema.graphql:1:28: warning: The field `Query.a` is defined twice; the first is at "
            "schema.graphql:1:14. [defined-twice]"
        ),
        (
            "schema.graphql:1:57: warning: The field `I.x` is defined twice; the first is at "
            "schema.graphql:1:50. [defined-twice]"
        ),
    ]


UNION = "union U = A | B type A { x: Int y: Int } type B { x: String } type Query { u: U }"
DISJOINT = "query Q { u { ... on A { x } ... on B { x } } }"


def test_types_that_differ_on_disjoint_objects_are_an_error_unless_lenient(load_text: Load) -> None:
    with pytest.raises(CodegenError):
        load_text(UNION, DISJOINT)

    assert [item.severity for item in load_text(UNION, DISJOINT, lenient=True).warnings] == [
        "warning"
    ]


@pytest.mark.parametrize(
    "documents",
    [
        "query Q { u { ... on A { k: x k: y } } }",
        "query Q { a: u { __typename } a: v { __typename } }",
        "query Q { f(x: 1) f(x: 2) }",
        "query Q { nothing }",
        "query Q { u { ... on C { x } } }",
    ],
)
def test_leniency_is_a_closed_list(load_text: Load, documents: str) -> None:
    sdl = UNION + " extend type Query { v: U f(x: Int): Int }"

    with pytest.raises(CodegenError):
        load_text(sdl, documents, lenient=True)


def test_an_interface_that_is_not_deprecated_with_its_field_is_a_warning(load_text: Load) -> None:
    loaded = load_text(
        'interface I { a: Int } type Query implements I { a: Int @deprecated(reason: "x") }',
        "query Q { a }",
    )

    assert [item.severity for item in loaded.warnings] == ["warning"]


def test_linear_is_refused_strictly_and_read_leniently(corpora: Path) -> None:
    folder = corpora / "linear"

    strict = told(folder, ["schema.graphql"], ["operations.graphql"])
    loaded = load(["schema.graphql"], ["operations.graphql"], root=folder, lenient=True)

    assert "operations.graphql:" in strict
    assert len(loaded.operations) == 663
    assert len(loaded.fragments) == 557
    assert all(item.place and item.place.line for item in loaded.warnings)

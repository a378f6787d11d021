from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.starter.folder import Project, kind_of, look_at

if TYPE_CHECKING:
    from pathlib import Path


def lay(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def test_an_empty_folder_is_a_python_project_named_after_it(tmp_path: Path) -> None:
    folder = tmp_path / "My Shop"
    folder.mkdir()

    assert look_at(folder) == Project("my_shop_client", None, (), ())


@pytest.mark.parametrize(
    ("files", "python"),
    [
        ({"pyproject.toml": '[project]\nname = "The-Shop"'}, "the_shop_client"),
        ({"pyproject.toml": '[project]\nname = "9"'}, "graph_client"),
        ({"pyproject.toml": '[project]\nname = "shop"', "src/.keep": ""}, "src/shop_client"),
        (
            {"pyproject.toml": '[project]\nname = "shop"', "src/shop/__init__.py": ""},
            "src/shop/generated",
        ),
        (
            {"pyproject.toml": "", "store/__init__.py": "", "tests/__init__.py": ""},
            "store/generated",
        ),
        ({"pyproject.toml": "not toml", "a/__init__.py": "", "b/__init__.py": ""}, None),
    ],
)
def test_the_package_goes_where_the_project_keeps_its_own(
    tmp_path: Path, files: dict[str, str], python: str | None
) -> None:
    folder = lay(tmp_path / "here", **files)

    assert look_at(folder).python == (python or "here_client")


def test_a_javascript_project_gets_typescript_and_a_mixed_one_both(tmp_path: Path) -> None:
    only = lay(tmp_path / "a", **{"package.json": "{}"})
    mixed = lay(tmp_path / "b", **{"package.json": "{}", "pyproject.toml": "", "src/a.ts": ""})

    assert (look_at(only).python, look_at(only).typescript) == (None, "generated")
    assert (look_at(mixed).python, look_at(mixed).typescript) == ("src/b_client", "src/generated")


def test_files_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    lay(
        tmp_path,
        **{
            "api/a.graphql": "type A { x: Int }",
            "api/b.graphqls": "extend type A { y: Int }",
            "app/queries.graphql": "query Q { x }",
            "app/more.gql": "{ x }",
            "node_modules/c.graphql": "type C { x: Int }",
            ".hidden/d.graphql": "type D { x: Int }",
            "client/.intelgraph-codegen.json": "{}",
            "client/e.graphql": "type E { x: Int }",
        },
    )

    found = look_at(tmp_path)

    assert (found.schema, found.documents) == (("api",), ("app",))


def test_files_of_both_kinds_in_one_folder_are_listed_each(tmp_path: Path) -> None:
    lay(
        tmp_path,
        **{
            "g/a.graphql": "type A { x: Int }",
            "g/b.graphql": "enum B { C }",
            "g/q.graphql": "{ x }",
        },
    )

    found = look_at(tmp_path)

    assert (found.schema, found.documents) == (("g/a.graphql", "g/b.graphql"), ("g/q.graphql",))


def test_the_answer_to_an_introspection_query_counts_where_there_is_no_sdl(tmp_path: Path) -> None:
    lay(tmp_path, **{"schema.json": '{"__schema": {}}', "tsconfig.schema.json": "{}"})

    assert look_at(tmp_path).schema == ("schema.json",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("type A { query: Int fragment: String }", "schema"),
        ('"query Q { x }" scalar A', "schema"),
        ("# type A { x }\nquery Q($a: A = {type: 1}) { type { enum } }", "documents"),
        ("{ x }", "documents"),
        ('""" type A { x: Int } """\nquery Q { x }', "documents"),
        ("type A { x: Int } query Q { x }", None),
        ("", None),
    ],
)
def test_the_kind_of_a_text_is_that_of_its_outermost_words(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind

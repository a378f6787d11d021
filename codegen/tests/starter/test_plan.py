from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from graphql import build_schema

from intelgraph_codegen.errors import UsageError
from intelgraph_codegen.starter.plan import (
    EXAMPLE_SDL,
    Choices,
    config_text,
    missing_documents,
    with_config,
    write_all,
)

if TYPE_CHECKING:
    from pathlib import Path

CHOICES = Choices(("s.graphql",), ("operations",), "src/a", None)
TABLE = config_text(CHOICES, "pyproject.toml")


def test_the_configuration_reads_like_this() -> None:
    assert TABLE == (
        '[tool.intelgraph-codegen]\nschema = ["s.graphql"]\ndocuments = ["operations"]\n'
        'python = "src/a"\nmanifest = "persisted_documents.json"\n'
    )
    assert config_text(CHOICES, "intelgraph-codegen.toml").startswith("schema = ")


@pytest.mark.parametrize(
    "old",
    [
        "",
        "[project]\nname = 'a'\n",
        "[project]\nname = 'a'",
        "\ufeff[tool.x]\r\na = 1\r\n",
        "# é\n",
    ],
)
def test_what_stands_in_the_file_stays_as_it_is(old: str) -> None:
    new = with_config(old, TABLE)

    assert new.startswith(old)
    assert ("\r\n" in old) == ("\r\n" in new)
    assert "\n" not in new.replace("\r\n", "") or "\r\n" not in old
    read = tomllib.loads(new.removeprefix("\ufeff"))
    assert read["tool"]["intelgraph-codegen"]["python"] == "src/a"


@pytest.mark.parametrize("old", ["tool = {x = 1}\n", "no toml", 'a = """\n'])
def test_a_file_that_cannot_take_a_table_is_refused_with_the_table_to_write(old: str) -> None:
    with pytest.raises(UsageError, match="cannot be added to this file") as caught:
        with_config(old, TABLE)

    assert TABLE.rstrip("\n") in str(caught.value)


def test_nothing_is_overwritten_and_nothing_written_beside_it(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")

    with pytest.raises(UsageError, match="b: This file is there already"):
        write_all(tmp_path, {"a": "new", "b": "new", "pyproject.toml": "new"})

    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_a_first_operation_is_written_where_none_of_the_places_is_there(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()

    assert list(missing_documents(["a/", "b"], tmp_path)) == ["a/example.graphql"]
    assert list(missing_documents(["q.gql"], tmp_path)) == ["q.gql"]
    assert list(missing_documents(["a", "there"], tmp_path)) == []


def test_the_example_schema_is_a_schema() -> None:
    assert "Book" in build_schema(EXAMPLE_SDL).type_map

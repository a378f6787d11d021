"""That reading closely only what is reached never changes what a run finds."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.load import load

HERE = Path(__file__).parent
ROUNDS = int(os.environ.get("INTELGRAPH_FUZZ_ROUNDS", "250"))
"""How many damaged schemas are tried; `nox -s soak` tries many more."""

TOKEN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"[^"\n]*"|#[^\n]*|\w+|\.\.\.|[^\s\w]|\s+')
SPLINTERS = (
    *("!", "[", "]", "{", "}", "(", ")", ":", "=", "@deprecated", "@oneOf", "|", "&", "extend "),
    *("implements ", "null", "true", "1", "1.5", '"x"', '"""x"""', "$a", "# c\n", ",", "__x", "-"),
    *(
        "type ",
        "input ",
        "enum ",
        "union ",
        "interface ",
        "scalar ",
        "schema ",
        "directive ",
        "on ",
    ),
    *(
        "directive ",
        "on ",
        "Int",
        "ID",
        "{a:1}",
        "[1]",
        " repeatable ",
        "\ufeff",
        "\x0c",
        "'",
        '"',
        "\\",
    ),
    *("{}", "[]"),
)


def outcome(folder: Path, *, lenient: bool, whole: bool) -> Any:
    try:
        found = load(["s.graphql"], ["d.graphql"], root=folder, lenient=lenient, whole=whole)
    except CodegenError as error:
        return str(error)
    program = build(found, print_documents(found))
    return program, found.warnings, found.type_order, found.scalar_names, found.mutation_names


def damaged(text: str, chance: random.Random) -> str:
    tokens = TOKEN.findall(text)
    places = [index for index, token in enumerate(tokens) if token.strip()]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place, other = chance.choice(places), chance.choice(places)
        tokens[place] = chance.choice(
            (
                "",
                f"{tokens[place]} {tokens[place]}",
                chance.choice(SPLINTERS),
                tokens[other],
                tokens[place] + chance.choice(SPLINTERS),
            )
        )
    return "".join(tokens)


def cases() -> list[tuple[str, str]]:
    folders = sorted(path.parent for path in (HERE / "golden").glob("*/schema.graphql"))
    return [
        tuple((folder / f"{name}.graphql").read_text("utf-8") for name in ("schema", "operations"))
        for folder in folders
        if (folder / "operations.graphql").is_file()
    ]


def test_a_damaged_schema_is_found_to_be_what_a_close_reading_finds(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    accepted = 0
    for _ in range(ROUNDS):
        sdl, documents = chance.choice(cases())
        (tmp_path / "s.graphql").write_text(damaged(sdl, chance), "utf-8")
        (tmp_path / "d.graphql").write_text(documents, "utf-8")
        lenient = chance.random() < 0.5
        quick = outcome(tmp_path, lenient=lenient, whole=False)
        if not isinstance(quick, str):
            accepted += 1
            assert quick == outcome(tmp_path, lenient=lenient, whole=True)
    assert accepted > ROUNDS / 25


@pytest.mark.parametrize("name", ["linear", "github"])
def test_a_real_schema_is_not_read_further_than_it_is_reached(
    name: str, corpora: Path, github_schema: str, request: pytest.FixtureRequest
) -> None:
    schema = github_schema if name == "github" else "schema.graphql"
    documents = ["operations.graphql"]

    quick = load([schema], documents, root=corpora / name, lenient=True)

    whole = request.getfixturevalue(name)
    assert len(quick.schema.type_map) < len(whole.schema.type_map)
    assert quick.warnings == whole.warnings
    assert (quick.type_order, quick.scalar_names) == (whole.type_order, whole.scalar_names)
    assert quick.mutation_names == whole.mutation_names
    assert build(quick, print_documents(quick)) == build(whole, print_documents(whole))

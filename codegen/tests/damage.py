"""Schemas with something wrong, and whether both ways of loading find the same of each."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.load import load

HERE = Path(__file__).parent
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


def compare(folder: Path, *, rounds: int, seed: int) -> int:
    """Load damaged schemas quickly and closely; how many of them were no worse for it.

    Raises `AssertionError` for one that is not found to be the same.
    """
    chance = random.Random(seed)  # noqa: S311
    whole = cases()
    accepted = 0
    for _ in range(rounds):
        sdl, documents = chance.choice(whole)
        (folder / "s.graphql").write_text(damaged(sdl, chance), "utf-8")
        (folder / "d.graphql").write_text(documents, "utf-8")
        lenient = chance.random() < 0.5
        quick = outcome(folder, lenient=lenient, whole=False)
        if not isinstance(quick, str):
            accepted += 1
            assert quick == outcome(folder, lenient=lenient, whole=True), folder / "s.graphql"
    return accepted


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
        ((folder / "schema.graphql").read_text("utf-8"), operations.read_text("utf-8"))
        for folder in folders
        if (operations := folder / "operations.graphql").is_file()
    ]

"""Random statements of all widths: the formatter must find nothing to do."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.python.imports import import_lines, import_statement
from intelgraph_codegen.python.layout import (
    broken,
    python_file,
    split,
    value_block,
    write_alias,
    write_call,
    write_constant,
    write_signature,
    write_variable,
)
from intelgraph_codegen.source_file import Import

if TYPE_CHECKING:
    from intelgraph_codegen.source_file import SourceFile


@pytest.mark.parametrize("seed", range(6))
def test_the_formatter_would_change_nothing(seed: int) -> None:
    text = random_module(random.Random(seed))  # noqa: S311 - nothing secret.

    result = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=100", "--diff", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_a_separator_inside_brackets_does_not_split() -> None:
    assert split("list[A | None] | None", " | ") == ["list[A | None]", "None"]


def test_an_expression_that_fits_is_not_broken() -> None:
    assert broken("A | B", 5) == ["A | B"]
    assert broken("A | B", 5, ",") == ["A", "| B,"]


def test_imports_stand_in_sections_and_those_for_types_apart() -> None:
    found = [
        an_import("..enums.kind", "Kind"),
        an_import("intelgraph.runtime", "Model"),
        an_import("typing", "Literal"),
        an_import("numpy", "array"),
        an_import("datetime", "date", is_type_only=True),
        an_import(".sibling", "Sibling", is_type_only=True),
    ]

    assert import_lines(found) == [
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, Literal",
        "",
        "from numpy import array",
        "",
        "from intelgraph.runtime import Model",
        "",
        "from ..enums.kind import Kind",
        "",
        "if TYPE_CHECKING:",
        "    from datetime import date",
        "",
        "    from .sibling import Sibling",
    ]


def test_a_long_import_has_a_name_a_line() -> None:
    assert import_statement("module", ["A" * 50, "B" * 50]) == [
        "from module import (",
        f"    {'A' * 50},",
        f"    {'B' * 50},",
        ")",
    ]


def an_import(module: str, name: str, *, is_type_only: bool = False) -> Import:
    return Import(module, name, name, is_type_only)


def random_module(source: random.Random) -> str:
    file = python_file("module.py", "random")
    file.gap(2)
    with file.block("class A(B):"):
        file.line("first = 1")
        for _ in range(120):
            source.choice([a_variable, a_field, a_constant, a_method])(file, source)
    for _ in range(15):
        file.gap(2)
        arguments = [f'name="{a_name(source, 100)}"', "kind=1"]
        annotation = f"Operation[{a_name(source, 100)}]"
        write_call(file, "X" * source.randint(1, 80), annotation, "Operation", arguments)
        file.gap(2)
        arguments = [f"{a_name(source, 90)} | str", 'Field(union_mode="left_to_right")']
        write_alias(file, "X" * source.randint(1, 90), "TypeAlias", "Annotated", arguments)
        file.gap(2)
        with value_block(file, "X" * source.randint(1, 90), "TypeAlias", "Annotated[", "]"):
            arms = [f'Annotated[{a_name(source, 80)}, Tag("x")]' for _ in range(3)]
            file.lines(broken(" | ".join(arms), file.room, ","))
            file.line("by_typename(),")
    return file.text()


def a_variable(file: SourceFile, source: random.Random) -> None:
    write_variable(file, "x" * source.randint(1, 60), an_annotation(source))
    write_variable(file, "x" * source.randint(1, 60), f"{a_name(source, 95)} | None", "None")


def a_field(file: SourceFile, source: random.Random) -> None:
    literal = ", ".join(f'"{a_name(source, 50)}"' for _ in range(source.randint(1, 4)))
    annotation = source.choice([an_annotation(source), f"Literal[{literal}]"])
    alias = [f'alias="{a_name(source, 60)}"']
    arguments = source.choice([alias, ["default=None", *alias], [f'deprecated="{"y" * 120}"']])
    write_call(file, "x" * source.randint(1, 60), annotation, "Field", arguments)


def a_constant(file: SourceFile, source: random.Random) -> None:
    write_constant(file, "X" * source.randint(1, 60), f'"{a_name(source, 99)}"')


def a_method(file: SourceFile, source: random.Random) -> None:
    parameters = ["self"]
    for number in range(source.randint(0, 3)):
        declared = f"p{number}{'x' * source.randint(1, 40)}: {an_annotation(source)}"
        parameters += ["*"] if number == 0 else []
        parameters.append(source.choice([declared, f"{declared} | Unset = UNSET"]))
    file.gap(1)
    opening = source.choice(["def ", "async def "]) + "x" * source.randint(1, 60)
    write_signature(file, opening, parameters, f"{an_annotation(source)}:")
    with file.indented():
        file.line("return 1")
    file.gap(1)
    file.line("behind = 1")


def an_annotation(source: random.Random, depth: int = 0) -> str:
    is_list = depth < 3 and source.random() < 0.4
    text = f"list[{an_annotation(source, depth + 1)}]" if is_list else a_name(source, 105)
    return f"{text} | None" if source.random() < 0.45 else text


def a_name(source: random.Random, longest: int) -> str:
    return "A" + "b" * source.randint(1, longest - 1)

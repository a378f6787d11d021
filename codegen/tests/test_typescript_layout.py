"""Random declarations of all widths: the formatter must find nothing to do."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from intelgraph_codegen.source_file import Import, SourceFile
from intelgraph_codegen.typescript.imports import from_statement, import_lines
from intelgraph_codegen.typescript.layout import (
    typescript_file,
    write_interface_opening,
    write_method_opening,
    write_property,
    write_union,
)

SDK = Path(__file__).parents[2] / "sdk-js"


def test_the_formatter_would_change_nothing(tmp_path: Path) -> None:
    biome = SDK / "node_modules" / ".bin" / "biome"
    if not biome.exists():
        pytest.fail("biome is not there; run `nox -s js` once, which installs it")
    shutil.copy(SDK / "biome.json", tmp_path)
    for seed in range(6):
        text = random_module(random.Random(seed))  # noqa: S311 - nothing secret.
        (tmp_path / f"module_{seed}.ts").write_text(text)

    result = subprocess.run(
        [biome, "format", "."], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_a_type_that_may_be_null_is_never_broken() -> None:
    assert a_property(f"{'A' * 100} | null") == [f"readonly key: {'A' * 100} | null;"]
    text = f"ReadonlyArray<{'A' * 100} | null> | null"
    assert a_property(text) == [f"readonly key: {text};"]


def test_a_union_is_broken_into_its_members() -> None:
    assert a_property(f"{'A' * 90} | null | undefined") == [
        "readonly key:",
        f"  | {'A' * 90}",
        "  | null",
        "  | undefined;",
    ]


def test_packages_are_imported_first_and_distant_files_before_near_ones() -> None:
    modules = ["./a2.js", "./a10.js", "./a_b.js", "../z.js", "@intelgraph/sdk/runtime"]
    found = [Import(module, "X", "X", is_type_only=False) for module in modules]

    assert [line.split('"')[1] for line in import_lines(found)] == [
        "@intelgraph/sdk/runtime",
        "../z.js",
        "./a_b.js",
        "./a2.js",
        "./a10.js",
    ]


def test_an_import_of_nothing_but_types_vanishes_when_compiled() -> None:
    assert from_statement("import", ["A", "B as C"], [True, True], "./x.js") == [
        'import type { A, B as C } from "./x.js";'
    ]
    assert from_statement("import", ["A", "B"], [False, True], "./x.js") == [
        'import { A, type B } from "./x.js";'
    ]


def test_a_long_import_has_a_name_a_line_unless_it_is_of_one_name() -> None:
    assert len(from_statement("import", ["A" * 100], [True], "./x.js")) == 1
    assert from_statement("import", ["A" * 50, "B" * 50], [True, False], "./x.js") == [
        "import {",
        f"  type {'A' * 50},",
        f"  {'B' * 50},",
        '} from "./x.js";',
    ]


def a_property(type_: str) -> list[str]:
    file = typescript_file("module.ts", "zoo.graphql")
    write_property(file, "key", type_)
    return file.text().splitlines()[2:]


def random_module(source: random.Random) -> str:
    file = typescript_file("module.ts", "random")
    for _ in range(60):
        file.gap(1)
        an_interface(file, source)
        file.gap(1)
        members = [f'"{a_name(source, 40)}"' for _ in range(source.randint(1, 4))]
        write_union(file, a_name(source, 90), members)
    file.gap(1)
    with file.block("export class A extends B {", "}"):
        for number in range(40):
            file.gap(min(number, 1))
            a_method(file, source)
    return file.text()


def an_interface(file: SourceFile, source: random.Random) -> None:
    bases = [a_name(source, 60) for _ in range(source.randint(0, 3))]
    write_interface_opening(file, a_name(source, 60), bases, "{")
    with file.indented():
        for _ in range(source.randint(1, 5)):
            write_property(file, "x" * source.randint(1, 60), a_type(source))
    file.line("}")


def a_method(file: SourceFile, source: random.Random) -> None:
    variables = f"variables: {a_name(source, 80)}"
    parameters = source.choice([[], [variables], [f"{variables} = {{}}"]])
    item = source.choice([a_name(source, 100), f'{a_name(source, 100)}["entity"]'])
    is_async = source.random() < 0.7
    returns = ("Promise", item) if is_async else ("AsyncGenerator", item, "void", "undefined")
    name = "x" * source.randint(1, 60)
    given = [*parameters, "options?: CallOptions"]
    write_method_opening(file, name, given, returns, is_async=is_async)
    file.line("  return null;")
    file.line("}")


def a_type(source: random.Random, depth: int = 0) -> str:
    is_list = depth < 2 and source.random() < 0.4
    text = f"ReadonlyArray<{a_type(source, depth + 1)}>" if is_list else a_leaf(source)
    endings = ["", " | null"] if depth else ["", " | null", " | undefined", " | null | undefined"]
    return text + source.choice(endings)


def a_leaf(source: random.Random) -> str:
    words = ["boolean", "number", "string"]
    return source.choice(words) if source.random() < 0.2 else a_name(source, 105)


def a_name(source: random.Random, longest: int) -> str:
    return "A" + "b" * source.randint(1, longest - 1)

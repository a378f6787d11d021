"""Each folder of `golden/` is a feature of GraphQL, `expected/` all that is printed for it.

`pytest codegen/tests/test_golden.py --update` rewrites the expectations and fails, so that
somebody looks at them. What is expected must also stand the tools that its readers use;
those run once over all cases together.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from checkers import ROOT, mypy, pyright, run, tool, tsc
from hostile import Hostile

from intelgraph_codegen import python, typescript
from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.config import Settings, read_config
from intelgraph_codegen.load import load

if TYPE_CHECKING:
    from intelgraph_codegen.ir import Program

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
HOSTILE = {f"hostile_{seed}": seed for seed in (408, 409, 410)}
# Mistakes of callers, which every checker must find.
MISUSE = Path(__file__).parent / "misuse"
# A formatter has its own ways with names that no line holds.
SHORT = [*CASES, "hostile_408", "hostile_409"]
RUFF = ["--isolated", "--no-cache", "--line-length=100"]


@pytest.mark.parametrize("case", CASES)
def test_a_feature_is_printed_exactly_so(case: str, update: bool) -> None:  # noqa: FBT001
    files = printed(case)

    if update and files != expected(case):
        store(case, files)
        pytest.fail("The expectation was written anew; look at it.")
    assert files == expected(case), "Run pytest with --update and look at what has changed."


def test_there_are_goldens_of_all_features() -> None:
    assert len(CASES) >= 30


def test_expected_python_is_laid_out_as_its_formatter_would(packages: Path) -> None:
    run([sys.executable, "-m", "ruff", "format", "--check", "--diff", *RUFF, *SHORT], packages)


def test_expected_python_has_no_mistake_that_a_linter_finds(packages: Path) -> None:
    rules = "--select=E4,E7,E9,F,I,PLE,RUF022,UP,W"
    options = ["--target-version=py311", rules, *RUFF]
    run([sys.executable, "-m", "ruff", "check", *options, *CASES, *HOSTILE], packages)


def test_expected_python_passes_mypy_strict(packages: Path) -> None:
    mypy(packages, [*CASES, *HOSTILE, MISUSE.name])


def test_expected_python_passes_pyright_strict(packages: Path) -> None:
    pyright(packages, [*CASES, *HOSTILE, MISUSE.name])


def test_expected_typescript_passes_the_strictest_compiler(modules: Path) -> None:
    tsc(modules, [*CASES, *HOSTILE, MISUSE.name])


def test_expected_typescript_is_laid_out_and_linted(modules: Path) -> None:
    shutil.copy(ROOT / "sdk-js" / "biome.json", modules / "biome.json")

    run([tool("biome"), "check", "--error-on-warnings", *SHORT], modules)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the expected Python package of each case under the case's name.

    Beside them stand packages of random schemas that are as unkind as GraphQL allows.
    """
    folder = copies(tmp_path_factory.mktemp("packages"), "python")
    shutil.copytree(MISUSE, folder / MISUSE.name)
    for name in HOSTILE:
        store_text(folder / name, python.emit(hostile_program(name, folder), {}))
    return folder


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the expected TypeScript modules."""
    folder = copies(tmp_path_factory.mktemp("modules"), "typescript")
    shutil.copytree(MISUSE, folder / MISUSE.name)
    for name in HOSTILE:
        store_text(folder / name, typescript.emit(hostile_program(name, folder), {}))
    return folder


def printed(case: str) -> dict[str, str]:
    """Every file that is printed for a case, by its path below `expected/`."""
    folder = GOLDEN / case
    # Each is a file, or a folder where the case is about several.
    schema, documents = (
        name if (folder / name).is_dir() else f"{name}.graphql" for name in ("schema", "operations")
    )
    loaded = load([schema], [documents], root=folder)
    program = build(loaded, print_documents(loaded))
    config = folder / "pyproject.toml"
    settings = read_config(config.read_text(), str(config)) if config.exists() else None
    scalars = (settings or Settings()).scalars
    files = {f"python/{path}": text for path, text in python.emit(program, scalars).items()}
    files |= {
        f"typescript/{path}": text for path, text in typescript.emit(program, scalars).items()
    }
    return files


def expected(case: str) -> dict[str, str]:
    """The files that are stored for a case."""
    folder = GOLDEN / case / "expected"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def copies(folder: Path, language: str) -> Path:
    for case in CASES:
        shutil.copytree(
            GOLDEN / case / "expected" / language,
            folder / case,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return folder


def store(case: str, files: dict[str, str]) -> None:
    folder = GOLDEN / case / "expected"
    shutil.rmtree(folder, ignore_errors=True)
    store_text(folder, files)


def store_text(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def hostile_program(name: str, folder: Path) -> Program:
    source = Hostile(HOSTILE[name], has_long=name not in SHORT)
    sources = {f"{name}.schema": source.schema, f"{name}.documents": source.documents}
    store_text(folder, {f"{each}.graphql": text for each, text in sources.items()})
    schema, documents = (f"{each}.graphql" for each in sources)
    loaded = load([schema], [documents], root=folder, lenient=True)
    return build(loaded, print_documents(loaded))

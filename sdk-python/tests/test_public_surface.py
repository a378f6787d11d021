from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import intelgraph

PACKAGE = Path(intelgraph.__file__).parent
LAZY_PACKAGES = ["intelgraph", "intelgraph.runtime"]


def case_sorted(names: list[str]) -> list[str]:
    """Constants, classes, then the rest: the order that ruff keeps `__all__` in."""
    return sorted(names, key=lambda name: (not name.isupper(), not name[:1].isupper(), name))


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", LAZY_PACKAGES)
def test_all_is_sorted_and_everything_in_it_exists(name: str) -> None:
    module = import_module(name)

    assert module.__all__ == case_sorted(module.__all__)
    assert all(hasattr(module, each) for each in module.__all__)


@pytest.mark.parametrize("name", LAZY_PACKAGES)
def test_every_lazy_name_is_public(name: str) -> None:
    module = import_module(name)

    assert set(module._WHERE) <= set(module.__all__)


def test_every_public_class_and_function_says_what_it_is() -> None:
    things = [getattr(intelgraph, name) for name in intelgraph.__all__]

    documented = [each for each in things if inspect.isclass(each) or inspect.isroutine(each)]
    missing = [each for each in documented if not each.__doc__]

    assert missing == []


def test_a_misspelt_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="IntelGraf"):
        intelgraph.IntelGraf  # type: ignore[attr-defined] # noqa: B018 - the access is the point.


def test_dir_lists_what_is_public() -> None:
    assert dir(intelgraph) == sorted(intelgraph.__all__)


@pytest.mark.parametrize(
    "statement",
    [
        "import intelgraph",
        "import intelgraph.runtime",
        "import intelgraph.generated",
        "from intelgraph import UNSET, OperationError",
        "from intelgraph.generated.inputs import EntityFilter",
        "from intelgraph.webhooks import unwrap",
    ],
)
def test_an_import_that_decodes_nothing_loads_no_dependency(statement: str) -> None:
    loaded = modules_after(statement)

    assert loaded.isdisjoint({"httpx", "pydantic", "tenacity"})


@pytest.mark.parametrize("package", ["intelgraph", "intelgraph.runtime", "intelgraph.generated"])
def test_a_lazy_package_loads_neither_typing_nor_re(package: str) -> None:
    # Each of them takes longer to import than all that is ours.
    assert modules_after(f"import {package}").isdisjoint({"typing", "re", "enum", "functools"})


def test_a_client_loads_neither_pydantic_nor_certificates_before_it_is_called() -> None:
    loaded = modules_after(
        "import ssl; ssl.SSLContext.load_verify_locations = None;"
        " from intelgraph import IntelGraph; IntelGraph(api_key=None)"
    )

    assert {"httpx", "tenacity", "intelgraph._call"} <= loaded
    unused = ("pydantic.", "intelgraph.generated.operations.", "intelgraph.generated.fragments.")
    assert not [name for name in loaded if name.startswith(unused)]
    assert loaded.isdisjoint({"pydantic", "intelgraph._events", "intelgraph._stream"})


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    return names


@pytest.mark.parametrize(
    "path",
    sorted((PACKAGE / "generated").rglob("*.py")),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_generated_code_imports_nothing_but_the_runtime(path: Path) -> None:
    allowed = {"__future__", "typing", "enum", "intelgraph.runtime"}

    assert imported_names(path) <= allowed


@pytest.mark.parametrize(
    "path",
    sorted((PACKAGE / "generated").rglob("*.py")),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_generated_code_says_the_type_of_all_that_it_takes_and_gives(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "Any"]
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.name.startswith("__get"):
            # Python's own way to ask a module for a name, which no checker sees.
            continue
        taken = [each for each in function.args.args if each.arg != "self"]
        assert function.returns, function.name
        assert all(each.annotation for each in [*taken, *function.args.kwonlyargs]), function.name


def test_only_the_transport_knows_httpx() -> None:
    users = [path.name for path in PACKAGE.rglob("*.py") if "httpx" in imported_names(path)]

    assert users == ["_transport.py"]

"""Clients of real schemas at work: whatever a server may answer comes back as it was sent."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from answers import Answers
from checkers import mypy, pyright, tsc

from intelgraph.runtime import Operation
from intelgraph_codegen.config import Settings
from intelgraph_codegen.run import generate
from intelgraph_codegen.targets import ScalarTarget

if TYPE_CHECKING:
    from pathlib import Path

    from intelgraph_codegen.load import Loaded

INSTANT = "2026-04-15T12:00:00Z"
SIZES = {"linear": 663, "github": 26}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory, corpora: Path, github_schema: str) -> Path:
    """A folder with both clients of each corpus, as `corpus_<name>` and `<name>_ts`."""
    folder = tmp_path_factory.mktemp("corpora")
    schemas = {"linear": str(corpora / "linear" / "schema.graphql"), "github": github_schema}
    for name, schema in schemas.items():
        settings = Settings(
            schema=(schema,),
            documents=(str(corpora / name / "operations.graphql"),),
            python=str(folder / f"corpus_{name}"),
            typescript=str(folder / f"{name}_ts"),
            lenient=True,
            scalars={"DateTime": ScalarTarget("intelgraph.runtime.DateTime", None)},
        )
        generate(settings)
    return folder


@pytest.mark.parametrize("name", SIZES)
def test_whatever_is_answered_to_any_operation_comes_back_as_it_was_sent(
    name: str, packages: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(packages)
    loaded: Loaded = request.getfixturevalue(name)
    answers = Answers(loaded.schema, seed=2, nulls=0.2, DateTime=INSTANT)
    operations = operations_of(f"corpus_{name}")
    assert len(operations) == SIZES[name]

    for operation in operations:
        if operation.kind == "subscription":
            continue
        variables = answers.variables(operation.document)
        sent = answers.answer(operation.document, variables)
        decoded = operation.data.model_validate_json(json.dumps(sent))
        assert decoded.model_dump(mode="json", by_alias=True, exclude_unset=True) == sent


@pytest.mark.parametrize("name", SIZES)
def test_making_a_client_loads_none_of_its_operations(name: str, packages: Path) -> None:
    package = f"corpus_{name}"
    made = f"import {package}; {package}.Client(url='http://api.test', api_key=None)"

    own = [each for each in modules_after(made, packages) if each.startswith(package)]

    assert own == [package, f"{package}.client"]


def test_importing_a_client_loads_no_more_modules_for_more_operations(packages: Path) -> None:
    counts = {len(modules_after(f"import corpus_{name}", packages)) for name in SIZES}

    assert len(counts) == 1


def test_clients_of_real_schemas_pass_mypy_strict(packages: Path) -> None:
    mypy(packages, [f"corpus_{name}" for name in SIZES])


def test_clients_of_real_schemas_pass_pyright_strict(packages: Path) -> None:
    pyright(packages, [f"corpus_{name}" for name in SIZES])


def test_clients_of_real_schemas_pass_the_strictest_typescript_compiler(packages: Path) -> None:
    tsc(packages, [f"{name}_ts" for name in SIZES])


def operations_of(package: str) -> list[Operation[Any]]:
    folder = import_module(package).operations
    named = (getattr(folder, name) for name in folder.__all__)
    return [thing for thing in named if isinstance(thing, Operation)]


def modules_after(statement: str, folder: Path) -> list[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.split()

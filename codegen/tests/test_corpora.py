"""Clients of real schemas at work: every operation runs, and what is answered comes back."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from calls_typescript import run_calls, write_calls
from checkers import ROOT, mypy, pyright, tsc
from corpora import Corpus, call_awaiting, call_blocking, plain

from intelgraph_codegen.config import Settings, read_config
from intelgraph_codegen.load import load
from intelgraph_codegen.targets import ScalarTarget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intelgraph_codegen.load import Loaded

SIZES = {"linear": 663, "github": 26, "own": 44}
SCALARS = {
    "Date": ScalarTarget("datetime.date", None),
    "DateTime": ScalarTarget("intelgraph.runtime.DateTime", "@intelgraph/sdk/runtime#DateTime"),
}

# Some operations are deprecated, and are called all the same.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def clients(
    tmp_path_factory: pytest.TempPathFactory, linear: Loaded, github: Loaded
) -> Iterator[dict[str, Corpus]]:
    """Both clients of each corpus, in one folder that Python can import from."""
    folder = tmp_path_factory.mktemp("corpora")
    config = ROOT / "pyproject.toml"
    settings = read_config(config.read_text("utf-8"), str(config)) or Settings()
    own = load(settings.schema, settings.documents, root=ROOT, whole=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield {
            "linear": Corpus("linear", linear, SCALARS, folder),
            "github": Corpus("github", github, SCALARS, folder),
            "own": Corpus("own", own, settings.scalars, folder),
        }


@pytest.mark.parametrize("name", SIZES)
def test_whatever_a_blocking_client_is_answered_is_what_it_returns(
    name: str, clients: dict[str, Corpus]
) -> None:
    corpus = clients[name]
    assert len(corpus.calls) == SIZES[name]
    for call in corpus.calls:
        assert plain(call_blocking(corpus, call)) == call.results, call.operation.name


@pytest.mark.parametrize("name", SIZES)
def test_whatever_an_awaiting_client_is_answered_is_what_it_returns(
    name: str, clients: dict[str, Corpus]
) -> None:
    corpus = clients[name]

    async def run_all() -> None:
        for call in corpus.calls:
            results = await call_awaiting(corpus, call)
            assert plain(results) == call.results, call.operation.name

    asyncio.run(run_all())


def test_typescript_types_every_answer_and_returns_it_under_the_same_ids(
    clients: dict[str, Corpus],
) -> None:
    folder = clients["own"].folder
    for corpus in clients.values():
        write_calls(corpus)

    tsc(folder, [f"{name}_{part}" for name in clients for part in ("typescript", "calls.ts")])

    assert run_calls(folder, [*clients.values()]) == {
        name: {call.operation.name: call.operation.document_id for call in corpus.calls}
        for name, corpus in clients.items()
    }


@pytest.mark.parametrize("name", SIZES)
def test_whatever_the_schema_says_of_what_is_used_stands_in_the_code(
    name: str, clients: dict[str, Corpus]
) -> None:
    corpus = clients[name]
    texts = {path: words(text) for path, text in corpus.files.items()}
    described = [item for item in corpus.descriptions() if item[1]]

    lost = [(path, text) for path, text in described if words(text) not in texts[path]]

    assert not lost, lost[:5]
    assert len(described) > 2 * SIZES[name]


@pytest.mark.parametrize("name", SIZES)
def test_making_a_client_loads_none_of_its_operations(
    name: str, clients: dict[str, Corpus]
) -> None:
    package = f"{name}_python"
    made = f"import {package}; {package}.Client(url='http://api.test', api_key=None)"

    loaded = modules_after(made, clients[name].folder)

    own = [each for each in loaded if each.startswith(package)]
    # The codes of errors tell which of them may be tried again.
    assert {*own} <= {package, f"{package}.client", f"{package}.errors"}


def test_importing_a_client_loads_no_more_modules_for_more_operations(
    clients: dict[str, Corpus],
) -> None:
    counts = {
        len(modules_after(f"import {name}_python", clients[name].folder))
        for name in ("linear", "github")
    }

    assert len(counts) == 1


def test_clients_of_real_schemas_pass_mypy_strict(clients: dict[str, Corpus]) -> None:
    mypy(clients["own"].folder, [f"{name}_python" for name in clients])


def test_clients_of_real_schemas_pass_pyright_strict(clients: dict[str, Corpus]) -> None:
    pyright(clients["own"].folder, [f"{name}_python" for name in clients])


def words(text: str) -> str:
    """What is left of a text in whatever comment, with whatever line ends."""
    return " ".join(re.findall(r"\w+", text))


def modules_after(statement: str, folder: Path) -> list[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.split()

"""Both generators' packages, printed once for all oracles."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from oracle.corpora import Corpus, corpus_of
from reference_server import STILL, ReferenceServer, running

from intelgraph.runtime import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that all packages are printed into, and imported from."""
    folder = tmp_path_factory.mktemp("printed")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def with_ours(printed: Path) -> Callable[[str], Corpus]:
    """The corpus of a name, once our clients of it are printed."""
    done: dict[str, Corpus] = {}

    def print_them(name: str) -> Corpus:
        if name not in done:
            corpus = corpus_of(name)
            corpus.generate_ours(printed)
            done[name] = corpus
        return done[name]

    return print_them


@pytest.fixture(scope="session")
def operations_of() -> Callable[[str], list[Operation[Any]]]:
    """All operations of one of our packages."""

    def find(package: str) -> list[Operation[Any]]:
        folder = import_module(package).operations
        named = (getattr(folder, name) for name in folder.__all__)
        return [thing for thing in named if isinstance(thing, Operation)]

    return find


@pytest.fixture(scope="session")
def main_python() -> Path:
    """The interpreter of the environment beside this one; the server needs its graphql-core."""
    own = Path(sys.executable)
    python = own.parents[2] / "main" / own.parent.name / own.name
    assert python.exists(), "run `nox -s main` first, whose environment the server runs in"
    return python


@pytest.fixture(scope="session")
def server(main_python: Path) -> Iterator[ReferenceServer]:
    """A reference server that runs published documents only."""
    with running((*STILL, "--documents", "allow-list"), python=main_python) as server:
        yield server


@pytest.fixture(scope="session")
def open_server(main_python: Path) -> Iterator[ReferenceServer]:
    """A reference server that runs any document."""
    with running(python=main_python) as server:
        yield server

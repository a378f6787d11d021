"""Both generators' packages, printed once for all oracles."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from corpora import Corpus, corpus_of

from intelgraph.runtime import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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

"""Options, folders and short cuts that several tests share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import HealthCheck, settings

from intelgraph_codegen.build import Facts, build, print_documents
from intelgraph_codegen.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.ir import Program
    from intelgraph_codegen.load import Loaded

# Other work on the same machine must not fail a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

CORPORA = Path(
    os.environ.get("INTELGRAPH_CORPORA", Path(__file__).parents[3] / "shared" / "corpora")
)
MODULES = Path(__file__).parents[2] / "sdk-js" / "node_modules"
GITHUB = MODULES / "@octokit" / "graphql-schema" / "schema.graphql"


class Load(Protocol):
    """Loads GraphQL that is given as text."""

    def __call__(self, sdl: str, documents: str, *, lenient: bool = False) -> Loaded: ...


class Build(Protocol):
    """Builds the program of GraphQL that is given as text."""

    def __call__(
        self,
        sdl: str,
        documents: str,
        *,
        lenient: bool = False,
        idempotent_mutations: Sequence[str] = (),
        keyed_mutations: Sequence[str] = (),
        retryable_codes: Sequence[str] = (),
    ) -> Program: ...


def pytest_configure() -> None:
    # Tests of the command line leave nothing where the user's own runs are remembered.
    os.environ.setdefault("INTELGRAPH_CODEGEN_CACHE", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite golden files, and fail")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real schemas and documents, which are no part of this repository."""
    if not CORPORA.is_dir():
        absent = f"NOT RUN: there are no corpora at {CORPORA}; set INTELGRAPH_CORPORA"
        if os.environ.get("INTELGRAPH_REQUIRE_CORPORA"):
            pytest.fail(absent)
        pytest.skip(absent)
    return CORPORA


@pytest.fixture(scope="session")
def linear(corpora: Path) -> Loaded:
    folder = corpora / "linear"
    documents = ["operations.graphql"]
    return load(["schema.graphql"], documents, root=folder, lenient=True, whole=True)


@pytest.fixture(scope="session")
def github_schema(corpora: Path) -> str:
    """The SDL of GitHub, which a pinned package of the JavaScript client's developers carries."""
    del corpora
    if not GITHUB.is_file():
        absent = f"NOT RUN: there is no {GITHUB.name} of GitHub; `npm --prefix sdk-js ci` gets it"
        if os.environ.get("INTELGRAPH_REQUIRE_CORPORA"):
            pytest.fail(absent)
        pytest.skip(absent)
    return str(GITHUB)


@pytest.fixture(scope="session")
def github(corpora: Path, github_schema: str) -> Loaded:
    folder = corpora / "github"
    documents = ["operations.graphql"]
    return load([github_schema], documents, root=folder, lenient=True, whole=True)


@pytest.fixture
def load_text(tmp_path: Path) -> Load:
    def load_them(sdl: str, documents: str, *, lenient: bool = False) -> Loaded:
        (tmp_path / "schema.graphql").write_text(sdl, encoding="utf-8")
        (tmp_path / "operations.graphql").write_text(documents, encoding="utf-8")
        return load(["schema.graphql"], ["operations.graphql"], root=tmp_path, lenient=lenient)

    return load_them


@pytest.fixture
def build_text(load_text: Load) -> Build:
    def build_them(
        sdl: str,
        documents: str,
        *,
        lenient: bool = False,
        idempotent_mutations: Sequence[str] = (),
        keyed_mutations: Sequence[str] = (),
        retryable_codes: Sequence[str] = (),
    ) -> Program:
        loaded = load_text(sdl, documents, lenient=lenient)
        facts = Facts(
            frozenset(idempotent_mutations), frozenset(keyed_mutations), tuple(retryable_codes)
        )
        return build(loaded, print_documents(loaded), facts=facts)

    return build_them

"""Options and folders that several tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CORPORA = Path(
    os.environ.get("INTELGRAPH_CORPORA", Path(__file__).parents[3] / "shared" / "corpora")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite golden files, and fail")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real schemas and documents, which are no part of this repository."""
    if not CORPORA.is_dir():
        pytest.skip(f"NOT RUN: there are no corpora at {CORPORA}; set INTELGRAPH_CORPORA")
    return CORPORA

"""The plugin as a project of its own has it: in a `conftest.py`, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CONFTEST = """
import pytest
pytest_plugins = ["intelgraph.testing.pytest_plugin"]

@pytest.fixture(scope="session")
def intelgraph_server_options():
    return {"documents": "allow-list"}
"""
TESTS = """
import pytest
from intelgraph import OperationError
SEEN = []

def test_the_client_speaks_for_a_tenant(intelgraph_client, intelgraph_server):
    SEEN.append(intelgraph_server.url)
    assert [tile.kind for tile in intelgraph_client.trust_tiles()]

def test_the_server_is_the_same_and_started_as_the_project_says(
    intelgraph_client, intelgraph_server
):
    assert [intelgraph_server.url] == SEEN
    with pytest.raises(OperationError, match="PERSISTED_DOCUMENT"):
        intelgraph_client.execute("{ __typename }")
"""


def test_a_project_gets_one_server_for_its_run_and_a_client_for_each_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    (tmp_path / "test_own.py").write_text(TESTS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=."]

    done = subprocess.run(
        [*command, "test_own.py"], check=False, capture_output=True, text=True, cwd=tmp_path
    )

    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout

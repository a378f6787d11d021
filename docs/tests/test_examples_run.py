"""Runs every example in both languages against a server of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typescript_project
from repository import ROOT, files

if TYPE_CHECKING:
    from reference_server import ReferenceServer

PYTHON = [name for name in files() if name.startswith("examples/python/") and name.endswith(".py")]
TYPESCRIPT = [name for name in files() if name.startswith("examples/js/") and name.endswith(".ts")]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript examples, compiled as a user's project would."""
    folder = tmp_path_factory.mktemp("examples")
    typescript_project.prepare(folder)
    for name in TYPESCRIPT:
        shutil.copy(ROOT / name, folder)
    typescript_project.compile_all(folder)
    return folder


def test_both_languages_tell_the_same_stories() -> None:
    assert {Path(name).stem for name in PYTHON} == {Path(name).stem for name in TYPESCRIPT} != set()


@pytest.mark.parametrize("name", PYTHON)
def test_the_python_example_runs_to_its_end(name: str, server: ReferenceServer) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", ROOT / name],
        check=False,
        capture_output=True,
        text=True,
        env=server.environment,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("name", TYPESCRIPT)
def test_the_typescript_example_runs_to_its_end(
    name: str, server: ReferenceServer, compiled: Path
) -> None:
    assert typescript_project.run(compiled / Path(name).name, server.environment)

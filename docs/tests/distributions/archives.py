"""What `nox -s build` leaves in `dist/`, and how a test runs a program beside it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

from repository import PYTHON_PACKAGES, ROOT, text

if TYPE_CHECKING:
    from pathlib import Path

DIST = ROOT / "dist"


def version_of(package: str) -> str:
    module = PYTHON_PACKAGES[package]
    found = re.search(r'"(.+)"\n$', text(f"{package}/src/{module}/_version.py"))
    assert found
    return found[1]


def built(name: str) -> Path:
    assert (DIST / name).exists(), f"dist/{name} is missing; run nox -s build"
    return DIST / name


def wheel_of(package: str) -> Path:
    # A distribution is named like its module, apart from how a wheel spells a hyphen.
    return built(f"{PYTHON_PACKAGES[package]}-{version_of(package)}-py3-none-any.whl")


def npm_archive() -> Path:
    return built(f"intelgraph-sdk-{json.loads(text('sdk-js/package.json'))['version']}.tgz")


def names_in(archive: Path) -> set[str]:
    with tarfile.open(archive) as opened:
        return {name.partition("/")[2] for name in opened.getnames()}


def run(*command: str | Path, folder: Path) -> str:
    program = shutil.which(str(command[0]))
    assert program, f"needs {command[0]}"
    pinned = {"UV_CONSTRAINT": str(ROOT / "requirements" / "main.txt")}
    done = subprocess.run(
        [program, *command[1:]],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **pinned},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

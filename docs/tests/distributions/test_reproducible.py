"""What is published can be checked by anybody: the same commit gives the same bytes.

The first build is that of `nox -s build`. The second is made of what is under version control
alone, in another folder, by somebody with another umask, another language and another clock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from distributions.archives import built, npm_archive, version_of, wheel_of
from repository import PYTHON_PACKAGES, ROOT, files

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}


def copied(package: str, folder: Path) -> Path:
    """The package's files as a fresh clone has them."""
    # The server brings the vectors of `schema/`, by which it judges others.
    rooms = (f"{package}/", "schema/", ".gitignore")
    for name in files():
        if name.startswith(rooms) and "/tests/" not in name:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    return folder / package


def build(command: list[str], folder: Path) -> None:
    program = shutil.which(command[0]) or command[0]
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env={**os.environ, **ELSEWHERE},
        umask=0o077 if os.name == "posix" else -1,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def digests(*archives: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in archives}


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_wheel_and_its_source_archive_are_the_same_bytes_anywhere(
    package: str, tmp_path: Path
) -> None:
    archive = built(f"{PYTHON_PACKAGES[package]}-{version_of(package)}.tar.gz")

    source = copied(package, tmp_path)
    build([sys.executable, "-m", "build", "--no-isolation", "-o", "again"], source)

    assert digests(*source.glob("again/*")) == digests(wheel_of(package), archive)


@pytest.mark.skipif(os.name == "nt", reason="not run: linking a folder takes a right on Windows")
def test_the_npm_tarball_is_the_same_bytes_anywhere(tmp_path: Path) -> None:
    source = copied("sdk-js", tmp_path)
    (source / "node_modules").symlink_to(ROOT / "sdk-js" / "node_modules", target_is_directory=True)
    (tmp_path / "again").mkdir()

    build(["npm", "pack", "--silent", "--pack-destination", str(tmp_path / "again")], source)

    assert digests(*tmp_path.glob("again/*")) == digests(npm_archive())

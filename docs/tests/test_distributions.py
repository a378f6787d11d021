"""What `nox -s build` leaves in `dist/`: complete, and usable in an empty environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from repository import PYTHON_PACKAGES, ROOT, files, text

if TYPE_CHECKING:
    from pathlib import Path

DIST = ROOT / "dist"
COMMANDS = {"codegen": "intelgraph-codegen", "reference-server": "intelgraph-server"}


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


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_wheel_holds_the_package_its_licence_and_its_types(package: str) -> None:
    module = PYTHON_PACKAGES[package]
    names = zipfile.ZipFile(wheel_of(package)).namelist()

    assert f"{module}/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert [name for name in names if not name.startswith((f"{module}/", f"{module}-"))] == []
    assert [name for name in names if "test_" in name or "__pycache__" in name] == []


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_wheel_holds_what_its_code_reads_beside_itself(package: str) -> None:
    source = f"{package}/src/"
    own = {name.removeprefix(source) for name in files() if name.startswith(source)}
    names = set(zipfile.ZipFile(wheel_of(package)).namelist())

    assert {name for name in own - names if not name.endswith(".intelgraph-codegen.json")} == set()


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_source_archive_holds_what_a_wheel_is_built_from(package: str) -> None:
    names = names_in(built(f"{PYTHON_PACKAGES[package]}-{version_of(package)}.tar.gz"))

    assert {"LICENSE", "README.md", "pyproject.toml"} <= names
    assert f"src/{PYTHON_PACKAGES[package]}/py.typed" in names


def test_the_server_holds_every_vector_that_it_judges_others_by() -> None:
    folder = "schema/conformance/server/"
    vectors = [name.removeprefix(folder) for name in files() if name.startswith(folder)]
    wheel = zipfile.ZipFile(wheel_of("reference-server"))
    module = PYTHON_PACKAGES["reference-server"]

    packed = {name: wheel.read(f"{module}/vectors/{name}").decode() for name in vectors}

    assert packed == {name: text(f"{folder}{name}") for name in vectors}


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_wheel_is_imported_in_an_empty_environment(package: str, tmp_path: Path) -> None:
    module = PYTHON_PACKAGES[package]
    alone = ("uv", "run", "--quiet", "--isolated", "--no-project", "--with", wheel_of(package))
    program = f"import {module}, sys; print({module}.__version__)"

    version = run(*alone, "python", "-I", "-c", program, folder=tmp_path).strip()

    assert version == version_of(package)
    if package in COMMANDS:
        assert version in run(*alone, COMMANDS[package], "--version", folder=tmp_path)


def test_the_npm_package_holds_what_it_exports_and_its_licence() -> None:
    names = names_in(npm_archive())
    exported = json.loads(text("sdk-js/package.json"))["exports"]
    targets = [target for entry in exported.values() for target in dict.values(as_dict(entry))]

    assert {"LICENSE", "README.md", "package.json"} <= names
    assert [t for t in targets if "*" not in t and t.removeprefix("./") not in names] == []
    assert [name for name in names if name.startswith(("test/", "build/"))] == []


def as_dict(entry: str | dict[str, str]) -> dict[str, str]:
    return entry if isinstance(entry, dict) else {"default": entry}


def test_the_npm_package_is_imported_in_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}\n', "utf-8")
    install = ("npm", "install", "--offline", "--no-audit", "--no-fund")
    run(*install, npm_archive(), folder=tmp_path)
    program = 'import("@intelgraph/sdk").then((sdk) => console.log(typeof sdk.IntelGraph))'

    assert run("node", "-e", program, folder=tmp_path).strip() == "function"
    assert [p.name for p in (tmp_path / "node_modules").iterdir() if p.name[0] != "."] == [
        "@intelgraph"
    ]

"""What `nox -s build` leaves in `dist/`: complete, and usable in an empty environment."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from distributions.archives import built, names_in, npm_archive, run, version_of, wheel_of
from repository import PYTHON_PACKAGES, files, text

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = {"codegen": "intelgraph-codegen", "reference-server": "intelgraph-server"}


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

"""What `nox -s build` leaves in `dist/`: complete, and usable in an empty environment."""

from __future__ import annotations

import io
import json
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from distributions.archives import built, names_in, npm_archive, run, version_of, wheel_of
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from repository import PYTHON_PACKAGES, files, text

JAVASCRIPT = Path(__file__).with_name("javascript")
BASE = {"extra": ""}
COMMANDS = {"codegen": "intelgraph-codegen", "reference-server": "intelgraph-server"}


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_wheel_holds_the_package_its_licence_and_its_types(package: str) -> None:
    module = PYTHON_PACKAGES[package]
    names = zipfile.ZipFile(wheel_of(package)).namelist()

    assert f"{module}/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert [name for name in names if not name.startswith((f"{module}/", f"{module}-"))] == []
    assert [name for name in names if "/test_" in name or "__pycache__" in name] == []


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


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_a_wheel_asks_for_what_its_project_names(package: str) -> None:
    project = tomllib.loads(text(f"{package}/pyproject.toml"))["project"]

    assert needed_by(package) == {name_of(Requirement(each)) for each in project["dependencies"]}


@pytest.mark.parametrize("package", PYTHON_PACKAGES)
def test_the_metadata_of_a_wheel_is_what_the_registry_takes(package: str) -> None:
    told = Metadata.from_email(metadata_of(package), validate=True)

    assert (told.name, told.license_expression) == (name_of_distribution(package), "Apache-2.0")
    assert told.requires_python == SpecifierSet(">=3.11")
    assert told.description_content_type == "text/markdown"


def name_of_distribution(package: str) -> str:
    return canonicalize_name(PYTHON_PACKAGES[package])


def test_the_python_client_needs_three_packages() -> None:
    assert needed_by("sdk-python") == {"httpx", "pydantic", "tenacity"}


def needed_by(package: str) -> set[str]:
    """What a wheel's metadata asks for, without its extras."""
    asked = message_from_bytes(metadata_of(package)).get_all("Requires-Dist", [])
    needed = (Requirement(each) for each in asked)
    return {name_of(each) for each in needed if not each.marker or each.marker.evaluate(BASE)}


def metadata_of(package: str) -> bytes:
    opened = zipfile.ZipFile(wheel_of(package))
    return opened.read(next(n for n in opened.namelist() if n.endswith(".dist-info/METADATA")))


def name_of(needed: Requirement) -> str:
    return canonicalize_name(needed.name)


def test_the_npm_package_needs_nothing_and_has_no_side_effects() -> None:
    with tarfile.open(npm_archive()) as archive:
        manifest = json.load(archive.extractfile("package/package.json") or io.BytesIO())

    assert manifest["sideEffects"] is False
    for kind in ("dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"):
        assert not manifest.get(kind), kind


@pytest.mark.parametrize("linter", [("publint", "--strict"), ("attw", "--profile", "esm-only")])
def test_a_linter_of_packages_finds_nothing_in_the_npm_package(
    linter: tuple[str, ...], tmp_path: Path
) -> None:
    name, *options = linter
    program = JAVASCRIPT / "node_modules" / ".bin" / name
    assert program.exists(), f"{name} is missing; run nox -s runtimes"

    said = run(program, npm_archive(), *options, folder=tmp_path)

    assert ("All good!" if name == "publint" else "node16 (from ESM): 🟢 (ESM)") in said


def test_the_lock_of_the_runtimes_and_linters_names_hashes_and_no_addresses() -> None:
    lock = json.loads((JAVASCRIPT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


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

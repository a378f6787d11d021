"""The wheels, installed in empty environments and at work where no network is.

Each Python that the machine has takes the client and the generator; the server is installed by
itself. All of it happens in a network namespace with nothing but loopback. Where the system makes
none, the tests are said not to have run; `INTELGRAPH_REQUIRE_NAMESPACE=1` makes that a failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from distributions.archives import version_of, wheel_of
from repository import ROOT, text

REQUIRE_VARIABLE = "INTELGRAPH_REQUIRE_NAMESPACE"
SUPPORTED = re.findall(r"Python :: (3\.\d+)", text("sdk-python/pyproject.toml"))
AS_ROOT = () if os.name != "posix" or os.geteuid() == 0 else ("--map-root-user",)
ALONE = ("unshare", *AS_ROOT, "--net")
# Nothing of the environment that the tests run in may help.
BARE = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "INTELGRAPH"))}
PINNED = {**BARE, "UV_CONSTRAINT": str(ROOT / "requirements" / "main.txt")}


def pythons() -> dict[str, Path]:
    """An interpreter for each supported version: this one, those on the path, those of pyenv."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {here: Path(sys.executable)}
    for version in SUPPORTED:
        by_pyenv = sorted(home.glob(f"{version}.*/bin/python{version}"))
        on_path = [Path(p) for p in [shutil.which(f"python{version}")] if p and "shims" not in p]
        for path in (*by_pyenv, *on_path):
            found.setdefault(version, path)
    return found


PYTHONS = pythons()


def uv(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("uv")
    assert program, "needs uv"
    return subprocess.run(
        [program, *arguments], env=PINNED, capture_output=True, text=True, check=False
    )


def installed(folder: Path, python: Path, wheel: Path) -> Path:
    """A new environment with one wheel; what it needs is fetched once and comes from the cache."""
    environment = folder / "bin" / "python"
    assert uv("venv", "--quiet", "--python", python, folder).returncode == 0
    install = ("pip", "install", "--quiet", "--python", environment, wheel)
    offline = uv(*install, "--offline")
    if offline.returncode:
        fetched = uv(*install)
        assert fetched.returncode == 0, fetched.stderr
        shutil.rmtree(folder)
        assert uv("venv", "--quiet", "--python", python, folder).returncode == 0
        offline = uv(*install, "--offline")
    assert offline.returncode == 0, offline.stderr
    return environment


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each Python told, all in one namespace, from one server."""
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"], check=False).returncode:
        assert os.environ.get(REQUIRE_VARIABLE) != "1", "this system makes no network namespace"
        pytest.skip("namespace: not run (this system makes none)")
    folder = tmp_path_factory.mktemp("environments")
    places: dict[str, Any] = {
        version: {
            name: str(installed(folder / f"{name}-{version}", python, wheel_of(package)))
            for name, package in (("client", "sdk-python"), ("generator", "codegen"))
        }
        for version, python in PYTHONS.items()
    }
    server = installed(folder / "server", Path(sys.executable), wheel_of("reference-server"))
    program = (sys.executable, str(Path(__file__).with_name("isolated.py")))
    done = subprocess.run(
        [*ALONE, *program, json.dumps({**places, "server": str(server)})],
        env=BARE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("python", SUPPORTED)
def test_the_client_and_the_generator_work_without_a_network(
    python: str, answers: dict[str, dict[str, Any]]
) -> None:
    if python not in PYTHONS:
        pytest.skip(f"Python {python}: not run (this machine has none)")

    assert answers[python] == {
        "python": python,
        "version": version_of("sdk-python"),
        "query": "Ada Okafor",
        "awaited": "Ada Okafor",
        "mutation": "dat_python",
        "retries": 1,
        "error": ["BAD_USER_INPUT", True],
        "subscription": "api-slow",
        "generated": "Client GetBooks",
    }


def test_the_oldest_python_that_is_promised_is_among_those_tried() -> None:
    required = re.search(r'requires-python = ">=(.+)"', text("sdk-python/pyproject.toml"))

    assert required
    assert SUPPORTED[0] == required[1]
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in PYTHONS


def test_the_page_on_stability_names_the_versions_that_are_tried() -> None:
    page = text("docs/explanation/stability.md")
    engines = json.loads(text("sdk-js/package.json"))["engines"]["node"]
    tried = re.findall(r'"node (\d+)"', text("docs/tests/distributions/test_runtimes.py"))

    assert f"each of {', '.join(SUPPORTED[:-1])} and {SUPPORTED[-1]} that" in page
    assert f"20 or what is installed, {', '.join(tried[:-1])} and {tried[-1]} |" in page
    assert engines == "^20.19 || >=22.12"
    assert "| 20.19, 22.12 and newer |" in page

"""Each released wheel, straight from its file, and the client of today, every operation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import intelgraph

if TYPE_CHECKING:
    from collections.abc import Iterator

RELEASES = sorted((Path(__file__).parents[1] / "releases").glob("*.whl"))
SCRIPT = Path(__file__).with_name("every_operation.py")
SERVE = [sys.executable, "-m", "intelgraph_server", "serve", "--port", "0", "--ephemeral"]
SEED = ["--seed", "1", "--clock", "2026-04-15T00:00:00Z"]
OPERATIONS_OF_1_0_0 = {
    "get_entity",
    "get_plugin",
    "invoices",
    "list_entities",
    "list_invoices",
    "list_plugins",
    "list_relations",
    "trust_tiles",
}


@pytest.fixture(params=["open", "allow-list"])
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    command = [*SERVE, *SEED, "--documents", request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield {"INTELGRAPH_URL": ready["url"], "INTELGRAPH_API_KEY": ready["tokens"]["acme"]}
        process.terminate()


def every_operation(place: str, environment: dict[str, str], *generated: str) -> dict[str, Any]:
    """What every operation answered through the client that is found at `place`."""
    paths = filter(None, (place, os.environ.get("PYTHONPATH", "")))
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), *generated],
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def test_the_first_release_is_among_those_that_are_tried() -> None:
    assert "intelgraph-1.0.0-py3-none-any.whl" in [wheel.name for wheel in RELEASES]


@pytest.mark.parametrize("wheel", RELEASES, ids=lambda wheel: wheel.stem)
def test_a_released_client_still_gets_every_answer(
    wheel: Path, environment: dict[str, str]
) -> None:
    report = every_operation(str(wheel), environment)

    assert report["version"] == wheel.name.split("-")[1]
    assert report["file"].startswith(str(wheel))
    assert_answered(report["answers"])


@pytest.mark.parametrize("wheel", RELEASES, ids=lambda wheel: wheel.stem)
def test_code_that_a_release_generated_runs_on_the_runtime_of_today(
    wheel: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    extract_generated(wheel, tmp_path / "released")

    report = every_operation(str(tmp_path), environment, "released")

    assert report["version"] == intelgraph.__version__
    assert report["generated"].startswith(str(tmp_path))
    assert_answered(report["answers"])


@pytest.mark.parametrize("wheel", RELEASES, ids=lambda wheel: wheel.stem)
def test_every_module_that_a_release_generated_is_imported_on_the_runtime_of_today(
    wheel: Path, tmp_path: Path
) -> None:
    extract_generated(wheel, tmp_path / "released")
    modules = [path.relative_to(tmp_path) for path in (tmp_path / "released").rglob("*.py")]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in modules]
    program = "import importlib, sys; list(map(importlib.import_module, sys.argv[1:]))"

    subprocess.run([sys.executable, "-c", program, *names], cwd=tmp_path, check=True)

    assert len(names) > 20


@pytest.mark.parametrize("wheel", RELEASES, ids=lambda wheel: wheel.stem)
def test_code_that_a_release_generated_has_types_that_fit_the_runtime_of_today(
    wheel: Path, tmp_path: Path
) -> None:
    extract_generated(wheel, tmp_path / "released")
    plugin = tmp_path / "mypy.ini"
    plugin.write_text("[mypy]\nstrict = true\nplugins = pydantic.mypy\n", "utf-8")
    source = str(Path(intelgraph.__file__).parents[1])

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(plugin), "released"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def extract_generated(wheel: Path, folder: Path) -> None:
    """The generated part of a released client, as a package that stands by itself."""
    room = "intelgraph/generated/"
    with zipfile.ZipFile(wheel) as opened:
        for name in opened.namelist():
            if name.startswith(room):
                target = folder / name.removeprefix(room)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(opened.read(name))


def test_the_client_of_today_gets_every_answer(environment: dict[str, str]) -> None:
    report = every_operation("", environment)

    assert report["version"] == intelgraph.__version__
    assert_answered(report["answers"])


def assert_answered(answers: dict[str, list[str]]) -> None:
    assert set(answers) >= OPERATIONS_OF_1_0_0
    for told, awaited in answers.values():
        assert told == awaited
        assert told not in ("None", "[]")

"""Each released wheel, straight from its file, and the client of today, every operation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


def every_operation(place: str, environment: dict[str, str]) -> dict[str, Any]:
    """What every operation answered through the client that is found at `place`."""
    ran = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env={**os.environ, **environment, "PYTHONPATH": place},
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


def test_the_client_of_today_gets_every_answer(environment: dict[str, str]) -> None:
    report = every_operation("", environment)

    assert report["version"] == intelgraph.__version__
    assert_answered(report["answers"])


def assert_answered(answers: dict[str, list[str]]) -> None:
    assert set(answers) >= OPERATIONS_OF_1_0_0
    for told, awaited in answers.values():
        assert told == awaited
        assert told not in ("None", "[]")

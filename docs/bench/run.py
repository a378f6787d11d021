"""Runs every comparison of `nox -s bench`.

The figures go to `docs/bench_results.json`, with date and machine, and `docs/benchmarks.md` is
printed from them.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import decode
import fleet
import generators
import growth
import page
import plot
import starting
from machine import machine

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs" / "tests"))

from reference_server import running  # noqa: E402 - the tests' own server process.

BENCH_PYTHON = ROOT / ".nox" / "bench" / ("Scripts" if os.name == "nt" else "bin") / "python"


def overhead(*command: str | Path, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return dict(json.loads(done.stdout))


def seconds_until_ready() -> float:
    """From the start of a server process to its ready line; the first start is not counted."""
    taken: list[float] = []
    for _ in range(6):
        begun = time.monotonic()
        with running():
            taken.append(time.monotonic() - begun)
    return round(statistics.median(taken[1:]), 2)


def main() -> None:
    with running() as server:
        python = overhead(
            *(BENCH_PYTHON, ROOT / "sdk-python" / "bench" / "overhead.py"),
            environment=server.environment,
        )
    # Another server, because a minute's budget has no room for both.
    with running() as server:
        node = overhead(
            *(shutil.which("node") or "node", ROOT / "sdk-js" / "bench" / "overhead.mjs"),
            environment=server.environment,
        )
    results = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "python": python,
        "node": node,
        "decoding": decode.compare(),
        "starting": starting.compare(),
        "bundle": overhead(
            *(shutil.which("node") or "node", ROOT / "sdk-js" / "bench" / "bundle.mjs"),
            environment=dict(os.environ),
        ),
        "secondsUntilReady": seconds_until_ready(),
        "generators": generators.compare(),
        "growth": growth.compare(),
        "fleet": fleet.compare(),
    }
    place = ROOT / "docs" / "bench_results.json"
    place.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    write(results)


def write(results: dict[str, Any]) -> None:
    """The page and its pictures."""
    for name, axis in page.PLOTS.items():
        grown = results["growth"][name]
        picture = plot.log_log(grown["sizes"], grown["cpuSeconds"], (axis, "CPU seconds"))
        (ROOT / "docs" / page.picture(name)).write_text(picture, "utf-8")
    text = page.render(results)
    (ROOT / "docs" / "benchmarks.md").write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()

"""Runs the specification's end-to-end, chaos and load lines in a small form, on this machine.

Each line is a function that gives what it saw; the first that fails ends the run. The figures go
to `docs/soak_results.json`, with date and machine, and `docs/soak.md` is printed from them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "docs" / name) for name in ("tests", "bench")]

import chaos  # noqa: E402 - its own modules, and those of the tests, stand on the path above.
import end_to_end  # noqa: E402
import exactly_once  # noqa: E402
import faults  # noqa: E402
import generator  # noqa: E402
import load  # noqa: E402
import soak_page  # noqa: E402
from machine import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

LINES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "plugin checkout → webhook → invoice": end_to_end.purchase,
    "trust portal render + evidence download": end_to_end.evidence,
    "anomaly alert → incident template": end_to_end.incident,
    "residency PDF scheduled export": end_to_end.scheduled_report,
    "dropped webhook events (replay job)": chaos.dropped_webhook,
    "audit lake temporary outage": chaos.lake_away,
    "detector false positive inject": chaos.false_positive,
    "changes with lost replies (exactly once)": exactly_once.lost_replies,
    "100 checkouts in burst (test mode)": load.burst_of_checkouts,
    "trust portal 50 RPS": load.portal_rate,
    "detectors on 30-day metric windows": load.thirty_days,
    "both runtimes on fault schedules": faults.fault_schedules,
    "both runtimes on subscription schedules": faults.subscription_schedules,
    "retries of simultaneous failures": faults.spread_of_retries,
    "generator on damaged schemas": generator.damaged_schemas,
}


def main() -> None:
    place = ROOT / "docs" / "soak_results.json"
    today = {"date": datetime.now(UTC).date().isoformat(), "machine": machine()}
    lines: list[dict[str, Any]] = []
    for name, run in LINES.items():
        # Single lines may be run again, beside what the same day and machine gave the others.
        if sys.argv[1:] and name not in sys.argv[1:]:
            lines += [line for line in known_of(place, today) if line["line"] == name]
            continue
        with tempfile.TemporaryDirectory(prefix="intelgraph-soak-") as folder:
            seen = run(Path(folder))
        lines.append({"line": name, "seen": seen})
        sys.stdout.write(f"{name}: {json.dumps(seen)}\n")
        sys.stdout.flush()
    results = {**today, "lines": lines}
    place.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    (ROOT / "docs" / "soak.md").write_text(soak_page.render(results), "utf-8")


def known_of(place: Path, today: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines that stand there; of another day or machine they cannot stand beside new ones."""
    known: dict[str, Any] = json.loads(place.read_text("utf-8"))
    if any(known[key] != value for key, value in today.items()):
        sys.exit(f"{place.name} is of another day or machine: run all lines.")
    lines: list[dict[str, Any]] = known["lines"]
    return lines


if __name__ == "__main__":
    main()

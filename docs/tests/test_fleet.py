"""The simulated fleet does what its page says of it: known answers where they can be known."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1]
sys.path.insert(0, str(DOCS / "bench"))

import fleet  # noqa: E402 - from the folder of the benchmarks.
from fleet_policies import POLICIES  # noqa: E402
from fleet_world import Server, World  # noqa: E402


def test_a_client_without_retries_sends_every_call_once() -> None:
    seen = fleet.outage("no retries", 50.0, "refusing")

    assert seen["attemptsPerCall"] == 1.0
    assert seen["recoverySeconds"] == 0.0


def test_a_busy_client_spends_its_budget_and_then_sends_every_call_once() -> None:
    seen = fleet.outage("IntelGraph", 50.0, "refusing")

    # Fifty retries of 1,500 calls.
    assert seen["attemptsPerCall"] == pytest.approx(1 + 50 / 1500, abs=0.01)


def test_without_a_budget_an_outage_is_met_by_nearly_every_attempt() -> None:
    assert fleet.outage("ours without a budget", 50.0, "refusing")["attemptsPerCall"] > 2.9


@pytest.mark.parametrize(
    ("name", "retries"), [("AWS standard", 100), ("AWS 2026", 35), ("IntelGraph", 50)]
)
def test_a_bucket_pays_for_as_many_retries_as_its_cost_allows(name: str, retries: int) -> None:
    server = Server(float("inf"), (0, 1000), "refusing")
    world = World(server, seed=1)
    world.arrivals(POLICIES[name](world), 10.0, 100)
    world.run()

    assert sum(len(made.attempts) - 1 for made in world.calls) == retries


def test_a_silent_server_keeps_a_call_until_its_deadline() -> None:
    server = Server(float("inf"), (0, 1000), "silent")
    world = World(server, seed=1)
    world.arrivals(POLICIES["IntelGraph"](world), 0.1, 100)
    world.run()

    assert max(map(fleet.lasted, world.calls)) == pytest.approx(30, abs=0.05)
    assert not any(made.has_succeeded for made in world.calls)


def test_a_server_answers_no_more_than_it_bears() -> None:
    server = Server(10, (0, 0), "refusing")
    world = World(server, seed=1)
    world.arrivals(POLICIES["no retries"](world), 100.0, 10)
    world.run()

    assert sum(made.has_succeeded for made in world.calls) == 100


def test_missed_rescues_end_the_run() -> None:
    fleet.check_rescues([{"failing": 0.2, "succeeded": 0.9875}])

    with pytest.raises(SystemExit, match=r"20% failures 0\.60% were not rescued"):
        fleet.check_rescues([{"failing": 0.2, "succeeded": 0.986}])


def test_the_explanation_quotes_what_was_measured() -> None:
    results = json.loads((DOCS / "bench_results.json").read_text("utf-8"))["fleet"]
    page = " ".join((DOCS / "explanation" / "retries.md").read_text("utf-8").split())

    def at(name: str, rate: float) -> str:
        seen = results["outages"]["refusing"][name][results["rates"].index(rate)]
        return f"{seen['attemptsPerCall']:.2f}"

    ours, aws, free = "IntelGraph", "AWS 2026", "ours without a budget"
    assert f"send {at(free, 50)} requests for each call while the server is down" in page
    for rate in (50, 0.2):
        assert f"| {rate} | {at(free, rate)} | {at(ours, rate)} |" in page
    assert f"| IntelGraph | 10 of 500 | 50 | {at(ours, 50)} | {at(ours, 5)} |" in page
    assert f"| AWS, constants of 2026 | 14 of 500 | 35 | {at(aws, 50)} | {at(aws, 5)} |" in page

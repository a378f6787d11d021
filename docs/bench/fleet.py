"""What retries of a fleet do to a server that is away, and what they rescue of random failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from fleet_policies import POLICIES
from fleet_world import Server, Way, World

from intelgraph import RetryPolicy

if TYPE_CHECKING:
    from fleet_world import Made

SEED = 7
# Of each client, in a second.
RATES = (0.2, 1.0, 5.0, 50.0)
# All clients together, in a second; and what the server bears.
LOAD, CAPACITY = 200, 1.4
BEFORE, OUTAGE, AFTER = 10, 30, 30
FAILING = (0.01, 0.05, 0.2)
RANDOM_CALLS = 40_000
# What a budget may cost of the calls that retries could rescue.
FLOOR = 0.005
PEERS_WITH_A_BUDGET = ("AWS standard", "AWS 2026")


def compare() -> dict[str, Any]:
    return {
        "rates": list(RATES),
        "load": LOAD,
        "capacity": CAPACITY,
        "outageSeconds": OUTAGE,
        "outages": {
            way: {name: [outage(name, rate, way) for rate in RATES] for name in POLICIES}
            for way in get_args(Way)
        },
        "random": random_failures(),
    }


def outage(name: str, rate: float, way: Way) -> dict[str, float]:
    """A fleet through an outage; its clients are so many that the load is always the same."""
    server = Server(LOAD * CAPACITY, (BEFORE, BEFORE + OUTAGE), way)
    world = World(server, SEED)
    for _ in range(round(LOAD / rate)):
        world.arrivals(POLICIES[name](world), rate, BEFORE + OUTAGE + AFTER)
    world.run()
    during = [made for made in world.calls if server.is_away(made.started)]
    attempts = sum(server.is_away(when) for made in world.calls for when in made.attempts)
    return {
        "attemptsPerCall": round(attempts / len(during), 3),
        "peak": round(max(server.arrived.values()) / LOAD, 2),
        "recoverySeconds": round(max(server.last_refusal - BEFORE - OUTAGE, 0.0), 1),
        "longestCallSeconds": round(max(map(lasted, during)), 1),
    }


def lasted(made: Made) -> float:
    return made.ended - made.started


def random_failures() -> dict[str, list[dict[str, float]]]:
    """The part of calls that succeed where each request fails by itself."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in POLICIES}
    for failing in FAILING:
        for name, successes in found.items():
            server = Server(float("inf"), (0, 0), "refusing", failing=failing)
            world = World(server, SEED)
            server.chance = world.chance.random
            for _ in range(4):
                world.arrivals(POLICIES[name](world), 5.0, RANDOM_CALLS / 20)
            world.run()
            succeeded = sum(made.has_succeeded for made in world.calls) / len(world.calls)
            successes.append({"failing": failing, "succeeded": round(succeeded, 5)})
    check_rescues(found["IntelGraph"])
    return found


def check_rescues(successes: list[dict[str, float]]) -> None:
    """A budget that keeps calls from what retries could rescue is too small."""
    for each in successes:
        missed = ideal(each["failing"]) - each["succeeded"]
        if missed > FLOOR:
            raise SystemExit(f"of {each['failing']:.0%} failures {missed:.2%} were not rescued")


def ideal(failing: float) -> float:
    """What attempts without a budget could make of it."""
    return float(1 - failing ** RetryPolicy().max_attempts)

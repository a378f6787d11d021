"""Pushes measurements until two signals agree that something is wrong, and acknowledges it.

The incident comes by subscription, the moment it opens.

INTELGRAPH_URL and INTELGRAPH_API_KEY say where and as whom; the token must be a person's,
because machines do not acknowledge.
"""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from intelgraph import IntelGraph
from intelgraph.generated.enums import SignalKind
from intelgraph.generated.inputs import PushMeasurementInput

CALM = {SignalKind.API_P95: 120.0, SignalKind.ERROR_RATE: 0.002}
BAD = {SignalKind.API_P95: 2400.0, SignalKind.ERROR_RATE: 0.35}
STEP = dt.timedelta(seconds=10)


def main() -> None:
    with IntelGraph() as client:
        client.set_anomaly_enrollment(is_enrolled=True)
        at = beginning(client)
        for number in range(80):
            wobble = 1 + (number * 7 % 5 - 2) / 50
            push(client, at, {kind: value * wobble for kind, value in CALM.items()})
            at += STEP
        print("pushed   13 minutes of calm; now two of trouble")
        with ThreadPoolExecutor(1) as waiting:
            told = waiting.submit(next, client.incident_changed())
            for _ in range(12):
                push(client, at, BAD)
                at += STEP
            incident = told.result(timeout=30)
        print(f"incident {incident.template}: {incident.title}")
        for alert in incident.alerts:
            normal = f"{alert.lower:.3g} to {alert.upper:.3g}"
            print(f"because  {alert.kind} is {alert.observed:g}, normal is {normal},"
                  f" say {' and '.join(alert.detectors)}")  # fmt: skip
        print(f"runbook  {incident.runbook}")
        seen = client.acknowledge_incident(id=incident.id, note="Looking into it.")
        print(f"seen     by {seen.acknowledged_by}: {seen.note}")


def beginning(client: IntelGraph) -> dt.datetime:
    """Behind what was measured before, and early enough to be in the past."""
    known = [signal.measured_at for signal in client.signals() if signal.measured_at]
    entry = dt.datetime.fromisoformat("2026-04-14T20:00:00+00:00")
    return max([entry, *known]) + STEP


def push(client: IntelGraph, at: dt.datetime, values: dict[SignalKind, float]) -> None:
    for kind, value in values.items():
        measured = PushMeasurementInput(kind=kind, value=value, measured_at=at)
        client.push_measurement(input=measured)


if __name__ == "__main__":
    main()

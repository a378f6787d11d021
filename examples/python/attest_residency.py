"""Schedules attestations of residency, waits for the first, and fetches the signed PDF.

INTELGRAPH_URL and INTELGRAPH_API_KEY say where and as whom.
"""

from __future__ import annotations

import datetime as dt
import time
import urllib.request
from typing import TYPE_CHECKING

from intelgraph import IntelGraph
from intelgraph.generated.inputs import ScheduleResidencyReportsInput

if TYPE_CHECKING:
    from intelgraph.generated.fragments import ResidencyReport

PATIENCE = 30.0  # Seconds.


def main() -> None:
    with IntelGraph() as client:
        # An instant that has passed makes the report of the last quarter at once.
        request = ScheduleResidencyReportsInput(
            first_run_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC), locale="es"
        )
        schedule = client.schedule_residency_reports(input=request)
        print(f"schedule {schedule.cadence}, in {schedule.locale}")

        report = wait_for_report(client)
        print(f"report   {report.quarter}, compliant: {report.is_compliant}")
        print(f"counted  {report.summary.compliant} compliant, {report.summary.violations} left"
              f" their jurisdiction, {report.summary.unknown} unknown")  # fmt: skip
        link = client.download_residency_report(id=report.id)
        with urllib.request.urlopen(link, timeout=PATIENCE) as reply:  # noqa: S310
            print(f"signed   {len(reply.read()) // 1024} KiB of PDF, {report.uri}")


def wait_for_report(client: IntelGraph) -> ResidencyReport:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        edges = client.list_residency_reports().edges
        reports = [edge.node for edge in edges if edge.node.locale == "es"]
        if reports:
            return reports[0]
        time.sleep(0.2)
    raise SystemExit("the report did not come")


if __name__ == "__main__":
    main()

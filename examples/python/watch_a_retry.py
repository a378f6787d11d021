"""Makes one call and prints the telemetry event it ends with, as one JSON line.

Run it while the server fails (the demo tells it to), and `retries` shows how often the
client asked again.
"""

from __future__ import annotations

import sys

from intelgraph import IntelGraph
from intelgraph.telemetry.json_lines import JsonLines


def main() -> None:
    with IntelGraph(hooks=[JsonLines(sys.stdout)]) as client:
        client.get_entity(id="org_meridian")


if __name__ == "__main__":
    main()

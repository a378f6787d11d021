"""One reference server process for the tests of docs and examples."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CLOCK = "2026-04-15T00:00:00Z"


@dataclass(frozen=True, slots=True)
class ReferenceServer:
    """Where a running server listens, the tokens of its demo tenants, its fault switch."""

    url: str
    tokens: dict[str, str]
    faults: str
    pid: int

    @property
    def environment(self) -> dict[str, str]:
        """What a user has exported, and the programs of the shared environment."""
        places = (str(Path(sys.executable).parent), str(ROOT / "sdk-js" / "node_modules" / ".bin"))
        return {
            **os.environ,
            "PATH": os.pathsep.join([*places, os.environ["PATH"]]),
            "INTELGRAPH_URL": self.url,
            "INTELGRAPH_API_KEY": self.tokens["acme"],
        }


STILL = ("--ephemeral", "--seed", "1", "--clock", CLOCK, "--faults")


@contextlib.contextmanager
def running(
    options: Sequence[str] = STILL,
    environment: Mapping[str, str] | None = None,
    python: Path | str = sys.executable,
) -> Iterator[ReferenceServer]:
    """A server process on a free port; one with fresh data and a still clock unless told."""
    command = (python, "-m", "intelgraph_server", "serve", "--port", "0", *options)
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, "the reference server ended before it was ready"
            ready = json.loads(line)
            yield ReferenceServer(
                ready["url"], ready["tokens"], ready.get("faults", ""), process.pid
            )
        finally:
            process.terminate()
            process.wait(60)

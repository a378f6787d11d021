"""The installed reference server, started for tests and ended surely.

    with start_server(seed=2) as server:
        client = IntelGraph(url=server.url, api_key=server.tokens["acme"])

It is the command `intelgraph-server`, on a free port, with a database of its own. It ends with
the block, and with the process that started it, even where that one is killed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Timer
from typing import IO, TYPE_CHECKING, Literal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from intelgraph._errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["DEFAULT_CLOCK", "RunningServer", "start_server"]

DEFAULT_CLOCK = "2026-04-15T00:00:00Z"
"""Where the server's time stands unless a test says otherwise."""
_END = 10  # Seconds that running requests are given.


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A running server: where it answers, and a token of each of its tenants."""

    url: str
    tokens: Mapping[str, str] = field(repr=False)
    faults: str
    """Where it takes the orders of `fail` and `recover`."""

    def fail(self, **fault: object) -> None:
        """Make the next requests fail: `next=2, status=503, retryAfter=1`, or `drop=True`.

        A fault that there is none of raises ValueError.
        """
        self._order("POST", json.dumps(fault).encode())

    def recover(self) -> None:
        """Make the next requests succeed again."""
        self._order("DELETE", None)

    def _order(self, method: str, body: bytes | None) -> None:
        headers = {"content-type": "application/json"}
        request = Request(self.faults, body, headers, method=method)  # noqa: S310 - our own server's.
        try:
            with urlopen(request, timeout=_END):  # noqa: S310 - as above.
                pass
        except HTTPError as refusal:
            told = json.load(refusal)["errors"][0]["message"]
            raise ValueError(f"the server refused the order: {told}") from None


@contextmanager
def start_server(
    *,
    seed: int = 1,
    clock: str | None = DEFAULT_CLOCK,
    documents: Literal["open", "allow-list"] = "open",
    patience: float = 30.0,
    command: str = "intelgraph-server",
) -> Generator[RunningServer]:
    """Start a server with fresh demonstration data, and end it behind the block.

    `seed` varies the data; a `clock` of None lets time pass; `patience` is how many seconds it
    may take to be ready; `command` is the program, where it has another name or place. Raises
    ConfigurationError where it is not installed, or does not start.
    """
    options = ["--port", "0", "--ephemeral", "--faults", "--seed", str(seed)]
    options += ["--documents", documents, *(["--clock", clock] if clock is not None else [])]
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(  # noqa: S603 - the user's own program.
            [_program(command), "serve", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
        )
        with process:
            try:
                yield _ready(process, told, patience)
            finally:
                _end(process)


def _program(command: str) -> str:
    # An environment that is not activated has its programs beside its Python.
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which(command, path=places)
    if program is None:
        raise ConfigurationError(
            f"there is no command {command} here; `pip install intelgraph-server` brings it"
        )
    return program


def _ready(process: subprocess.Popen[bytes], told: IO[bytes], patience: float) -> RunningServer:
    assert process.stdout is not None  # noqa: S101 - for the type checkers alone.
    is_late = Event()

    def give_up() -> None:
        is_late.set()
        process.kill()

    late = Timer(patience, give_up)
    late.start()
    line = process.stdout.readline()
    late.cancel()
    if is_late.is_set():
        raise ConfigurationError(
            f"the server was not ready within {patience:g} s, and was ended; give it more patience="
        )
    if not line:
        code = process.wait()
        told.seek(0)
        # The last line says why; those before it are the usage, or a traceback.
        said = told.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise ConfigurationError(f"the server ended with {code} before it was ready: {said[-1]}")
    ready = json.loads(line)
    return RunningServer(ready["url"], ready["tokens"], ready["faults"])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()

"""Tells one story through every domain: a server on a fresh database, and both clients.

Starts the reference server with its pages on a free port, runs each example in Python and in
TypeScript against it, and ends it again, however the run ends. In a terminal it waits before
that, so that the pages can be opened. Nothing is left running and nothing is left on disk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).resolve().parent
READY_WITHIN = 60.0
STORIES = {
    "buy_a_plugin": "A plugin is bought in test mode; a signed invoice and its materials follow.",
    "show_trust": "Evidence is published; the public trust page and the signed bundle show it.",
    "attest_residency": "A signed PDF attests where data went in the last quarter.",
    "watch_signals": "Two signals go wrong at once: an incident opens, a person acknowledges it.",
}
PAGES = {
    "/trust/acme": "the trust page that Acme shows to everybody",
    "/admin": "the administration; sign in with the token below",
    "/metrics": "the measurements that Prometheus scrapes",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running reference server, as its ready line describes it."""

    url: str
    api_key: str
    faults: str


def main() -> int:
    started = time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="intelgraph-demo-") as folder,
            serve(folder) as server,
        ):
            tell(server)
    except KeyboardInterrupt:
        print("\nInterrupted; the server has ended.")
        return 130
    print(
        f"\nDone in {time.monotonic() - started:.1f} s; nothing is left running. To keep a server:"
    )
    print(f"   {server_command()} serve --seed-demo --pages examples/portal/dist")
    print("It prints its address and a token for each tenant. Put them into INTELGRAPH_URL and")
    print("INTELGRAPH_API_KEY, and the programs in examples/ and in README.md run against it.")
    return 0


def tell(server: Server) -> None:
    """Run the examples in the order of the story; the first that fails ends it."""
    print(f"1. A reference server is running at {server.url}, on a fresh SQLite file.")

    print("\n2. The Python and the TypeScript client read trust tiles, invoices and an entity.")
    for language, command in commands("read_the_graph"):
        run(language, command, server)

    print(
        "\n3. The server answers the next request with HTTP 503. Each client tries again by itself,"
    )
    print("   and reports the call in one line of telemetry.")
    for language, command in commands("watch_a_retry"):
        fail_next_request(server)
        run(language, command, server)

    for number, (story, about) in enumerate(STORIES.items(), 4):
        print(f"\n{number}. {about}")
        for language, command in commands(story):
            run(language, command, server)

    show_pages(server)


def show_pages(server: Server) -> None:
    """Print where the pages are, each of which answers; wait where somebody may look at them."""
    base = server.url.removesuffix("/graphql")
    print("\nOpen in a browser, in English or Spanish:")
    for path, about in PAGES.items():
        with urllib.request.urlopen(base + path, timeout=5) as reply:  # noqa: S310
            print(f"   {base}{path:<14} {about} (HTTP {reply.status})")
    print("The token of the demonstration's administrator, valid for this server only:")
    print(f"   {server.api_key}")
    if sys.stdin.isatty() and sys.stdout.isatty():
        input("Press Enter to stop the server and end the demo. ")


def commands(story: str) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    node = shutil.which("node")
    if node is None:
        sys.exit("The TypeScript half of the demo needs Node.js 20 or later on the PATH.")
    return (
        ("Python", [sys.executable, str(EXAMPLES / "python" / f"{story}.py")]),
        ("TypeScript", [node, str(EXAMPLES / "js" / "dist" / f"{story}.js")]),
    )


def run(language: str, command: list[str], server: Server) -> None:
    """Run one example and show what it prints, as it prints it."""
    print(f"\n   {language}", flush=True)
    own = {"INTELGRAPH_URL": server.url, "INTELGRAPH_API_KEY": server.api_key}
    # In a session of its own, an example is not told of Ctrl-C, and has no traceback to print.
    process = subprocess.Popen(
        command,
        env=os.environ | own,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        for line in process.stdout or ():
            print(f"     {line}", end="", flush=True)
        process.wait()
    except KeyboardInterrupt:
        process.kill()
        raise
    if process.returncode != 0:
        sys.exit(f"{Path(command[-1]).name} failed; what it printed stands above.")


def fail_next_request(server: Server) -> None:
    body = json.dumps({"next": 1, "status": 503}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(server.faults, data=body, headers=headers)  # noqa: S310
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310


@contextmanager
def serve(folder: str) -> Iterator[Server]:
    """Run a server until the block ends.

    Raises SystemExit with the server's own words when it does not become ready.
    """
    database = f"sqlite:///{Path(folder) / 'demo.sqlite'}"
    options = ["--port", "0", "--database-url", database]
    pages = str(EXAMPLES / "portal" / "dist")
    switches = ["--seed-demo", "--faults", "--with-parent", "--pages", pages]
    command = [sys.executable, "-m", "intelgraph_server", "serve", *options, *switches]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            sys.exit("The reference server did not start; what it said stands above.")
        ready = json.loads(line)
        yield Server(ready["url"], ready["tokens"]["acme"], ready["faults"])
    finally:
        process.terminate()
        process.wait(timeout=READY_WITHIN)


def server_command() -> str:
    command = Path(sys.executable).parent / "intelgraph-server"
    return os.path.relpath(command)


if __name__ == "__main__":
    sys.exit(main())

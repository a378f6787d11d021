"""What is done inside a network namespace of its own, where nothing but loopback is.

Run as a program with a JSON object of environments: starts the installed server, opens an incident
on it, and tells for each Python what its installed client and its installed generator answered.
"""

from __future__ import annotations

import errno
import fcntl
import json
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from reference_server import running  # noqa: E402 - the program finds it there.

if TYPE_CHECKING:
    from reference_server import ReferenceServer

ROOT = HERE.parents[2]
SET_FLAGS = 0x8914  # SIOCSIFFLAGS of Linux.
UP_AND_RUNNING = 0x1 | 0x40
DOCUMENTED = ("192.0.2.1", 443)  # RFC 5737: an address that nobody has.


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", UP_AND_RUNNING))


def refuse_a_network() -> None:
    """Ends the program where a packet could leave the machine; none is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        if any_socket.connect_ex(DOCUMENTED) != errno.ENETUNREACH:
            sys.exit("there is a way out of this namespace")


def output_of(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


USE = """
from project_client import Client
from project_client.operations import GET_BOOKS
print(Client.__name__, GET_BOOKS.name, GET_BOOKS.data.model_fields["books"].annotation)
"""


def generated_by(generator: Path, client: Path) -> str:
    """What the installed client makes of what the installed generator writes to start with."""
    folder = generator.parent / "project"
    folder.mkdir()
    program = generator.with_name("intelgraph-codegen")
    output_of(program, "init", "--yes", folder=folder)
    output_of(program, "generate", folder=folder)
    return output_of(client, "-c", USE, folder=folder).partition(" list")[0]


def told(server: ReferenceServer, environments: dict[str, dict[str, str]]) -> dict[str, object]:
    open_incident(server, next(iter(environments.values()))["client"])
    arguments = (server.url, server.tokens["acme"], server.faults)
    answers: dict[str, object] = {}
    for version, places in environments.items():
        client, generator = (Path(places[name]) for name in ("client", "generator"))
        story = output_of(client, "-I", HERE / "story.py", *arguments, folder=client.parent)
        generated = generated_by(generator, client)
        answers[version] = {**json.loads(story), "generated": generated}
    return answers


def open_incident(server: ReferenceServer, client: str) -> None:
    watch = (client, str(ROOT / "examples/python/watch_signals.py"))
    subprocess.run(watch, env=server.environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    raise_loopback()
    refuse_a_network()
    given = json.loads(sys.argv[1])
    with running(python=given.pop("server")) as started:
        json.dump(told(started, given), sys.stdout)

"""The guide's recipes for connections of Node, run as they stand against real sockets."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
import typescript_project
from fences import fences
from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GUIDE = "docs/guides/options.md"
RECIPES = ("over_https.ts", "mutual_tls.ts", "through_a_proxy.ts")
SCRIPT = ROOT / "docs" / "tests" / "node_connections.mjs"
# Each is signed by the authority, whose own certificate only the recipes know.
CERTIFICATES = """
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@"; }
new -x509 -subj /CN=authority -keyout authority.key -out authority.pem
for name in server client; do
  new -subj /CN=$name -addext subjectAltName=DNS:localhost -keyout $name.key -out $name.csr
  openssl x509 -req -in $name.csr -CA authority.pem -CAkey authority.key \\
    -copy_extensions copy -out $name.pem
done
"""


@pytest.fixture
def listeners() -> Iterator[list[socket.socket]]:
    """Two that have a port of their own, for the script to go on with."""
    here = ("127.0.0.1", 0)
    with socket.create_server(here) as one, socket.create_server(here) as other:
        yield [one, other]


def test_the_recipes_for_node_carry_certificates_and_go_through_a_proxy(
    tmp_path: Path, listeners: list[socket.socket]
) -> None:
    server_port, proxy_port = (listener.getsockname()[1] for listener in listeners)
    places = {
        "https://graph.example": f"https://localhost:{server_port}",
        'host: "proxy.example", port: 3128': f'host: "127.0.0.1", port: {proxy_port}',
    }
    shown = {fence.file: fence.body for fence in fences(GUIDE) if fence.file in RECIPES}
    shown["untrusting.ts"] = shown["mutual_tls.ts"].replace("authority.pem", "client.pem")
    for name, body in shown.items():
        for example, real in places.items():
            body = body.replace(example, real)  # noqa: PLW2901 - each place in turn.
        (tmp_path / f"{name}").write_text(body, "utf-8")
    typescript_project.prepare(tmp_path)
    typescript_project.compile_all(tmp_path)
    subprocess.run(
        ["bash", "-euc", CERTIFICATES], cwd=tmp_path, check=True, capture_output=True, timeout=300
    )
    node = shutil.which("node")
    assert node

    handles = [listener.fileno() for listener in listeners]
    with subprocess.Popen(
        [node, SCRIPT, *map(str, handles), str(server_port)],
        pass_fds=handles,
        cwd=tmp_path,
        env={**os.environ, "INTELGRAPH_API_KEY": "key", "NODE_EXTRA_CA_CERTS": "authority.pem"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # What the script closes must be closed for good.
        for listener in listeners:
            listener.close()
        output, errors = process.communicate(timeout=300)

    assert process.returncode == 0, errors
    assert json.loads(output) == {
        "certificates": ["client", None],
        "tunnels": ["localhost"] * 2,
        "results": {
            "mutualTls": [],
            "throughProxy": [],
            "untrusted": "ConnectError",
            "refusedByProxy": "ConnectError",
            "withoutProxy": "ConnectError",
        },
    }

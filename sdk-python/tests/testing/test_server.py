from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import pytest

from intelgraph import ConfigurationError, IntelGraph, OperationError
from intelgraph.testing.server import start_server

PATIENCE = 120  # Seconds, for a machine that is busy with other tests.
KILLED = """
import time
from intelgraph.testing.server import start_server
with start_server(patience=120) as server:
    print(server.url, flush=True)
    time.sleep(600)
"""


def is_listening(url: str) -> bool:
    port = int(url.rpartition(":")[2].partition("/")[0])
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_answers_fails_as_it_is_told_and_is_gone_behind_the_block() -> None:
    with start_server(seed=1, patience=PATIENCE) as server:
        with IntelGraph(url=server.url, api_key=server.tokens["acme"], max_retries=0) as client:
            tiles = client.trust_tiles()
            server.fail(next=9, status=503)
            with pytest.raises(OperationError, match="UNAVAILABLE"):
                client.trust_tiles()
            server.recover()
            with pytest.raises(ValueError, match="refused the order: A fault has no `nexxt`"):
                server.fail(nexxt=9)
            assert client.trust_tiles() == tiles
        assert server.tokens["acme"] not in repr(server)
        assert set(server.tokens) == {"acme", "globex", "initech"}

    assert not is_listening(server.url)


def test_a_server_ends_with_a_process_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert is_listening(url)

        process.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + PATIENCE
    while is_listening(url):
        assert time.monotonic() < deadline, "the server is still there"
        time.sleep(0.05)


def test_a_server_that_cannot_start_says_why_in_one_line() -> None:
    with pytest.raises(ConfigurationError) as caught, start_server(clock="noon"):
        pass

    assert str(caught.value).startswith("the server ended with 2 before it was ready: ")
    assert "'noon' is not an instant" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_takes_too_long_is_told_apart_from_one_that_fails() -> None:
    with (
        pytest.raises(ConfigurationError, match=r"was not ready within 0\.01 s, and was ended"),
        start_server(patience=0.01),
    ):
        pass


def test_a_command_that_is_not_installed_is_told_with_what_to_install() -> None:
    with (
        pytest.raises(ConfigurationError, match="`pip install intelgraph-server` brings it"),
        start_server(command="intelgraph-server-of-nobody"),
    ):
        pass

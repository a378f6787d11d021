from __future__ import annotations

import asyncio
import json
import logging
import pickle
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import (
    AsyncIntelGraph,
    CallFinished,
    CallStarted,
    ConfigurationError,
    IntelGraph,
    RetryPolicy,
)
from intelgraph.telemetry.batched import Batched
from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph import Failure, Reply, Request

TAKEN = reply(status=204, text="")
BUSY = reply(status=503, text="")
TILES = reply({"data": {"trustTiles": []}})
ONCE = RetryPolicy(max_attempts=1)
PATIENCE = 60.0  # Seconds; the machine may be busy.
FINISHED = CallFinished("GetThing", "getThing:v1", "call-1", 0.142, 200, 1, None)
TOLD = {"opId": "getThing:v1", "durationMs": 142, "status": 200, "retries": 1}


class Server:
    """A transport to a server that answers when it may, with what it is to answer."""

    def __init__(self, *answers: Reply | Failure) -> None:
        self.posts: list[list[dict[str, Any]]] = []
        self.requests: list[Request] = []
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._answers = list(answers)

    def send(self, request: Request) -> Reply | Failure:
        self.requests.append(request)
        self.posts.append(request.json)
        self.is_asked.set()
        self.may_answer.wait(PATIENCE)
        return self._answers.pop(0) if self._answers else TAKEN

    def close(self) -> None:
        raise AssertionError("the transport is the caller's to close")


def sink_to(server: Server, **options: Any) -> Batched:
    given = {"api_key": None, "interval": 60.0, "retry_policy": ONCE} | options
    return Batched("http://graph.example/telemetry", transport=server, **given)


def test_finished_calls_are_posted_as_one_list_in_the_platforms_form() -> None:
    server = Server()

    with sink_to(server) as sink:
        sink(CallStarted("GetThing", "getThing:v1", "call-1", "query"))
        sink(FINISHED)
        sink(FINISHED)

    assert server.posts == [[TOLD, TOLD]]
    assert (sink.sent, sink.dropped) == (2, 0)


def test_the_environment_says_where_and_as_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_URL", "https://graph.example/api/graphql")
    monkeypatch.setenv("INTELGRAPH_API_KEY", "key-1")
    server = Server()

    with Batched(transport=server) as sink:
        sink(FINISHED)

    (request,) = server.requests
    assert request.url == "https://graph.example/api/telemetry"
    assert request.headers["authorization"] == "Bearer key-1"


def test_a_list_that_is_full_does_not_wait_for_its_time() -> None:
    server = Server()
    sink = sink_to(server)

    for _ in range(100):
        sink(FINISHED)

    assert server.is_asked.wait(PATIENCE)
    sink.close()
    assert [len(post) for post in server.posts] == [100]


def test_events_are_sent_when_their_time_has_come() -> None:
    server = Server()
    sink = sink_to(server, interval=0.01)

    sink(FINISHED)

    assert server.is_asked.wait(PATIENCE)
    sink.close()


def test_calls_do_not_wait_for_a_slow_server_and_what_finds_no_room_is_dropped() -> None:
    server = Server()
    server.may_answer.clear()
    sink = sink_to(server, max_queue=3)
    for _ in range(3):
        sink(FINISHED)
    assert server.is_asked.wait(PATIENCE)

    for _ in range(5):
        sink(FINISHED)

    assert (sink.sent, sink.dropped) == (0, 2)
    server.may_answer.set()
    sink.close()
    assert (sink.sent, sink.dropped) == (6, 2)


def test_a_server_that_fails_costs_its_events_and_one_line_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server(BUSY, BUSY, TAKEN, reply(status=401, text="canary"))
    sink = sink_to(server, api_key="canary-key")

    with caplog.at_level(logging.WARNING, logger="intelgraph"):
        for _ in range(4):
            sink(FINISHED)
            sink.flush()
    sink.close()

    assert (sink.sent, sink.dropped) == (1, 3)
    assert [record.getMessage() for record in caplog.records] == [
        "Telemetry for graph.example:80 is dropped: it answered with HTTP 503.",
        "Telemetry for graph.example:80 is dropped: it answered with HTTP 401.",
    ]


def test_what_the_server_did_not_take_is_tried_again() -> None:
    server = Server(BUSY, TAKEN)

    with sink_to(server, retry_policy=RetryPolicy(base_delay=0.0)) as sink:
        sink(FINISHED)

    assert server.posts == [[TOLD], [TOLD]]
    assert (sink.sent, sink.dropped) == (1, 0)


def test_a_transport_that_raises_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Server):
        def send(self, request: Request) -> Reply | Failure:
            if not self.posts:
                self.posts.append([])
                raise ZeroDivisionError("canary")
            return super().send(request)

    sink = sink_to(Broken())
    for _ in range(2):
        sink(FINISHED)
        assert sink.flush()
    sink.close()

    assert (sink.sent, sink.dropped) == (1, 1)
    assert "its transport raised ZeroDivisionError." in caplog.text
    assert "canary" not in caplog.text


def test_a_flush_says_whether_it_came_to_its_end_in_time() -> None:
    server = Server()
    server.may_answer.clear()
    sink = sink_to(server)
    assert sink.flush(0.0)
    sink(FINISHED)

    assert not sink.flush(0.01)
    server.may_answer.set()
    assert sink.flush()
    sink.close()


def test_a_sink_closes_in_time_though_its_server_never_answers() -> None:
    server = Server(BUSY)
    server.may_answer.clear()
    sink = sink_to(server, retry_policy=RetryPolicy(base_delay=1000.0))
    sink(FINISHED)
    sink.flush(0.01)

    sink.close(0.01)
    sink.close()
    sink(FINISHED)

    assert sink.dropped == 1
    server.may_answer.set()
    assert sink.flush()
    assert (sink.sent, sink.dropped) == (0, 2)


async def test_an_event_loop_does_not_wait_for_a_slow_server() -> None:
    server = Server()
    server.may_answer.clear()
    sink = sink_to(server, max_queue=1)
    transport = FakeTransport([TILES, TILES])
    client = AsyncIntelGraph(api_key=None, transport=transport, hooks=[sink])

    await client.trust_tiles()
    assert await asyncio.to_thread(server.is_asked.wait, PATIENCE)
    await client.trust_tiles()

    assert sink.sent == 0
    server.may_answer.set()
    await asyncio.to_thread(sink.close)
    assert sink.sent == 2


def test_what_the_sink_sends_is_no_call_of_its_own() -> None:
    server = Server()
    sink = sink_to(server)
    client = IntelGraph(api_key=None, transport=FakeTransport([TILES]), hooks=[sink])

    client.trust_tiles()
    for _ in range(3):
        sink.flush()
    sink.close()

    assert [len(post) for post in server.posts] == [1]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.told.append(json.loads(self.rfile.read(length)))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[Any]]]:
    """Where a server of its own takes telemetry, and what it took."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        told: list[Any] = []
        server.told = told  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/telemetry", told
        server.shutdown()


PROGRAM = """
import os, sys
from intelgraph import CallFinished
from intelgraph.telemetry.batched import Batched
sink = Batched(sys.argv[1], api_key=None)
def tell(op_id):
    sink(CallFinished("GetThing", op_id, "call-1", 0.1, 200, 0, None))
tell("parent:v1")
"""


def run(program: str, url: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM + program, url]
    subprocess.run(command, check=True, timeout=300)


def test_what_waits_when_a_program_ends_is_sent(receiver: tuple[str, list[Any]]) -> None:
    url, told = receiver

    run("", url)

    assert [[event["opId"] for event in post] for post in told] == [["parent:v1"]]


@pytest.mark.skipif(sys.platform == "win32", reason="There is no fork.")
def test_a_forked_process_sends_its_own_events_and_no_others(
    receiver: tuple[str, list[Any]],
) -> None:
    url, told = receiver
    program = """
child = os.fork()
if not child:
    tell("child:v1")
    os._exit(not sink.flush(60.0) or sink.sent != 1)
sys.exit(os.waitpid(child, 0)[1])
"""

    run(program, url)

    assert [[event["opId"] for event in post] for post in told] == [["child:v1"], ["parent:v1"]]


def test_a_sink_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="holds a credential"):
        pickle.dumps(sink_to(Server()))


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"interval": 0.0}, "interval= is a number of seconds above 0, not 0.0."),
        ({"max_queue": 0}, "max_queue= is at least 1, not 0."),
        ({"timeout": 0.0}, "timeout= is a number of seconds above 0, not 0.0."),
    ],
)
def test_an_option_that_cannot_work_is_refused(option: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        sink_to(Server(), **option)

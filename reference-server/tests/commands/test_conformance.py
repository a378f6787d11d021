"""The command against this very server, and against one that a proxy makes wrong."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
import uvicorn

from intelgraph_server.__main__ import main
from intelgraph_server.testing import demo_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKENS = ("acme", "acme-ungranted", "acme-machine", "globex", "initech")
BAD_REQUEST = 400


@pytest.fixture(scope="module")
def deployed() -> Iterator[tuple[str, list[str]]]:
    """The address of a seeded server behind a socket, and the options with its tokens."""
    with demo_server() as demo:
        config = uvicorn.Config(demo.asgi, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        tokens = [f"--token={name}={demo.token(name)}" for name in TOKENS]
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql", tokens
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def proxied(url: str, change: Callable[[int, bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A server that passes everything on, and changes what comes back."""
    behind = urlsplit(url)

    class Proxy(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            connection = HTTPConnection(str(behind.hostname), behind.port)
            connection.request(self.command, self.path, self.rfile.read(length), dict(self.headers))
            reply = connection.getresponse()
            status, body = change(reply.status, reply.read())
            self.send_response(status)
            for name, value in reply.getheaders():
                if name.lower() not in {"content-length", "date", "server"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        do_GET = do_POST = pass_on  # noqa: N815 - so http.server calls them.

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/graphql"
        server.shutdown()
        thread.join()


@pytest.fixture
def invoke(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def invoke(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["conformance", *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return invoke


def failed(told: str) -> list[str]:
    return [each["name"] for each in json.loads(told)["vectors"] if each["outcome"] == "fail"]


def test_a_seeded_server_passes_every_vector_of_its_mode(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    url, tokens = deployed

    code, told, _ = invoke("--url", url, *tokens, "--seeded", "--format", "json")

    vectors = json.loads(told)["vectors"]
    left_out = {each["reason"] for each in vectors if each["outcome"] == "not applicable"}
    assert (code, failed(told)) == (0, [])
    assert left_out == {"needs a server in the mode allow-list"}


def test_without_tokens_and_data_what_does_not_apply_says_why(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    code, told, _ = invoke("--url", deployed[0])

    lines = told.splitlines()
    assert code == 0
    assert "pass           limits: a document of too many tokens is refused" in lines
    assert (
        "not applicable limits: a query that is too deep is refused (needs the token acme)" in lines
    )
    assert lines[-1].startswith(f"{deployed[0]}: ")
    assert " 0 failed, " in lines[-1]


def test_one_token_without_a_name_is_that_of_acme(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    token = deployed[1][0].removeprefix("--token=acme=")

    code, told, _ = invoke("--url", deployed[0], "--token", token, "--only", "too deep")

    assert (code, told.splitlines()[0]) == (
        0,
        "pass           limits: a query that is too deep is refused",
    )


def test_a_server_that_gives_another_status_fails_the_vectors_that_ask_for_it(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    def hide(status: int, body: bytes) -> tuple[int, bytes]:
        return (200 if status == BAD_REQUEST else status), body

    with proxied(deployed[0], hide) as url:
        code, told, _ = invoke("--url", url, "--only", "too many tokens")

    assert code == 1
    assert told.splitlines()[:2] == [
        "fail           limits: a document of too many tokens is refused",
        "                 status: expected 400, came 200",
    ]


def test_a_server_that_says_something_else_fails_exactly_what_asks_for_it(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    def betray(status: int, body: bytes) -> tuple[int, bytes]:
        return status, body.replace(b'"Query"', b'"Root"')

    with proxied(deployed[0], betray) as url:
        code, told, _ = invoke("--url", url, "--format", "json", "--only", "named operation")

    assert (code, failed(told)) == (1, ["a named operation is run"])
    differences: Any = json.loads(told)["vectors"][0]["differences"]
    assert differences == [{"what": "data", "expected": {"b": "Query"}, "came": {"b": "Root"}}]


def test_a_report_for_a_build_server_names_each_vector(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    with proxied(deployed[0], lambda _, body: (500, body)) as url:
        _, told, _ = invoke("--url", url, "--format", "junit", "--only", "limits")

    suite = ET.fromstring(told)  # noqa: S314 - it is our own.
    cases = {case.get("name"): [each.tag for each in case] for case in suite}
    assert cases["a document of too many tokens is refused"] == ["failure"]
    assert cases["a query that is too deep is refused"] == ["skipped"]
    assert int(suite.get("tests", 0)) == len(cases)


def test_a_server_that_closes_without_an_answer_fails_by_name(
    invoke: Callable[..., tuple[int, str, str]],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def hang_up() -> None:
            for _ in range(2):
                listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        code, told, _ = invoke("--url", f"http://127.0.0.1:{port}/", "--only", "too many tokens")
        thread.join()

    assert code == 1
    assert "fail           limits: a document of too many tokens is refused (no answer: " in told


def test_a_server_that_is_not_there_is_told_in_one_line_and_by_the_exit_code(
    invoke: Callable[..., tuple[int, str, str]],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    code, told, errors = invoke("--url", f"http://127.0.0.1:{port}/graphql")

    assert (code, told) == (3, "")
    assert errors == (
        f"intelgraph-server: cannot reach http://127.0.0.1:{port}/graphql: connection refused\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--url", "graph.example"], "is not the address of an endpoint"),
        (
            ["--url", "http://localhost/graphql", "--only", "nothing such"],
            "no vector holds nothing such",
        ),
        ([], "--url"),
    ],
)
def test_a_command_line_that_means_nothing_is_wrong(
    arguments: list[str], message: str, invoke: Callable[..., tuple[int, str, str]]
) -> None:
    code, _, errors = invoke(*arguments)

    assert code == 2
    assert message in errors

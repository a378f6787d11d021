"""The command against this very server, and against one that a proxy makes wrong."""

from __future__ import annotations

import contextlib
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


def test_a_choice_of_which_nothing_applies_has_proved_nothing(
    deployed: tuple[str, list[str]], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    code, told, errors = invoke("--url", deployed[0], "--only", "too deep")

    assert (code, told.splitlines()[-1].rpartition(": ")[2]) == (
        2,
        "0 passed, 0 failed, 1 not applicable",
    )
    assert errors == "intelgraph-server: nothing was tried, for no chosen vector applies\n"


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


def read_request(connection: socket.socket) -> None:
    """Read to the end, for to close what is not read is to reset it."""
    with connection.makefile("rb") as incoming:
        length = 0
        for line in incoming:
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
            if line == b"\r\n":
                break
        incoming.read(length)


@contextmanager
def answering(*answers: bytes) -> Iterator[str]:
    """A server that gives each connection after the first one bytes, whatever it is asked."""

    def serve() -> None:
        # The first one only looks whether somebody is there.
        for answer in (None, *answers):
            connection = listener.accept()[0]
            with connection, contextlib.suppress(OSError):
                if answer is not None:
                    read_request(connection)
                    drip(connection, answer)

    def drip(connection: socket.socket, answer: bytes) -> None:
        connection.sendall(answer)
        while answer.endswith(b"..."):
            connection.sendall(b".")
            is_over.wait(0.01)

    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            is_over.set()
            # Who gave up early has left connections to wait for.
            for _ in (None, *answers):
                socket.create_connection(listener.getsockname()).close()
            thread.join()


def seconds(answer: bytes) -> str:
    """What an answer may take: little only where it never ends."""
    return "2" if answer.endswith(b"...") else "30"


OK = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: "
GRAPHQL = OK + b'application/json\r\n\r\n{"data":{"__typename":"Query"}}'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "remote end closed connection without response"),
        (OK + b"application/json\r\n\r\n...", "timed out"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", "IncompleteRead"),
    ],
    ids=["closes", "drips for ever", "breaks off"],
)
def test_an_answer_that_does_not_come_whole_and_in_time_fails_by_name(
    answer: bytes, said: str, invoke: Callable[..., tuple[int, str, str]]
) -> None:
    with answering(GRAPHQL, answer) as url:
        options = ("--only", "too many tokens", "--timeout", seconds(answer))
        code, told, _ = invoke("--url", url, *options)

    assert code == 1
    name = "limits: a document of too many tokens is refused"
    assert told.splitlines()[0] == f"fail           {name} (no answer: {said})"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            OK + b"text/html\r\n\r\n<html>",
            "is no GraphQL endpoint: it answers `{__typename}` with 200 and text/html",
        ),
        (
            OK + b"application/json\r\n\r\n[]",
            "is no GraphQL endpoint: it answers `{__typename}` with 200 and application/json",
        ),
        (
            b'HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n{"errors":[{"message":"no"}]}',
            "is no GraphQL endpoint: it answers `{__typename}` with 404 and no media type",
        ),
        (b"SSH-2.0-OpenSSH_9\r\n", "gives no answer to `{__typename}`: BadStatusLine"),
        (OK + b"a/b\r\n\r\n...", "gives no answer to `{__typename}`: timed out"),
    ],
    ids=["a page", "other JSON", "another path", "no HTTP", "drips for ever"],
)
def test_what_is_no_graphql_server_is_told_in_one_line_before_any_vector_is_tried(
    answer: bytes, said: str, invoke: Callable[..., tuple[int, str, str]]
) -> None:
    with answering(answer) as url:
        code, told, errors = invoke("--url", url, "--timeout", seconds(answer))

    assert (code, told) == (3, "")
    assert errors == f"intelgraph-server: {url} {said}\n"


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
        (["--url", "http://user:secret@localhost/graphql"], "is not the address of an endpoint"),
        (["--url", "http://localhost/graphql#here"], "is not the address of an endpoint"),
        (["--url", "http://localhost/gr aphql"], "is not the address of an endpoint"),
        (["--url", "http://localhost/", "--timeout", "0"], "'0' is no number of seconds above 0"),
        (["--url", "http://localhost/", "--timeout", "nan"], "'nan' is no number of seconds"),
        (["--url", "http://localhost/", "--timeout", "1e9"], "and up to 3600"),
        (["--url", "http://localhost/", "--token", ""], "a token is not empty"),
        (
            ["--url", "http://localhost/", "--token", "acme-machin=token"],
            "no vector needs a token of the name acme-machin; of acme, acme-machine, acme-",
        ),
    ],
)
def test_a_command_line_that_means_nothing_is_wrong(
    arguments: list[str], message: str, invoke: Callable[..., tuple[int, str, str]]
) -> None:
    code, _, errors = invoke(*arguments)

    assert code == 2
    assert message in errors


def test_a_token_that_cannot_be_sent_is_not_repeated(
    invoke: Callable[..., tuple[int, str, str]],
) -> None:
    code, told, errors = invoke("--url", "http://localhost/", "--token", "acme=secret\ntoken")

    assert code == 2
    assert "argument --token: a token is not empty and has no spaces in it" in errors
    assert "secret" not in told + errors

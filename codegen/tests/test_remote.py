from __future__ import annotations

import contextlib
import socket
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.errors import UnreachableError
from intelgraph_codegen.remote import Server, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"


@contextlib.contextmanager
def answering(raw: bytes, *, stays: bool = False) -> Iterator[str]:
    """The address of a server that sends these bytes to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    # To its end, or the close would tear down what was sent.
                    asked = b""
                    while b"{a}" not in asked:
                        asked += connection.recv(65536)
                    connection.sendall(raw)
                    while stays and connection.recv(65536):
                        pass

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def told(server: Server) -> str:
    with pytest.raises(UnreachableError) as caught:
        ask(server, "{a}")
    return str(caught.value)


def test_an_answer_is_read_whatever_its_status() -> None:
    body = b'{"data": {"a": 1}, "errors": [{"message": "m"}, 1]}'
    with answering(b"HTTP/1.1 400 Bad\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)) as url:
        answer = ask(Server(url), "{a}")

    assert (answer.data, answer.errors) == ({"a": 1}, ("m",))


def test_an_announced_length_that_is_none_is_passed_over() -> None:
    with answering(b'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{"data": {"a": 1}}') as url:
        assert ask(Server(url), "{a}").data == {"a": 1}


def test_a_server_that_keeps_silent_is_given_up() -> None:
    with answering(b"", stays=True) as url:
        assert told(Server(url, timeout=0.05)).endswith(
            "The server did not answer in time. [unreachable-server]"
        )


@pytest.mark.parametrize("raw", [b"", SHORT, b"nonsense\r\n"])
def test_an_answer_that_ends_too_soon_is_told(raw: bytes) -> None:
    with answering(raw) as url:
        assert told(Server(url)).endswith(
            "The connection ended before the answer did. [unreachable-server]"
        )


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 4096) as url:
        message = told(Server(url, most_bytes=1024))

    assert message.endswith(
        "The answer has more bytes than a schema can have. [unreachable-server]"
    )


def test_neither_the_address_that_is_shown_nor_the_server_itself_tells_a_secret() -> None:
    server = Server("https://me:secret@a.example:8443/graphql?key=secret", {"A": "secret"})

    assert server.shown == "https://a.example:8443/graphql"
    assert "A" not in repr(server).partition("headers")[2]

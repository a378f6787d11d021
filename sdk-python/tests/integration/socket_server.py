"""A server that answers each connection with bytes of a test's own, right or wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

Answer = bytes | Callable[[], Iterable[bytes]]
PATIENCE = 30.0  # Seconds; the machine may be busy, or stand still for a while.


class SocketServer:
    """Reads one request of each connection, sends what it is told, and closes."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.answers: list[Answer] = []
        self.has_request = threading.Event()
        self.closed_early = threading.Event()
        """Set when a client closed its connection before the answer was complete."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/graphql"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if not self.answers:
                    return
                connection.settimeout(PATIENCE)
                request = read_request(connection)
                if not request:
                    continue  # A client that was too late to ask.
                self.requests.append(request)
                self.has_request.set()
                answer = self.answers.pop(0)
                pieces = [answer] if isinstance(answer, bytes) else answer()
                try:
                    for piece in pieces:
                        self._send(connection, piece)
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_WR)
                except TimeoutError:
                    pass  # The client is there, and does not read.
                except OSError:
                    self.closed_early.set()

    def _send(self, connection: socket.socket, piece: bytes) -> None:
        if piece:
            connection.sendall(piece)
        elif is_closed(connection):
            raise ConnectionError("the client is gone")

    def stop(self) -> None:
        self.answers.clear()
        here = ("127.0.0.1", self.port)
        with suppress(OSError), socket.create_connection(here, timeout=PATIENCE):
            pass
        self._thread.join()
        self._listener.close()


@contextmanager
def socket_server(*answers: Answer) -> Iterator[SocketServer]:
    server = SocketServer()
    server.answers.extend(answers)
    try:
        yield server
    finally:
        server.stop()


def is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(PATIENCE)


def read_request(connection: socket.socket) -> bytes:
    """One request's head and body."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = connection.recv(65_536)
        if not piece:
            return read
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    missing = int(lines.get(b"content-length", 0)) - len(body)
    while missing > 0:
        piece = connection.recv(65_536)
        missing -= len(piece)
        read += piece
    return read


def http_reply(
    body: bytes, *, status: str = "200 OK", length: int | None = None, **headers: str
) -> bytes:
    """A reply's bytes, with a length of its body that may be another than it has."""
    fields = {"content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    size = len(body) if length is None else length
    # Said, because a client may ask again before it sees that the connection is closed.
    lines += f"content-length: {size}\r\nconnection: close\r\n"
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body

"""A running server: the socket, uvicorn, the ready line, and the ways it ends."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from .settings import OperatorError, reason

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.types import ASGIApp

PARENT_CHECK: Final = 0.2  # Seconds.
DRAIN: Final = 5  # Seconds that running requests are given at the end.


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; bound before anything slow, so that a taken port is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol said, asyncio sends small replies at once (TCP_NODELAY); without it,
    # each reply on a kept-alive connection waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Without this a second server could bind the same port until uvicorn listens.
        listener.listen(128)
    except OSError as error:
        listener.close()
        hint = "; choose another --port, or 0 for any" if error.errno == errno.EADDRINUSE else ""
        raise OperatorError(f"cannot listen on {host} port {port}: {reason(error)}{hint}") from None
    return listener


def base_url(listener: socket.socket) -> str:
    """The address of a listening socket, as it stands in links."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def run(app: ASGIApp, listener: socket.socket, ready: str, *, ends_with: int | None) -> None:
    """Serves until SIGINT or SIGTERM, or until the parent process `ends_with` is gone."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=DRAIN,
    )
    asyncio.run(_Server(config, ready, ends_with).serve([listener]))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: str, ends_with: int | None) -> None:
        super().__init__(config)
        self._ready = ready
        self._ends_with = ends_with

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            sys.stdout.write(f"{self._ready}\n")
            sys.stdout.flush()

    async def main_loop(self) -> None:
        watch = asyncio.create_task(self._watch_parent())
        await super().main_loop()
        watch.cancel()

    async def _watch_parent(self) -> None:
        # An orphan is given another parent, on every POSIX system.
        while self._ends_with is not None and not self.should_exit:
            self.should_exit = os.getppid() != self._ends_with
            await asyncio.sleep(PARENT_CHECK)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        # Uvicorn's own version raises the signal again at the end, and the process would
        # seem to have died of it; here being told to stop is how a server ends well.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield

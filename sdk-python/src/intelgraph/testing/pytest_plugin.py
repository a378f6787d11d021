"""Fixtures of pytest around the reference server.

In a `conftest.py`:

    pytest_plugins = ["intelgraph.testing.pytest_plugin"]

One server serves the whole run; where a project has the fixture `intelgraph_server_options`, it
is started with what that gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import pytest

from intelgraph import IntelGraph

from .server import start_server

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Literal

    from .server import RunningServer

__all__ = [
    "ServerOptions",
    "intelgraph_client",
    "intelgraph_server",
    "intelgraph_server_options",
]


class ServerOptions(TypedDict, total=False):
    """What `start_server` takes."""

    seed: int
    clock: str | None
    documents: Literal["open", "allow-list"]
    patience: float


@pytest.fixture(scope="session")
def intelgraph_server_options() -> ServerOptions:
    """How the server is started; override it to start it otherwise."""
    return {}


@pytest.fixture(scope="session")
def intelgraph_server(intelgraph_server_options: ServerOptions) -> Generator[RunningServer]:
    """A running reference server with the demonstration data, one for the whole run."""
    with start_server(**intelgraph_server_options) as server:
        yield server


@pytest.fixture
def intelgraph_client(intelgraph_server: RunningServer) -> Generator[IntelGraph]:
    """A client of that server as the tenant `acme`."""
    with IntelGraph(url=intelgraph_server.url, api_key=intelgraph_server.tokens["acme"]) as client:
        yield client

"""A server in process for tests: give `Demo.asgi` to an HTTP client's ASGI transport."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .app import create_server
from .database.migrate import create_tables
from .seed import DEFAULT_CLOCK, DEFAULT_SEED, seed_demo
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.types import ASGIApp

    from .app import Server


@dataclass(frozen=True, slots=True)
class Demo:
    """A server with the demonstration data."""

    server: Server

    @property
    def asgi(self) -> ASGIApp:
        return self.server.asgi

    def token(self, name: str) -> str:
        """The token of a name that vectors use: `acme`, or restricted as in `acme-ungranted`.

        `ungranted` has no permissions, and `machine` is not a person's.
        """
        tenant_id, _, restriction = name.partition("-")
        return self.server.token(
            tenant_id,
            [] if restriction == "ungranted" else None,
            is_human=restriction != "machine",
        )


@contextmanager
def demo_server(settings: Settings | None = None) -> Generator[Demo]:
    """A server of these settings, or one with fresh demonstration data and a still clock."""
    with tempfile.TemporaryDirectory(prefix="intelgraph-") as folder:
        server = create_server(
            settings
            or Settings(
                database_url=f"sqlite:///{folder}/intelgraph.db",
                signing_key=secrets.token_urlsafe(32),
                clock=DEFAULT_CLOCK,
                faults=True,
                lake_url=f"file://{folder}/lake",
                identity=Path(folder) / "intelgraph.pem",
            )
        )
        try:
            if settings is None:
                create_tables(server.database)
                with server.database.writing() as connection:
                    seed_demo(connection, DEFAULT_SEED, DEFAULT_CLOCK)
            yield Demo(server)
        finally:
            server.close()

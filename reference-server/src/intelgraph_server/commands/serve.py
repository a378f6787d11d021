"""`serve`: options and environment into settings, a database made ready, and a server on it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.settings import Settings, database_url, told_by_environment

from . import database_option, option, reach, signing_key, told_in_one_line

if TYPE_CHECKING:
    import argparse

    from intelgraph_server.app import Server

SUMMARY: Final = "answer GraphQL requests"
EXAMPLES: Final = """\
examples:
  intelgraph-server serve --seed-demo
      demonstration data in ./intelgraph.db on http://127.0.0.1:8800/graphql
  intelgraph-server serve --port 0 --ephemeral --faults
      for tests: a free port, a database that is gone afterwards, tokens on the ready line
  intelgraph-server serve --database-url postgresql://app@db/intelgraph --documents allow-list
"""


# Options that are settings of the same name.
SETTINGS: Final = frozenset(
    ("documents", "faults", "access_log", "clock", "pages", "a11y_report", "objectives")
)


@option("is not a port from 0 to 65535")
def port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:  # noqa: PLR2004
        raise ValueError(text)
    return int(text)


@option("holds no built pages; `npm run build` in examples/portal makes them")
def pages(text: str) -> Path:
    if not (Path(text) / "admin.html").is_file():
        raise ValueError(text)
    return Path(text)


@option("is not an instant such as 2026-04-15T00:00:00Z")
def clock(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def add_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    add("--port", type=port, default=8800, help="0 takes a free one (8800)")
    where = command.add_mutually_exclusive_group()
    database_option(where.add_argument)
    own = "a seeded database of its own; implies --with-parent"
    where.add_argument("--ephemeral", action="store_true", help=own)
    add("--with-parent", action="store_true", help="end with the process that started this one")
    add("--seed-demo", action="store_true", help="write the demonstration data")
    add("--seed", type=int, default=1, help="varies the demonstration data (1)")
    add("--clock", type=clock, help="an instant at which the server's time stands still")
    which = "which documents may run: any, or the published ones only (open)"
    add("--documents", choices=("open", "allow-list"), default="open", help=which)
    add("--faults", action="store_true", help="serve /_faults, for tests")
    add("--pages", type=pages, metavar="FOLDER", help="serve the built pages of the portal")
    add("--a11y-report", type=Path, metavar="FILE", help="what the last audit of the pages found")
    add("--objectives", type=Path, metavar="FILE", help="objectives and budgets of your own")
    add("--access-log", action="store_true", help="log every request")
    add("--log-level", choices=("debug", "info", "warning", "error"), default="info")


def run(options: argparse.Namespace) -> int:
    from intelgraph_server.app import create_server  # noqa: PLC0415
    from intelgraph_server.logs import log_to_stderr  # noqa: PLC0415
    from intelgraph_server.serve import base_url, listen  # noqa: PLC0415
    from intelgraph_server.serve import run as serve  # noqa: PLC0415

    # Until the server minds its signals itself, SIGTERM ends as Ctrl-C does, with cleaning up.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    log_to_stderr(options.log_level)
    ends_with_parent = options.ephemeral or options.with_parent
    parent = os.getppid() if ends_with_parent and os.name == "posix" else None
    with ExitStack() as cleanup:
        listener = cleanup.enter_context(listen(options.host, options.port))
        base = base_url(listener)
        server = create_server(_settings(options, cleanup, base))
        cleanup.callback(server.close)
        ready = {
            "ready": True,
            "url": f"{base}/graphql",
            "tokens": _prepare(server, options),
            "faults": f"{base}/_faults" if options.faults else None,
        }
        serve(server.asgi, listener, json.dumps(ready), ends_with=parent)
    return 0


def _settings(options: argparse.Namespace, cleanup: ExitStack, address: str) -> Settings:
    if options.ephemeral:
        kept = tempfile.TemporaryDirectory(prefix="intelgraph-", ignore_cleanup_errors=True)
        url = f"sqlite:///{cleanup.enter_context(kept)}/intelgraph.db"
        key = secrets.token_urlsafe(32)
    else:
        url = database_url(options.database_url)
        key = signing_key(url, may_create=True)
    beside = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else "intelgraph"
    lake, identity = f"file://{Path(f'{beside}.lake').absolute()}", f"{beside}.pem"
    known: dict[str, Any] = {"public_url": address, "lake_url": lake, "identity": identity}
    known |= told_by_environment()
    known |= {name: value for name, value in vars(options).items() if name in SETTINGS}
    known["identity"] = Path(known["identity"])
    return Settings(database_url=url, signing_key=key, runs_jobs=True, **known)


def _prepare(server: Server, options: argparse.Namespace) -> dict[str, str]:
    """Makes the database ready; gives the tokens of the demonstration tenants."""
    from intelgraph_server.database.migrate import create_tables, make_ready  # noqa: PLC0415
    from intelgraph_server.seed import DEMO_TENANTS, seed_demo  # noqa: PLC0415

    if options.ephemeral:
        create_tables(server.database)
    else:
        reach(server.database)
        with told_in_one_line("the database cannot be set up"):
            make_ready(server.database)
    if not (options.seed_demo or options.ephemeral):
        return {}
    refused = "the demonstration data cannot be written"
    with told_in_one_line(refused), server.database.writing() as connection:
        # Dated back from now, or a reader would find nothing recent in it.
        seed_demo(connection, options.seed, options.clock or datetime.now(UTC))
    return {tenant_id: server.token(tenant_id) for tenant_id in DEMO_TENANTS}

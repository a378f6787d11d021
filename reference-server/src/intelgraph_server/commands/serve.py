"""`serve`: options and environment into settings, a database made ready, and a server on it."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from intelgraph_server.settings import (
    IDENTITY_VARIABLE,
    LAKE_URL_VARIABLE,
    PUBLIC_URL_VARIABLE,
    SMTP_URL_VARIABLE,
    STRIPE_KEY_VARIABLE,
    STRIPE_WEBHOOK_VARIABLE,
    Settings,
    database_url,
)

from . import CommandError
from .database import database_option, reach, signing_key, told_in_one_line

if TYPE_CHECKING:
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


def add_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    add("--port", type=_port, default=8800, help="0 takes a free one (8800)")
    where = command.add_mutually_exclusive_group()
    database_option(where.add_argument)
    own = "a seeded database of its own; implies --with-parent"
    where.add_argument("--ephemeral", action="store_true", help=own)
    add("--with-parent", action="store_true", help="end with the process that started this one")
    add("--seed-demo", action="store_true", help="write the demonstration data")
    add("--seed", type=int, default=1, help="varies the demonstration data (1)")
    add("--clock", type=_clock, help="an instant at which the server's time stands still")
    which = "which documents may run: any, or the published ones only (open)"
    add("--documents", choices=("open", "allow-list"), default="open", help=which)
    add("--faults", action="store_true", help="serve /_faults, for tests")
    add("--pages", type=_pages, metavar="FOLDER", help="serve the built pages of the portal")
    add("--a11y-report", type=Path, metavar="FILE", help="what the last audit of the pages found")
    add("--objectives", type=Path, metavar="FILE", help="objectives and budgets of your own")
    add("--access-log", action="store_true", help="log every request")
    add("--log-level", choices=("debug", "info", "warning", "error"), default="info")


def run(options: argparse.Namespace) -> int:
    from intelgraph_server.app import create_server  # noqa: PLC0415
    from intelgraph_server.database.engine import DatabaseError  # noqa: PLC0415
    from intelgraph_server.logs import log_to_stderr  # noqa: PLC0415
    from intelgraph_server.observe.objectives import ObjectivesError  # noqa: PLC0415
    from intelgraph_server.payments.provider import PaymentSettingsError  # noqa: PLC0415
    from intelgraph_server.serve import Announcement, PortError, base_url, listen  # noqa: PLC0415
    from intelgraph_server.serve import run as serve  # noqa: PLC0415

    # Until the server minds its signals itself, SIGTERM ends as Ctrl-C does, with cleaning up.
    signal.signal(signal.SIGTERM, _interrupt)
    log_to_stderr(options.log_level)
    ends_with_parent = options.ephemeral or options.with_parent
    parent = os.getppid() if ends_with_parent and os.name == "posix" else None
    with ExitStack() as cleanup:
        try:
            listener = cleanup.enter_context(listen(options.host, options.port))
            host, port = listener.getsockname()[:2]
            server = create_server(_settings(options, cleanup, base_url(host, port)))
            cleanup.callback(server.close)
            tokens = _prepare(server, options)
        except (DatabaseError, ObjectivesError, PaymentSettingsError, PortError) as error:
            raise CommandError(str(error)) from None
        announcement = Announcement(tokens=tokens, has_faults=options.faults)
        serve(server.asgi, listener, announcement, ends_with=parent)
    return 0


def _settings(options: argparse.Namespace, cleanup: ExitStack, address: str) -> Settings:
    if options.ephemeral:
        folder = cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="intelgraph-", ignore_cleanup_errors=True)
        )
        url, key = f"sqlite:///{folder}/intelgraph.db", secrets.token_urlsafe(32)
    else:
        url = database_url(options.database_url)
        key = signing_key(url, may_create=True)
    beside = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else "intelgraph"
    environment = os.environ.get
    return Settings(
        database_url=url,
        signing_key=key,
        public_url=environment(PUBLIC_URL_VARIABLE) or address,
        lake_url=environment(LAKE_URL_VARIABLE) or f"file://{Path(f'{beside}.lake').absolute()}",
        identity=Path(environment(IDENTITY_VARIABLE) or f"{beside}.pem"),
        stripe_key=environment(STRIPE_KEY_VARIABLE) or None,
        stripe_webhook_secret=environment(STRIPE_WEBHOOK_VARIABLE) or None,
        smtp_url=environment(SMTP_URL_VARIABLE) or None,
        pages=options.pages,
        a11y_report=options.a11y_report,
        objectives=options.objectives,
        runs_jobs=True,
        documents=options.documents,
        faults=options.faults,
        access_log=options.access_log,
        clock=options.clock,
    )


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


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _pages(text: str) -> Path:
    if not (Path(text) / "admin.html").is_file():
        raise argparse.ArgumentTypeError(
            f"there are no built pages in {text!r}; `npm run build` in examples/portal makes them"
        )
    return Path(text)


def _clock(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an instant such as 2026-04-15T00:00:00Z")
    return instant

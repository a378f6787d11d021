"""The command line: `serve`, `token` and `migrate`.

Exit codes: 0 done or told to stop, 1 it could not be done, 2 the command line is wrong.
What is slow to import is imported by the command that needs it.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from ._version import __version__
from .settings import (
    DATABASE_URL_VARIABLE,
    IDENTITY_VARIABLE,
    LAKE_URL_VARIABLE,
    PUBLIC_URL_VARIABLE,
    SIGNING_KEY_VARIABLE,
    SMTP_URL_VARIABLE,
    STRIPE_KEY_VARIABLE,
    STRIPE_WEBHOOK_VARIABLE,
    Settings,
    database_url,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from .app import Server
    from .database.engine import Database

SERVE_EXAMPLES: Final = """\
examples:
  intelgraph-server serve --seed-demo
      demonstration data in ./intelgraph.db on http://127.0.0.1:8800/graphql
  intelgraph-server serve --port 0 --ephemeral --faults
      for tests: a free port, a database that is gone afterwards, tokens on the ready line
  intelgraph-server serve --database-url postgresql://app@db/intelgraph --documents allow-list
"""
ISSUE_EXAMPLES: Final = """\
examples:
  intelgraph-server token --tenant acme --grant entity.read --grant billing.read
  intelgraph-server token --tenant acme --grant trust.read --hours 1
"""
MIGRATE_EXAMPLES: Final = """\
examples:
  intelgraph-server migrate --database-url postgresql://app@db/intelgraph
"""


class CommandError(Exception):
    """The command cannot be done; the message is one line for a person."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except KeyboardInterrupt:
        return 0
    except CommandError as error:
        sys.stderr.write(f"intelgraph-server: {error}\n")
        return 1
    return 0


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _serve(options: argparse.Namespace) -> None:
    from .app import create_server  # noqa: PLC0415
    from .database.engine import DatabaseError  # noqa: PLC0415
    from .logs import log_to_stderr  # noqa: PLC0415
    from .observe.objectives import ObjectivesError  # noqa: PLC0415
    from .serve import Announcement, PortError, base_url, listen, run  # noqa: PLC0415

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
            cleanup.callback(server.database.close)
            tokens = _prepare(server, options)
        except (DatabaseError, ObjectivesError, PortError) as error:
            raise CommandError(str(error)) from None
        announcement = Announcement(tokens=tokens, has_faults=options.faults)
        run(server.asgi, listener, announcement, ends_with=parent)


def _settings(options: argparse.Namespace, cleanup: ExitStack, address: str) -> Settings:
    if options.ephemeral:
        folder = cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="intelgraph-", ignore_cleanup_errors=True)
        )
        url, key = f"sqlite:///{folder}/intelgraph.db", secrets.token_urlsafe(32)
    else:
        url = database_url(options.database_url)
        key = _signing_key(url, may_create=True)
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
    from .database.migrate import create_tables, make_ready  # noqa: PLC0415
    from .seed import DEFAULT_CLOCK, DEMO_TENANTS, seed_demo  # noqa: PLC0415

    if options.ephemeral:
        create_tables(server.database)
    else:
        _reach(server.database)
        with _told_in_one_line("the database cannot be set up"):
            make_ready(server.database)
    if not (options.seed_demo or options.ephemeral):
        return {}
    with (
        _told_in_one_line("the demonstration data cannot be written"),
        server.database.writing() as connection,
    ):
        seed_demo(connection, options.seed, options.clock or DEFAULT_CLOCK)
    return {tenant_id: server.token(tenant_id) for tenant_id in DEMO_TENANTS}


def _reach(database: Database) -> None:
    with _told_in_one_line("the database cannot be opened"):
        database.ping()


@contextmanager
def _told_in_one_line(what: str) -> Generator[None]:
    """Turns what the database says into a message; its statement and parameters stay out."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise CommandError(f"{what}: {reason}") from None


def _token(options: argparse.Namespace) -> None:
    from .auth import Tokens  # noqa: PLC0415

    key = _signing_key(database_url(options.database_url), may_create=False)
    token = Tokens(key, lambda: datetime.now(UTC)).issue(
        tenant_id=options.tenant,
        permissions=options.grant,
        subject=options.subject,
        lifetime=timedelta(hours=options.hours),
        is_human=options.human,
    )
    sys.stdout.write(token + "\n")


def _migrate(options: argparse.Namespace) -> None:
    from .database.engine import Database, DatabaseError  # noqa: PLC0415
    from .database.migrate import HEAD, migrate  # noqa: PLC0415

    try:
        database = Database(database_url(options.database_url))
        _reach(database)
        with _told_in_one_line("the database cannot be migrated"):
            migrate(database)
    except DatabaseError as error:
        raise CommandError(str(error)) from None
    database.close()
    sys.stdout.write(f"the database is at revision {HEAD}\n")


def _signing_key(url: str, *, may_create: bool) -> str:
    """The key of the environment, or the one in a file beside a SQLite database."""
    from .auth import SHORTEST_KEY  # noqa: PLC0415
    from .database.engine import DatabaseError, parse_url  # noqa: PLC0415

    given = os.environ.get(SIGNING_KEY_VARIABLE)
    if given:
        if len(given.encode()) < SHORTEST_KEY:
            raise CommandError(f"{SIGNING_KEY_VARIABLE} is shorter than {SHORTEST_KEY} bytes")
        return given
    try:
        parsed = parse_url(url)
    except DatabaseError as error:
        raise CommandError(str(error)) from None
    if parsed.get_backend_name() != "sqlite":
        raise CommandError(f"set {SIGNING_KEY_VARIABLE} to the key that tokens are signed with")
    path = Path(f"{parsed.database}.key")
    key = _key_file(path, may_create=may_create)
    if len(key.encode()) < SHORTEST_KEY:
        raise CommandError(
            f"the signing key at {path} is shorter than {SHORTEST_KEY} bytes;"
            " delete the file to have a new one made"
        )
    return key


def _key_file(path: Path, *, may_create: bool) -> str:
    try:
        if may_create and not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()
    except FileNotFoundError:
        if may_create:
            raise CommandError(f"there is no folder {path.parent}") from None
        raise CommandError(
            f"there is no signing key at {path}; start the server once,"
            f" or set {SIGNING_KEY_VARIABLE}"
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(f"cannot use the signing key at {path}: {reason}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="intelgraph-server",
        description="The IntelGraph reference server: GraphQL over HTTP on a real database.",
    )
    parser.add_argument("--version", action="version", version=f"intelgraph-server {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _serve_options(
        _command(commands.add_parser, "serve", "answer GraphQL requests", SERVE_EXAMPLES, _serve)
    )
    token = _command(commands.add_parser, "token", "print a bearer token", ISSUE_EXAMPLES, _token)
    token.add_argument("--tenant", required=True, help="the tenant the token speaks for")
    token.add_argument(
        "--grant",
        action="append",
        type=_permission,
        default=[],
        metavar="PERMISSION",
        help="what the token allows, such as entity.read; may be repeated",
    )
    token.add_argument("--subject", default="cli", help="who the token is for (cli)")
    token.add_argument("--human", action="store_true", help="the token is a person's")
    token.add_argument("--hours", type=_hours, default=24.0, help="how long it is valid (24)")
    migrate = _command(
        commands.add_parser, "migrate", "bring the database up to date", MIGRATE_EXAMPLES, _migrate
    )
    for command in (token, migrate):
        _database_option(command.add_argument)
    return parser


def _command(
    add: Callable[..., argparse.ArgumentParser],
    name: str,
    summary: str,
    examples: str,
    function: object,
) -> argparse.ArgumentParser:
    command = add(
        name,
        help=summary,
        description=summary.capitalize() + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=function)
    return command


def _serve_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    command.add_argument("--port", type=_port, default=8800, help="0 takes a free one (8800)")
    where = command.add_mutually_exclusive_group()
    _database_option(where.add_argument)
    where.add_argument(
        "--ephemeral",
        action="store_true",
        help="a seeded database of its own; implies --with-parent",
    )
    command.add_argument(
        "--with-parent", action="store_true", help="end with the process that started this one"
    )
    command.add_argument("--seed-demo", action="store_true", help="write the demonstration data")
    command.add_argument("--seed", type=int, default=1, help="varies the demonstration data (1)")
    command.add_argument(
        "--clock", type=_clock, help="an instant at which the server's time stands still"
    )
    command.add_argument(
        "--documents",
        choices=("open", "allow-list"),
        default="open",
        help="which documents may run: any, or the published ones only (open)",
    )
    command.add_argument("--faults", action="store_true", help="serve /_faults, for tests")
    command.add_argument(
        "--pages", type=Path, metavar="FOLDER", help="serve the built pages of the portal"
    )
    command.add_argument(
        "--a11y-report", type=Path, metavar="FILE", help="what the last audit of the pages found"
    )
    command.add_argument(
        "--objectives", type=Path, metavar="FILE", help="objectives and budgets of your own"
    )
    command.add_argument("--access-log", action="store_true", help="log every request")
    command.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info"
    )


def _database_option(add: Callable[..., object]) -> None:
    add(
        "--database-url",
        metavar="URL",
        help=f"sqlite:///FILE or postgresql://… (${DATABASE_URL_VARIABLE}, else intelgraph.db)",
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _permission(text: str) -> str:
    from .app import DOMAINS  # noqa: PLC0415
    from .engine.schema import executable_schema, permissions  # noqa: PLC0415
    from .generated.sdl import SDL  # noqa: PLC0415

    known = sorted(permissions(executable_schema(SDL, DOMAINS)))
    if text not in known:
        raise argparse.ArgumentTypeError(
            f"the schema has no permission {text!r}; it has {', '.join(known)}"
        )
    return text


def _hours(text: str) -> float:
    try:
        hours = float(text)
        # Past the end of time no token can be dated.
        _ = datetime.now(UTC) + timedelta(hours=hours)
    except (ValueError, OverflowError):
        hours = 0
    if not hours > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours")
    return hours


def _clock(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an instant such as 2026-04-15T00:00:00Z")
    return instant


if __name__ == "__main__":
    sys.exit(main())

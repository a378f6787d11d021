"""The database of a command and the key beside it; what is wrong with them, in one line."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_server.settings import DATABASE_URL_VARIABLE, SIGNING_KEY_VARIABLE

from . import CommandError, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from intelgraph_server.database.engine import Database


def database_option(add: Callable[..., object]) -> None:
    add(
        "--database-url",
        metavar="URL",
        help=f"sqlite:///FILE or postgresql://… (${DATABASE_URL_VARIABLE}, else intelgraph.db)",
    )


def reach(database: Database) -> None:
    with told_in_one_line("the database cannot be opened"):
        database.ping()


@contextmanager
def told_in_one_line(what: str) -> Generator[None]:
    """Turns what the database says into a message; its statement and parameters stay out."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from intelgraph_server.database.engine import DatabaseError  # noqa: PLC0415

    try:
        yield
    except DatabaseError as error:
        raise CommandError(str(error)) from None
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise CommandError(f"{what}: {said}") from None


def signing_key(url: str, *, may_create: bool) -> str:
    """The key of the environment, or the one in a file beside a SQLite database."""
    from intelgraph_server.auth import SHORTEST_KEY  # noqa: PLC0415
    from intelgraph_server.database.engine import parse_url  # noqa: PLC0415

    key, its_name, remedy = os.environ.get(SIGNING_KEY_VARIABLE), SIGNING_KEY_VARIABLE, ""
    if not key:
        with told_in_one_line("the database's URL cannot be used"):
            parsed = parse_url(url)
        if parsed.get_backend_name() != "sqlite":
            raise CommandError(f"set {SIGNING_KEY_VARIABLE} to the key that tokens are signed with")
        path = Path(f"{parsed.database}.key")
        key = _key_file(path, may_create=may_create)
        its_name, remedy = f"the signing key at {path}", "; delete the file to have a new one made"
    if len(key.encode()) < SHORTEST_KEY:
        raise CommandError(f"{its_name} is shorter than {SHORTEST_KEY} bytes{remedy}")
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
        raise CommandError(f"cannot use the signing key at {path}: {reason(error)}") from None

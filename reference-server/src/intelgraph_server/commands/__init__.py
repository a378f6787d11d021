"""The commands: one module each, with its `SUMMARY`, its `EXAMPLES`, its options and its run.

What is slow to import is imported by the command that needs it. Here stands what several share:
how an option is read, and the database with the key beside it.
"""

from __future__ import annotations

import argparse
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from intelgraph_server.settings import (
    DATABASE_URL_VARIABLE,
    SIGNING_KEY_VARIABLE,
    OperatorError,
    reason,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from intelgraph_server.database.engine import Database

T = TypeVar("T")


def option(fault: str) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Makes what reads a text the type of an option, which tells the fault of any other text."""

    def typed(read: Callable[[str], T]) -> Callable[[str], T]:
        def convert(text: str) -> T:
            try:
                return read(text)
            except (ValueError, OverflowError):
                raise argparse.ArgumentTypeError(f"{text!r} {fault}") from None

        return convert

    return typed


def database_option(add: Callable[..., object]) -> None:
    where = f"sqlite:///FILE or postgresql://… (${DATABASE_URL_VARIABLE}, else intelgraph.db)"
    add("--database-url", metavar="URL", help=where)


def reach(database: Database) -> None:
    with told_in_one_line("the database cannot be opened"):
        database.ping()


@contextmanager
def told_in_one_line(what: str) -> Generator[None]:
    """Turns what the database says into a message; its statement and parameters stay out."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        yield
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise OperatorError(f"{what}: {said}") from None


def signing_key(url: str, *, may_create: bool) -> str:
    """The key of the environment, or the one in a file beside a SQLite database."""
    from intelgraph_server.auth import SHORTEST_KEY  # noqa: PLC0415
    from intelgraph_server.database.engine import parse_url  # noqa: PLC0415

    key, its_name, remedy = os.environ.get(SIGNING_KEY_VARIABLE), SIGNING_KEY_VARIABLE, ""
    if not key:
        parsed = parse_url(url)
        if parsed.get_backend_name() != "sqlite":
            raise OperatorError(
                f"set {SIGNING_KEY_VARIABLE} to the key that tokens are signed with"
            )
        path = Path(f"{parsed.database}.key")
        key = _key_file(path, may_create=may_create)
        its_name, remedy = f"the signing key at {path}", "; delete the file to have a new one made"
    if len(key.encode()) < SHORTEST_KEY:
        raise OperatorError(f"{its_name} is shorter than {SHORTEST_KEY} bytes{remedy}")
    return key


def _key_file(path: Path, *, may_create: bool) -> str:
    try:
        if may_create and not path.exists():
            path.touch(0o600, exist_ok=False)
            path.write_text(secrets.token_urlsafe(32))
        return path.read_text().strip()
    except FileNotFoundError:
        if may_create:
            raise OperatorError(f"there is no folder {path.parent}") from None
        remedy = f"start the server once, or set {SIGNING_KEY_VARIABLE}"
        raise OperatorError(f"there is no signing key at {path}; {remedy}") from None
    except OSError as error:
        raise OperatorError(f"cannot use the signing key at {path}: {reason(error)}") from None

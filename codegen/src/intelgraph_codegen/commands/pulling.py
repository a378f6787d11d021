"""From an address to type definitions: the options for it, and the asking with less and less."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from intelgraph_codegen.arguments import usage
from intelgraph_codegen.terminal import progress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
_SWITCHED_OFF = re.compile(r"(?!.*cannot query field).*introspection", re.IGNORECASE)


def add_header_options(parser: argparse.ArgumentParser) -> None:
    """What a server may want to be sent."""
    parser.add_argument(
        "--header",
        action="append",
        metavar="'NAME: VALUE'",
        help="send a header to the server; other users of the machine may see it",
    )
    parser.add_argument(
        "--header-env",
        action="append",
        metavar="NAME=VARIABLE",
        help="send a header whose value stands in an environment variable",
    )


def is_address(text: str) -> bool:
    """Whether something is meant to be the address of a server."""
    return "://" in text


def pull(address: str, options: argparse.Namespace) -> str:
    """The type definitions of a server.

    Raises `UsageError` for an address or header that is none, `UnreachableError` for a server
    that does not tell.
    """
    # HTTP and TLS take longer to import than most runs last, and few runs need them.
    from intelgraph_codegen.introspection import NotTold, sdl_of_answer  # noqa: PLC0415
    from intelgraph_codegen.introspection_query import QUERIES  # noqa: PLC0415
    from intelgraph_codegen.remote import Server, ask, unreachable  # noqa: PLC0415

    _check_address(address)
    headers = _headers(options.header or (), options.header_env or (), os.environ)
    server = Server(address, headers)
    progress(f"Asking {server.shown} ...")
    errors: tuple[str, ...] = ()
    for query in QUERIES:
        answer = ask(server, query)
        if answer.data is not None and "__schema" in answer.data:
            try:
                return sdl_of_answer(answer.data)
            except NotTold as error:
                raise unreachable(server, f"The answer is not a schema: {error.message}") from None
        # What the full question was refused for says most; less is asked all the same.
        errors = errors or answer.errors
        if any(map(_SWITCHED_OFF.match, answer.errors)):
            break
    raise unreachable(server, _refusal(errors))


def _refusal(errors: Sequence[str]) -> str:
    first = errors[0] if errors else "nothing"
    if _SWITCHED_OFF.match(first):
        return (
            f"This server does not tell its schema: {first} Ask its operator for the schema, "
            "or for an address where introspection is on."
        )
    return f"The server does not answer introspection: {first}"


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not _HEADER_VALUE.fullmatch(address) or " " in address:
        raise usage("An address of a server starts with `https://` or `http://` and names a host.")
    if "@" in urlsplit(address).netloc:
        raise usage("Credentials do not belong in an address: pass them with `--header-env`.")


def _headers(
    given: Sequence[str], named: Sequence[str], environment: Mapping[str, str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in given:
        name, colon, value = header.partition(":")
        if not colon:
            raise usage("A `--header` reads `Name: value`.")
        found[name.strip()] = value.strip()
    for header in named:
        name, equals, variable = header.partition("=")
        if not equals or not variable:
            raise usage("A `--header-env` reads `Name=VARIABLE`.")
        if not environment.get(variable):
            raise usage(f"The environment variable `{variable}` is not set.")
        found[name.strip()] = environment[variable].strip()
    for name, value in found.items():
        if not _HEADER_NAME.fullmatch(name):
            raise usage("The name of a header is not one.")
        if not _HEADER_VALUE.fullmatch(value):
            raise usage(f"The value of the header `{name}` has characters that none may have.")
    return found

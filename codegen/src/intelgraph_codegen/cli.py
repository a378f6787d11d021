"""The command line: reads it, runs the command that it names, and turns the end into a code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from ._version import __version__
from .arguments import build_parser, parse, usage
from .commands import COMMANDS
from .errors import CodegenError, UnreachableError, UsageError
from .reports import report
from .terminal import PROGRAM, number, put, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

EXIT_CODES: Final = {
    0: "all is well",
    1: "something was found: an error in the inputs, a difference, a breaking change",
    2: "the command line or the configuration cannot be followed",
    3: "a server that should tell its schema did not",
    130: "the run was interrupted",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the answer."""
    given = sys.argv[1:] if arguments is None else arguments
    options: argparse.Namespace | None = None
    try:
        options = parse(build_parser(COMMANDS), given, COMMANDS)
        return _run(options)
    except CodegenError as error:
        report(error.diagnostics, getattr(options, "format", "text"))
        return _code_of(error)
    except KeyboardInterrupt:
        say(f"{PROGRAM}: interrupted.")
        return 130


def _run(options: argparse.Namespace) -> int:
    if options.version:
        put(_version_as_json() if options.json else f"{PROGRAM} {__version__}\n")
        return 0
    if options.json:
        raise usage("`--json` goes with `--version`.")
    if "command" not in options:
        used = getattr(options, "parser", None)
        raise usage(f"No command is given; `{used.prog if used else PROGRAM} --help` lists them.")
    code: int = options.command.run(options)
    return code


def _code_of(error: CodegenError) -> int:
    if isinstance(error, UsageError):
        return 2
    if isinstance(error, UnreachableError):
        return 3
    count = sum(item.severity == "error" for item in error.diagnostics)
    say(f"{PROGRAM}: {number(count, 'error')}; nothing was written.")
    return 1


def _version_as_json() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    known = {
        "name": PROGRAM,
        "version": __version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "graphqlCore": version("graphql-core"),
    }
    return f"{json.dumps(known, indent=2)}\n"

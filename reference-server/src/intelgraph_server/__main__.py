"""The command line: `serve`, `token`, `migrate`, `verify` and `conformance`.

Exit codes: 0 done or told to stop, 1 it could not be done, 2 the command line is wrong; of
`conformance` also 3, the deployment cannot be reached.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from ._version import __version__
from .commands import conformance, migrate, serve, token, verify
from .settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "serve": serve,
    "token": token,
    "migrate": migrate,
    "verify": verify,
    "conformance": conformance,
}


class Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line, without the usage that argparse puts before it."""

    def error(self, message: str) -> NoReturn:
        """End the process with argparse's reason and where to read on."""
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` tells more\n")

    def refuse(self, unknown: str) -> NoReturn:
        """End the process because of an option that this command does not have."""
        name = unknown.partition("=")[0]
        known = sorted({*re.findall(r"--[a-z][a-z-]+", self.format_help())})
        likely = difflib.get_close_matches(name, known, n=1)
        guess = f" (did you mean {likely[0]}?)" if likely else ""
        self.error(f"unrecognized argument {name}{guess}")


def main(arguments: Sequence[str] | None = None) -> int:
    options, unknown = _parser().parse_known_args(arguments)
    if unknown:
        options.parser.refuse(unknown[0])
    try:
        return int(COMMANDS[options.command].run(options))
    except KeyboardInterrupt:
        return 0
    except OperatorError as error:
        sys.stderr.write(f"intelgraph-server: {error}\n")
        return 1


def _parser() -> Parser:
    parser = Parser(
        prog="intelgraph-server",
        description="The IntelGraph reference server: GraphQL over HTTP on a real database.",
    )
    parser.add_argument("--version", action="version", version=f"intelgraph-server {__version__}")
    commands = parser.add_subparsers(
        title="commands", required=True, metavar="COMMAND", dest="command"
    )
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=module.SUMMARY.capitalize() + ".",
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(parser=command)
        module.add_options(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())

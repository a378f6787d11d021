"""The command line: `serve`, `token`, `migrate`, `verify` and `conformance`.

Exit codes: 0 done or told to stop, 1 it could not be done, 2 the command line is wrong; of
`conformance` also 3, the deployment cannot be reached.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

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


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(COMMANDS[options.command].run(options))
    except KeyboardInterrupt:
        return 0
    except OperatorError as error:
        sys.stderr.write(f"intelgraph-server: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
        module.add_options(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""`intelgraph-codegen schema pull`: the type definitions of a running server, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command, add_format, usage
from intelgraph_codegen.errors import Diagnostic, Place
from intelgraph_codegen.outputs import has_text, replace_file
from intelgraph_codegen.reports import report
from intelgraph_codegen.terminal import PROGRAM, put, say

from .pulling import add_header_options, pull

if TYPE_CHECKING:
    import argparse


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="the address of a GraphQL server")
    parser.add_argument(
        "--output", metavar="FILE", help="write them there instead of to standard output"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 if the file differs from what the server tells",
    )
    add_header_options(parser)
    add_format(parser)


def _run(options: argparse.Namespace) -> int:
    if options.check and not options.output:
        raise usage("`--check` compares with the file that `--output` names.")
    sdl = pull(options.url, options)
    if not options.output:
        put(sdl)
        return 0
    file = Path(options.output)
    is_same = has_text(file, sdl)
    if options.check:
        message = "This file differs from what the server tells."
        report(
            [] if is_same else [Diagnostic(message, Place(options.output), code="outdated-file")],
            options.format,
        )
        return 0 if is_same else 1
    if not is_same:
        replace_file(file, sdl)
    report((), options.format)
    say(f"{PROGRAM}: {options.output} {'is up to date' if is_same else 'was written'}.")
    return 0


SCHEMA_PULL = Command(
    words=("schema", "pull"),
    summary="ask a server for its type definitions",
    description="Ask a server for its type definitions and print them, or write them to a file.",
    examples=(
        f"{PROGRAM} schema pull https://graph.example/graphql --output schema.graphql",
        f"{PROGRAM} schema pull https://graph.example/graphql --output schema.graphql --check",
        f"{PROGRAM} schema pull https://graph.example/graphql --header-env Authorization=TOKEN",
    ),
    add_options=_add_options,
    run=_run,
)

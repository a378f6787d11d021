"""`intelgraph-codegen generate`: write the clients, or say what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command, add_format
from intelgraph_codegen.cache import FOLDER_VARIABLE, Cache, cache_folder
from intelgraph_codegen.differences import diff
from intelgraph_codegen.errors import Diagnostic, Place
from intelgraph_codegen.reports import FORMS
from intelgraph_codegen.run import generate
from intelgraph_codegen.terminal import PROGRAM, number, progress, put, say, tell

from .settings import settings_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from intelgraph_codegen.run import Outcome

_DIFFERS = "This generated file differs from what the schema and the operations say."

_SWITCHES = {
    "lenient": "warn of fields defined twice and of keys with different types on different "
    "objects, instead of refusing them",
    "check": "write nothing; list the files that differ and exit with 1 if there are any",
    "diff": "write nothing; show what differs as a diff for `patch -p0`, and exit as --check does",
}


def _add_options(parser: argparse.ArgumentParser) -> None:
    for name, what in (("schema", "type definitions"), ("documents", "operations")):
        parser.add_argument(
            f"--{name}",
            nargs="+",
            action="extend",
            metavar="FILE_OR_DIR",
            help=f"files or folders with {what}",
        )
    for name, what in (
        ("python", "a Python package, named after the last part of DIR"),
        ("typescript", "TypeScript modules"),
        ("server", "what a server needs to know, as a Python package"),
    ):
        parser.add_argument(f"--{name}", metavar="DIR", help=f"write {what}")
    parser.add_argument("--manifest", metavar="FILE", help="the manifest of persisted documents")
    for name, what in _SWITCHES.items():
        parser.add_argument(f"--{name}", action="store_true", help=what)
    add_format(parser)
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help=f"neither use nor keep what runs remember ({FOLDER_VARIABLE} says where)",
    )


def _run(options: argparse.Namespace) -> int:
    settings = settings_of(options)
    folder = None if options.no_cache else cache_folder()
    check = options.check or options.diff
    progress("Reading the schema and the operations ...")
    outcome = generate(settings, check=check, cache=Cache(folder) if folder else None)
    _report(outcome, options)
    if options.diff:
        put(diff(outcome.wanted, settings.root))
    if check:
        return _tell_check(outcome)
    say(
        f"{PROGRAM}: {number(outcome.operations, 'operation')} and "
        f"{number(outcome.fragments, 'fragment')}; "
        f"{number(len(outcome.differing), 'file')} written or removed, "
        f"{outcome.unchanged} unchanged."
    )
    return 0


def _report(outcome: Outcome, options: argparse.Namespace) -> None:
    paths: Sequence[str] = outcome.differing if options.check else ()
    if options.format in FORMS:
        differences = [Diagnostic(_DIFFERS, Place(path), code="outdated-file") for path in paths]
        told = FORMS[options.format]([*outcome.warnings, *differences])
        put(f"{told}\n" if told else "")
        return
    for warning in outcome.warnings:
        tell(warning)
    for path in paths:
        # Bare, one a line, for whatever reads lists of files.
        put(f"{path}\n")


def _tell_check(outcome: Outcome) -> int:
    if outcome.differing:
        differ = "differs" if len(outcome.differing) == 1 else "differ"
        say(
            f"{PROGRAM}: {number(len(outcome.differing), 'file')} {differ} from what the "
            f"schema and the operations say; run `{PROGRAM} generate`."
        )
        return 1
    say(f"{PROGRAM}: {number(outcome.unchanged, 'file')} up to date.")
    return 0


GENERATE = Command(
    words=("generate",),
    summary="write the clients and update the manifest",
    description="Write the clients and update the manifest. What is not given is read from the\n"
    "configuration of this folder.",
    examples=(
        f"{PROGRAM} generate",
        f"{PROGRAM} generate --check",
        f"{PROGRAM} generate --diff | patch -p0",
        f"{PROGRAM} generate --schema schema.graphql --documents operations --python src/shop",
    ),
    add_options=_add_options,
    run=_run,
)

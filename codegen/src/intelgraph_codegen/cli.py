"""The command line: `intelgraph-codegen generate` and `intelgraph-codegen publish`.

Exit codes: 0 all is well, 1 something was found (an error in the inputs, or a difference
with `--check`), 2 the command line or the configuration cannot be followed.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ._version import __version__
from .cache import FOLDER_VARIABLE, Cache, cache_folder
from .config import Settings, read_config
from .differences import diff
from .errors import CodegenError, Diagnostic, Place, UsageError
from .files import read_text
from .reports import FORMS
from .run import generate, publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .run import Outcome

PROGRAM = "intelgraph-codegen"
CONFIG = "pyproject.toml"

_OUTPUTS = ("python", "typescript", "server", "manifest")

_DIFFERS = "This generated file differs from what the schema and the operations say."
_RELEASE = re.compile(r"\d+\.\d+\.\d+([-.+][0-9A-Za-z.+-]+)?", re.ASCII)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the answer."""
    options = _parser().parse_args(arguments)
    try:
        return _generate(options) if options.command == "generate" else _publish(options)
    except UsageError as error:
        _report(error.diagnostics, options.format)
        return 2
    except CodegenError as error:
        _report(error.diagnostics, options.format)
        _say(f"{PROGRAM}: {_counted(error)}; nothing was written.")
        return 1
    except KeyboardInterrupt:
        return 130


def _generate(options: argparse.Namespace) -> int:
    settings = _settings(options)
    folder = None if options.no_cache else cache_folder()
    check = options.check or options.diff
    outcome = generate(settings, check=check, cache=Cache(folder) if folder else None)
    differences = [_difference(path) for path in outcome.differing] if options.check else []
    _report([*outcome.warnings, *differences], options.format)
    if options.diff:
        sys.stdout.write(diff(outcome.wanted, settings.root))
    if check:
        return _tell_check(outcome)
    _say(
        f"{PROGRAM}: {_number(outcome.operations, 'operation')} and "
        f"{_number(outcome.fragments, 'fragment')}; "
        f"{_number(len(outcome.differing), 'file')} written or removed, "
        f"{outcome.unchanged} unchanged."
    )
    return 0


def _tell_check(outcome: Outcome) -> int:
    if outcome.differing:
        differ = "differs" if len(outcome.differing) == 1 else "differ"
        _say(
            f"{PROGRAM}: {_number(len(outcome.differing), 'file')} {differ} from what the "
            f"schema and the operations say; run `{PROGRAM} generate`."
        )
        return 1
    _say(f"{PROGRAM}: {_number(outcome.unchanged, 'file')} up to date.")
    return 0


def _publish(options: argparse.Namespace) -> int:
    manifest = options.manifest or (_configured() or Settings()).manifest
    if manifest is None:
        raise _usage("No manifest is given: pass --manifest or set it in pyproject.toml.")
    if not _RELEASE.fullmatch(options.release):
        raise _usage(f"`{options.release}` is no release; one reads `1.0.0`.")
    count = publish(manifest, options.release, root=Path())
    _report((), options.format)
    _say(f"{PROGRAM}: {_number(count, 'document')} published with {options.release}.")
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    """The configuration of this folder, with what the command line says in its place.

    A command line that names another schema than the configuration is a run of its own, in
    which nothing of the configuration has a meaning; one that names an output wants that
    output and no other.
    """
    schema = tuple(options.schema or ())
    configured = _configured() or Settings()
    if configured.schema and schema and configured.schema != schema:
        configured = Settings()
    outputs = {name: getattr(options, name) for name in _OUTPUTS}
    if any(outputs.values()):
        configured = replace(configured, **outputs)
    return replace(
        configured,
        schema=schema or configured.schema,
        documents=tuple(options.documents or configured.documents),
        lenient=options.lenient or configured.lenient,
    )


def _configured() -> Settings | None:
    file = Path(CONFIG)
    return read_config(read_text(file, CONFIG), CONFIG) if file.is_file() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Typed Python and TypeScript clients from a GraphQL schema and named "
        "operations.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_generate(
        commands.add_parser(
            "generate",
            help="write the clients and update the manifest",
            description="Write the clients and update the manifest. What is not given is read from "
            "[tool.intelgraph-codegen] of the pyproject.toml in this folder.",
            allow_abbrev=False,
        )
    )
    _add_publish(
        commands.add_parser(
            "publish",
            help="mark the manifest's drafts as published by a release",
            description="Mark the manifest's drafts as published by a release: from then on they "
            "never change.",
            allow_abbrev=False,
        )
    )
    return parser


def _add_generate(parser: argparse.ArgumentParser) -> None:
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
    parser.add_argument(
        "--lenient",
        action="store_true",
        help="warn of fields defined twice and of keys with different types on different "
        "objects, instead of refusing them",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; list the files that differ and exit with 1 if there are any",
    )
    parser.add_argument(
        "--diff",
        action="store_true",
        help="write nothing; show what differs as a diff for `patch -p0`, and exit as --check does",
    )
    _add_format(parser)
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help=f"neither use nor keep what runs remember ({FOLDER_VARIABLE} says where)",
    )


def _add_publish(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--manifest", metavar="FILE", help="the manifest of persisted documents")
    _add_format(parser)
    parser.add_argument("--release", required=True, help="the release, such as 1.0.0")


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", *FORMS),
        default="text",
        help="how findings are told: for people, or on standard output as JSON or as GitHub's "
        "workflow commands (text)",
    )


def _report(findings: Sequence[Diagnostic], form: str) -> None:
    if form in FORMS:
        told = FORMS[form](findings)
        sys.stdout.write(f"{told}\n" if told else "")
        return
    for finding in findings:
        if finding.message == _DIFFERS and finding.place:
            # Bare, one a line, for whatever reads lists of files.
            sys.stdout.write(f"{finding.place}\n")
        else:
            _say(str(finding))


def _difference(path: str) -> Diagnostic:
    return Diagnostic(_DIFFERS, Place(path))


def _usage(message: str) -> UsageError:
    return UsageError([Diagnostic(message)])


def _counted(error: CodegenError) -> str:
    errors = sum(item.severity == "error" for item in error.diagnostics)
    return _number(errors, "error")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")

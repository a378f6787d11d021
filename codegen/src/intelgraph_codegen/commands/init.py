"""`intelgraph-codegen init`: a working configuration and a first operation for a folder.

What is decided is decided in `starter`; here it is asked and told.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command, add_format, usage
from intelgraph_codegen.config import Settings
from intelgraph_codegen.errors import CodegenError, Diagnostic, Place, UsageError
from intelgraph_codegen.files import TextFile
from intelgraph_codegen.reports import report
from intelgraph_codegen.run import check_settings
from intelgraph_codegen.starter.folder import look_at
from intelgraph_codegen.starter.plan import (
    EXAMPLE_SCHEMA,
    EXAMPLE_SDL,
    OPERATIONS,
    PYPROJECT,
    Choices,
    config_file,
    config_text,
    missing_documents,
    with_config,
    write_all,
)
from intelgraph_codegen.terminal import PROGRAM, say

from .pulling import add_header_options, is_address, pull
from .settings import configurations

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from graphql import GraphQLSchema

    from intelgraph_codegen.starter.folder import Project

PULLED = "schema.graphql"


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="ask nothing, take what is proposed")
    parser.add_argument(
        "--schema",
        nargs="+",
        metavar="PATH_OR_URL",
        help="the schema: files, folders, or the address of a server that is asked for it",
    )
    parser.add_argument(
        "--documents", nargs="+", metavar="FILE_OR_DIR", help="files or folders with operations"
    )
    parser.add_argument("--python", metavar="DIR", help="where the Python package will stand")
    parser.add_argument("--typescript", metavar="DIR", help="where the TypeScript will stand")
    add_header_options(parser)
    add_format(parser)


def _run(options: argparse.Namespace) -> int:
    folder = Path()
    for name in configurations(folder):
        raise UsageError(
            [
                Diagnostic(
                    "This folder is configured already.", Place(name), code="second-configuration"
                )
            ]
        )
    if not options.yes and not sys.stdin.isatty():
        raise usage("There is no terminal to ask on: pass --yes to take what is proposed.")
    choices = _proposal(options, look_at(folder))
    if not options.yes:
        choices = ask_for(choices, _ask)
    files = _files(choices, folder, options)
    write_all(folder, files)
    report((), options.format)
    for name in files:
        say(f"{PROGRAM}: wrote {name}.")
    say(f"Now run `{PROGRAM} generate`.")
    return 0


def ask_for(proposed: Choices, ask: Callable[[str, str], str]) -> Choices:
    """Ask for each choice; an empty answer takes what is proposed, `-` says none."""

    def one(question: str, default: str | None) -> str | None:
        given = ask(question, default or "-").strip() or default or "-"
        return None if given == "-" else given

    def several(question: str, default: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(shlex.split(one(question, shlex.join(default)) or ""))

    return Choices(
        schema=several("Schema: files, folders or an address", proposed.schema),
        documents=several("Operations: files or folders", proposed.documents),
        python=one("Folder of the Python client, - for none", proposed.python),
        typescript=one("Folder of the TypeScript client, - for none", proposed.typescript),
    )


def _ask(question: str, default: str) -> str:
    sys.stderr.write(f"{question} [{default}]: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line


def _proposal(options: argparse.Namespace, project: Project) -> Choices:
    names_output = options.python or options.typescript
    return Choices(
        schema=tuple(options.schema or project.schema) or (EXAMPLE_SCHEMA,),
        documents=tuple(options.documents or project.documents) or (OPERATIONS,),
        python=options.python if names_output else project.python,
        typescript=options.typescript if names_output else project.typescript,
    )


def _files(choices: Choices, folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Every file to write with its text, the configuration last."""
    files: dict[str, str] = {}
    if any(map(is_address, choices.schema)):
        address, *more = choices.schema
        if more:
            raise usage("A server tells its whole schema: give its address alone.")
        files[PULLED] = pull(address, options)
        choices = replace(choices, schema=(PULLED,))
    elif EXAMPLE_SCHEMA in choices.schema and not (folder / EXAMPLE_SCHEMA).exists():
        files[EXAMPLE_SCHEMA] = EXAMPLE_SDL
    check_settings(
        Settings(choices.schema, choices.documents, choices.python, choices.typescript, root=folder)
    )
    schema, lenient = _schema(choices, files, folder)
    for name in missing_documents(choices.documents, folder):
        files[name] = _sample_of(schema)
    name = config_file(folder)
    added = config_text(replace(choices, lenient=lenient), name)
    is_shared = name == PYPROJECT and (folder / name).is_file()
    files[name] = with_config((folder / name).read_bytes().decode(), added) if is_shared else added
    return files


def _schema(choices: Choices, files: dict[str, str], folder: Path) -> tuple[GraphQLSchema, bool]:
    """The schema that was chosen, and whether it has faults that only `lenient` lets pass."""
    from intelgraph_codegen.whole import schema_of, whole_schema  # noqa: PLC0415

    new = [TextFile(name, name, files[name]) for name in choices.schema if name in files]

    def read(*, lenient: bool) -> GraphQLSchema:
        if new:
            return schema_of(new, lenient=lenient).schema
        return whole_schema(choices.schema, root=folder, lenient=lenient).schema

    try:
        return read(lenient=False), False
    except CodegenError as error:
        try:
            return read(lenient=True), True
        except CodegenError:
            raise error from None


def _sample_of(schema: GraphQLSchema) -> str:
    """The first operation for a schema."""
    from intelgraph_codegen.starter.sample import sample_operation  # noqa: PLC0415

    return sample_operation(schema)


INIT = Command(
    words=("init",),
    summary="write a configuration and a first operation for this folder",
    description="Write a configuration and a first operation, as the folder suggests and you\n"
    "answer. Nothing is overwritten; a pyproject.toml gets one table more.",
    examples=(
        f"{PROGRAM} init",
        f"{PROGRAM} init --yes",
        f"{PROGRAM} init --yes --schema https://graph.example/graphql --python src/shop",
    ),
    add_options=_add_options,
    run=_run,
)

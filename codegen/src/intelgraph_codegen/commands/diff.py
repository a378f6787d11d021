"""`intelgraph-codegen diff`: what a change of schema or operations does to those who use them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command, add_format
from intelgraph_codegen.config import Settings
from intelgraph_codegen.terminal import PROGRAM, progress, put

from .settings import configured

if TYPE_CHECKING:
    import argparse

    from intelgraph_codegen.changes.told import Comparison

_FAILS = {"breaking": ("breaking",), "dangerous": ("breaking", "dangerous"), "none": ()}


def _add_options(parser: argparse.ArgumentParser) -> None:
    for name, which in (("old", "before"), ("new", "after")):
        parser.add_argument(
            name,
            metavar=name.upper(),
            help=f"a schema, or the folder of a configured project, {which} the change",
        )
    parser.add_argument(
        "--documents",
        nargs="+",
        metavar="FILE_OR_DIR",
        help="files or folders with the operations of those who use the old schema",
    )
    parser.add_argument(
        "--fail-on",
        choices=tuple(_FAILS),
        default="breaking",
        help="which changes make the command exit with 1 (breaking)",
    )
    parser.add_argument(
        "--lenient", action="store_true", help="read schemas and operations as generate does"
    )
    add_format(parser)


def _run(options: argparse.Namespace) -> int:
    from intelgraph_codegen.changes.told import FORMS  # noqa: PLC0415 - It takes GraphQL along.

    progress("Reading both sides ...")
    comparison = compare(_settings(options.old, options), _settings(options.new, options))
    put(FORMS[options.format](comparison))
    return int(any(comparison.count(level) for level in _FAILS[options.fail_on]))


def compare(old: Settings, new: Settings) -> Comparison:
    """Compare what two settings name; raises `CodegenError` for a side that is not valid."""
    from intelgraph_codegen.changes.programs import compare_programs  # noqa: PLC0415
    from intelgraph_codegen.changes.schemas import compare_schemas  # noqa: PLC0415
    from intelgraph_codegen.changes.sides import judged_by, read_version  # noqa: PLC0415
    from intelgraph_codegen.changes.told import Comparison  # noqa: PLC0415
    from intelgraph_codegen.changes.usage import uses_of  # noqa: PLC0415

    root = Path()
    before = read_version(old, root)
    # Without operations of its own the new side has the old ones.
    is_project = new.documents != old.documents
    after = read_version(new if is_project else replace(new, documents=()), root)
    changes = compare_schemas(before.schema, after.schema)
    side = after.side
    uses = uses_of(before.loaded, before.schema) if before.loaded else ()
    if before.loaded is not None:
        judged, refused = judged_by(before, new, root)
        changes += refused
        side = side or judged
    if before.side and side:
        changes += compare_programs(before.side, side)
    return Comparison.of(changes, uses, has_documents=before.loaded is not None)


def _settings(path: str, options: argparse.Namespace) -> Settings:
    """What to read for one side; the paths of a project are told with its folder."""
    folder = Path(path)
    found = configured(folder) if folder.is_dir() else None
    documents = tuple(options.documents or ())
    if found is None:
        return Settings(schema=(path,), documents=documents, lenient=options.lenient)
    return replace(
        found,
        schema=tuple((folder / name).as_posix() for name in found.schema),
        documents=documents or tuple((folder / name).as_posix() for name in found.documents),
        lenient=found.lenient or options.lenient,
    )


DIFF = Command(
    words=("diff",),
    summary="tell what a changed schema or project breaks, and for which operations",
    description="Compare two schemas, or two projects with their operations: every change as\n"
    "breaking, dangerous or safe, the operations that it concerns, and the release it asks for.",
    examples=(
        f"{PROGRAM} diff old.graphql new.graphql",
        f"{PROGRAM} diff old.graphql new.graphql --documents operations --fail-on dangerous",
        f"{PROGRAM} diff released/ . --format github",
    ),
    add_options=_add_options,
    run=_run,
)

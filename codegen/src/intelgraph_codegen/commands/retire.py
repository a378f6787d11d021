"""`intelgraph-codegen retire`: published documents that servers shall no longer accept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command, usage
from intelgraph_codegen.manifest import Retirement
from intelgraph_codegen.reports import report
from intelgraph_codegen.run import retire_documents
from intelgraph_codegen.terminal import PROGRAM, say

from .publish import add_manifest_options, manifest_of

if TYPE_CHECKING:
    import argparse


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "documents", nargs="+", metavar="OP_ID", help="a published document, such as getEntity:v1"
    )
    parser.add_argument("--reason", required=True, help="why; servers tell it to who still asks")
    add_manifest_options(parser)


def _run(options: argparse.Namespace) -> int:
    reason = " ".join(options.reason.split())
    if not reason:
        raise usage("`--reason` says why, in words that clients may read.")
    manifest = manifest_of(options)
    retirement = Retirement(options.release, reason)
    retired = retire_documents(manifest, options.documents, retirement, root=Path())
    report((), options.format)
    for item in retired:
        instead = (
            f"`{item.stands_in}` stands in for it"
            if item.stands_in
            else "no newer version stands in for it"
        )
        say(f"{PROGRAM}: {item.op_id} is retired with {options.release}; {instead}.")
    say(f"Now run `{PROGRAM} generate`, which takes it out of the servers' allow-list.")
    return 0


RETIRE = Command(
    words=("retire",),
    summary="take published documents out of use with a release",
    description="Take published documents out of use with a release: they stay in the manifest,\n"
    "and servers that run published documents only refuse them.",
    examples=(f"{PROGRAM} retire getEntity:v1 --release 2.0.0 --reason superseded",),
    add_options=_add_options,
    run=_run,
)

"""`intelgraph-codegen publish`: what a release does to the manifest's drafts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command, add_format, usage
from intelgraph_codegen.config import Settings
from intelgraph_codegen.reports import report
from intelgraph_codegen.run import publish
from intelgraph_codegen.terminal import PROGRAM, number, say

from .settings import configured

if TYPE_CHECKING:
    import argparse

_RELEASE = re.compile(r"\d+\.\d+\.\d+([-.+][0-9A-Za-z.+-]+)?", re.ASCII)


def add_manifest_options(parser: argparse.ArgumentParser) -> None:
    """The options of each command that changes entries of a manifest."""
    parser.add_argument("--manifest", metavar="FILE", help="the manifest of persisted documents")
    add_format(parser)
    parser.add_argument("--release", required=True, help="the release, such as 1.0.0")


def manifest_of(options: argparse.Namespace) -> str:
    """The manifest that is meant; raises `UsageError` for none, or for what is no release."""
    manifest: str | None = options.manifest or (configured() or Settings()).manifest
    if manifest is None:
        raise usage("No manifest is given: pass --manifest or set it in the configuration.")
    if not _RELEASE.fullmatch(options.release):
        raise usage(f"`{options.release}` is no release; one reads `1.0.0`.")
    return manifest


def _run(options: argparse.Namespace) -> int:
    count = publish(manifest_of(options), options.release, root=Path())
    report((), options.format)
    say(f"{PROGRAM}: {number(count, 'document')} published with {options.release}.")
    return 0


PUBLISH = Command(
    words=("publish",),
    summary="mark the manifest's drafts as published by a release",
    description="Mark the manifest's drafts as published by a release: from then on they never\n"
    "change.",
    examples=(f"{PROGRAM} publish --release 1.2.0",),
    add_options=add_manifest_options,
    run=_run,
)

"""`intelgraph-codegen config-schema`: the JSON Schema of the configuration, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.arguments import Command
from intelgraph_codegen.terminal import PROGRAM, put

if TYPE_CHECKING:
    import argparse


def config_schema() -> str:
    """The text of the JSON Schema."""
    from importlib.resources import files  # noqa: PLC0415 - It takes a while, and few need it.

    return files("intelgraph_codegen").joinpath("config.schema.json").read_text("utf-8")


def _add_options(parser: argparse.ArgumentParser) -> None:
    del parser


def _run(options: argparse.Namespace) -> int:
    del options
    put(config_schema())
    return 0


CONFIG_SCHEMA = Command(
    words=("config-schema",),
    summary="print the JSON Schema of the configuration",
    description="Print the JSON Schema of the configuration, for editors and for checks.",
    examples=(f"{PROGRAM} config-schema > intelgraph-codegen.schema.json",),
    add_options=_add_options,
    run=_run,
)

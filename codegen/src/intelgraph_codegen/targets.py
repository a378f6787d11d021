"""What the configuration tells the emitters beside the program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScalarTarget:
    """How a custom scalar is written in each language; None where it stays raw JSON.

    `python` is a dotted path such as `intelgraph.runtime.DateTime`, `typescript` is
    `module#Name` such as `@intelgraph/sdk/runtime#DateTime`.
    """

    python: str | None
    typescript: str | None
    parse: str | None = None
    """The dotted path of a Python function from JSON to the type; `serialize` is its reverse."""
    serialize: str | None = None

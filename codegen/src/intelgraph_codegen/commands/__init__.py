"""The commands, one module each, in the order in which the help lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .config_schema import CONFIG_SCHEMA
from .diff import DIFF
from .generate import GENERATE
from .init import INIT
from .publish import PUBLISH
from .retire import RETIRE
from .schema_pull import SCHEMA_PULL

if TYPE_CHECKING:
    from intelgraph_codegen.arguments import Command

COMMANDS: tuple[Command, ...] = (INIT, GENERATE, DIFF, PUBLISH, RETIRE, SCHEMA_PULL, CONFIG_SCHEMA)

"""Puts the server vectors into the distributions, which the repository keeps in `schema/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VectorsHook(BuildHookInterface[Any]):
    """An archive of the sources holds them already where they belong; nothing is put there then."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        kept = Path(self.root).parent / "schema" / "conformance" / "server"
        package = "src/intelgraph_server" if self.target_name == "sdist" else "intelgraph_server"
        if version != "editable" and kept.is_dir():
            build_data["force_include"][str(kept)] = f"{package}/vectors"

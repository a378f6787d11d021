"""A project that ariadne-codegen generates, with our plugin and one of our base clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oracle import theirs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from oracle.corpora import Corpus

PLUGIN = "intelgraph.contrib.ariadne.IntelGraphPlugin"
BASE_CLIENT = """
from intelgraph.contrib.ariadne import {base}


class GraphClient({base}):
    \"\"\"What ariadne-codegen copies into the package.\"\"\"
"""


def generate(
    folder: Path,
    name: str,
    corpus: Corpus,
    *,
    is_async: bool = True,
    warns: bool = False,
    plugins: Sequence[str] = (PLUGIN,),
    **table: object,
) -> Path:
    """Print a package with the plugin; returns the manifest, which is its own unless told."""
    base = folder / f"{name}_base_client.py"
    kind = "AsyncAriadneClient" if is_async else "AriadneClient"
    base.write_text(BASE_CLIENT.format(base=kind), "utf-8")
    manifest = folder / f"{name}.json"
    options: dict[str, Any] = {
        "async_client": is_async,
        "base_client_name": "GraphClient",
        "base_client_file_path": str(base),
        "plugins": [*plugins],
        "intelgraph": {"manifest": str(manifest), **table},
    }
    theirs.generate(folder, name, corpus.schema, corpus.documents, options, warns=warns)
    return manifest

"""The process of `intelgraph-codegen` and of `python -m intelgraph_codegen`."""

from __future__ import annotations

import gc
import sys

from .cli import main
from .terminal import prepare_streams


def run() -> int:
    """Run one command and end; apart from `cli.main`, which others may call in their process."""
    # A run keeps nearly all that it makes until it ends, so looking for garbage finds none.
    gc.disable()
    prepare_streams()
    return main()


if __name__ == "__main__":
    sys.exit(run())

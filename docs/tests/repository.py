"""The repository as the house tests see it: which files are ours, and which are printed."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PYTHON_PACKAGES = {
    "sdk-python": "intelgraph",
    "codegen": "intelgraph_codegen",
    "reference-server": "intelgraph_server",
}
PACKAGES = (*PYTHON_PACKAGES, "sdk-js")

GENERATED_ROOMS = (
    "sdk-python/src/intelgraph/generated/",
    "sdk-js/src/generated/",
    "reference-server/src/intelgraph_server/generated/",
)
STORED_OUTPUTS = ("/golden/", "/golden_errors/", "/fixtures/")


@functools.cache
def files() -> tuple[str, ...]:
    """Every file that is, or is about to be, under version control; `/` on every system."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    names = {name for name in listing.stdout.split("\0") if name}
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def written_by_hand(*suffixes: str) -> list[str]:
    """The source files of these kinds that a person writes and reads."""
    return [
        name
        for name in files()
        if name.endswith(suffixes)
        and not name.startswith(GENERATED_ROOMS)
        and not any(part in name for part in STORED_OUTPUTS)
    ]


def is_test(name: str) -> bool:
    return "/tests/" in name or "/test/" in name


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")

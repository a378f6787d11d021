"""Long runs of what the generator's tests try briefly."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "codegen" / "tests"))

from damage import compare

DAMAGED_SCHEMAS = 10_000


def damaged_schemas(folder: Path) -> dict[str, Any]:
    """Schemas with random damage, loaded quickly and closely: both have to find the same."""
    accepted = compare(folder, rounds=DAMAGED_SCHEMAS, seed=2026)
    return {"schemas": DAMAGED_SCHEMAS, "stillValid": accepted}

"""The sentences of the acceptance packs with their checks, and the limits with their probes."""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent / "acceptance"
PACKS: dict[str, list[dict[str, str]]] = json.loads((HERE / "packs.json").read_text("utf-8"))
LIMITS: dict[str, list[dict[str, str]]] = json.loads((HERE / "limits.json").read_text("utf-8"))

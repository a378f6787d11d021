"""A11y: the audit of the portal's key pages, in a real browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_wcag_checks_pass_on_the_key_flows(tmp_path: Path, proved: Callable[[str], None]) -> None:
    report = tmp_path / "a11y.json"
    audit = (sys.executable, "-m", "pytest", "-q", "examples/portal/tests/test_axe.py")
    required = {"INTELGRAPH_REQUIRE_BROWSER": "1", "INTELGRAPH_A11Y_REPORT": str(report)}

    done = subprocess.run(
        audit,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **required},
    )
    assert done.returncode == 0, done.stdout
    found = json.loads(report.read_text("utf-8"))

    assert found["violations"] == 0
    assert found["pages"]
    proved(
        f"{found['engine']} found no violation on {len(found['pages'])} views; its canary failed"
    )

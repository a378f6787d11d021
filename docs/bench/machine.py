"""The machine that figures were measured on, without anything that names it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess


def machine() -> dict[str, str | int]:
    node = shutil.which("node") or "node"
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True)
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count() or 1,
        "python": platform.python_version(),
        "node": version.stdout.strip().lstrip("v"),
    }

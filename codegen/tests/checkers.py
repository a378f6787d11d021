"""The checkers that readers of generated code use, at their strictest, over whole folders."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "sdk-js" / "node_modules" / ".bin"


def mypy(folder: Path, packages: Sequence[str]) -> None:
    settings = folder / "mypy.ini"
    settings.write_text("[mypy]\nstrict = True\nwarn_unreachable = True\nplugins = pydantic.mypy\n")
    options = [f"--config-file={settings}", f"--cache-dir={folder / '.mypy_cache'}"]
    named = [f"--package={package}" for package in packages]
    run([sys.executable, "-m", "mypy", *options, *named], folder)


def pyright(folder: Path, packages: Sequence[str]) -> None:
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "reportUnnecessaryTypeIgnoreComment": True,
        "include": [*packages],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    run([tool("pyright"), "--project", str(folder), "--pythonpath", sys.executable], folder)


def tsc(folder: Path, parts: Sequence[str]) -> None:
    settings = {
        "extends": str(ROOT / "sdk-js" / "tsconfig.json"),
        "compilerOptions": {
            "noEmit": True,
            "rootDir": "/",
            "strict": True,
            "exactOptionalPropertyTypes": True,
            "noUncheckedIndexedAccess": True,
            "verbatimModuleSyntax": True,
            "erasableSyntaxOnly": True,
            "isolatedDeclarations": True,
            "paths": {"@intelgraph/sdk/runtime": [str(ROOT / "sdk-js" / "src" / "runtime.ts")]},
        },
        "include": [*parts],
    }
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    run([tool("tsc"), "--project", str(folder)], folder)


def tool(name: str) -> str:
    path = TOOLS / name
    if not path.exists():
        pytest.fail(f"{name} is not there; run `nox -s js` once, which installs it")
    return str(path)


def run(command: list[str], folder: Path = ROOT) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr

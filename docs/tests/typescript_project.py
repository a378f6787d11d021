"""A scratch folder in which TypeScript is compiled strictly and run against the built sdk-js."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

from repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

JS = ROOT / "sdk-js"
OPTIONS = {
    "target": "es2022",
    "module": "nodenext",
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "verbatimModuleSyntax": True,
    "types": ["node"],
    "noEmitOnError": True,
    # What was checked of the libraries is known to the next compilation, of another folder too.
    "incremental": True,
    "tsBuildInfoFile": "../checked.tsbuildinfo",
}


def prepare(folder: Path) -> None:
    """Give the folder what a user's project has after `npm install @intelgraph/sdk`."""
    modules = folder / "node_modules"
    if modules.exists():
        return
    (modules / "@intelgraph").mkdir(parents=True)
    (modules / "@intelgraph" / "sdk").symlink_to(JS, target_is_directory=True)
    # What `npm install` of a page would bring along.
    for scope in ("@types", "@opentelemetry"):
        (modules / scope).symlink_to(JS / "node_modules" / scope, target_is_directory=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}\n', "utf-8")
    config = {"compilerOptions": OPTIONS}
    (folder / "tsconfig.json").write_text(json.dumps(config), "utf-8")


def compile_all(folder: Path) -> None:
    """Type-check and compile every file of the folder; a type error fails with its text."""
    compiler = JS / "node_modules" / ".bin" / "tsc"
    done = subprocess.run(
        [compiler, "-p", folder], check=False, capture_output=True, text=True, cwd=folder
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run(script: Path, environment: dict[str, str]) -> str:
    node = shutil.which("node")
    assert node, "needs Node 20 or newer"
    done = subprocess.run(
        [node, "--enable-source-maps", script.with_suffix(".js")],
        check=False,
        capture_output=True,
        text=True,
        cwd=script.parent,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

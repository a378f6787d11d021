"""ariadne-codegen beside intelgraph-codegen on Linear's documents, and what imports of it."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypeAlias, TypedDict

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("INTELGRAPH_CORPORA", ROOT.parent / "shared" / "corpora")) / "linear"
ROUNDS = 3
BIN = "Scripts" if os.name == "nt" else "bin"
ORACLE = ROOT / ".nox" / "oracle" / BIN
MAIN = ROOT / ".nox" / "main" / BIN

ARIADNE_CONFIGURATION = """\
[tool.ariadne-codegen]
schema_path = "{schema}"
queries_path = "{queries}"
target_package_path = "{folder}"
target_package_name = "{name}"
skip_validation_rules = ["NoUnusedFragments", "OverlappingFieldsCanBeMerged"]
"""


Spent: TypeAlias = tuple[float, float]


class Outcome(TypedDict):
    """What one generator did: medians of its rounds, and the last line of what went wrong."""

    wallSeconds: float
    cpuSeconds: float
    files: int
    lines: int
    imports: bool
    problem: str | None


def compare() -> dict[str, Outcome]:
    """Both generators on the same documents, in turn, `ROUNDS` times each."""
    with tempfile.TemporaryDirectory(prefix="intelgraph-bench-") as name:
        folder = Path(name)
        theirs, ours = folder / "theirs", folder / "ours"
        spent_by_theirs: list[Spent] = []
        spent_by_ours: list[Spent] = []
        for _ in range(ROUNDS):
            spent_by_theirs.append(timed(ariadne_command(folder, theirs), theirs))
            spent_by_ours.append(timed(our_command(ours, folder / "ours_ts"), ours))
            shutil.rmtree(folder / "ours_ts")
        return {
            "ariadne-codegen": outcome(spent_by_theirs, theirs, ORACLE),
            "intelgraph-codegen": outcome(spent_by_ours, ours, MAIN),
        }


def ariadne_command(folder: Path, package: Path) -> list[str]:
    place = folder / "ariadne.toml"
    text = ARIADNE_CONFIGURATION.format(
        schema=(CORPUS / "schema.graphql").as_posix(),
        queries=(CORPUS / "operations.graphql").as_posix(),
        folder=folder.as_posix(),
        name=package.name,
    )
    place.write_text(text, "utf-8")
    return [str(ORACLE / "ariadne-codegen"), "--config", str(place)]


def our_command(package: Path, modules: Path) -> list[str]:
    # `--lenient`, and the skipped rule above: Linear's documents break that rule of validation.
    documents = ["--schema", str(CORPUS / "schema.graphql"), "--lenient"]
    documents += ["--documents", str(CORPUS / "operations.graphql")]
    written = ["--python", str(package), "--typescript", str(modules)]
    return [str(MAIN / "intelgraph-codegen"), "generate", *documents, *written]


def timed(command: list[str], package: Path) -> Spent:
    """Wall and CPU seconds of a run that finds nothing it wrote before."""
    shutil.rmtree(package, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=package.parent)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def outcome(spent: list[Spent], package: Path, environment: Path) -> Outcome:
    sources = list(package.rglob("*.py"))
    problem = import_problem(package, environment)
    return {
        "wallSeconds": round(statistics.median(wall for wall, _ in spent), 2),
        "cpuSeconds": round(statistics.median(cpu for _, cpu in spent), 2),
        "files": len(sources),
        "lines": sum(source.read_text("utf-8").count("\n") for source in sources),
        "imports": problem is None,
        "problem": problem,
    }


# Modules that load on first use are loaded too, or a broken one would stay hidden.
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
"""


def import_problem(package: Path, environment: Path) -> str | None:
    command = [str(environment / "python"), "-c", IMPORT_ALL, package.name]
    variables = {**os.environ, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=variables)
    # Without the place of the file, which tells of this machine.
    return done.stderr.strip().splitlines()[-1].partition(" (")[0] if done.returncode else None

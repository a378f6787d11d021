"""ariadne-codegen beside intelgraph-codegen on real documents, and what imports of it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("INTELGRAPH_CORPORA", ROOT.parent / "shared" / "corpora"))
MODULES = ROOT / "sdk-js" / "node_modules"
ROUNDS = 3
BIN = "Scripts" if os.name == "nt" else "bin"
ORACLE = ROOT / ".nox" / "oracle" / BIN
MAIN = ROOT / ".nox" / "main" / BIN
MEGABYTE = 1024 if sys.platform == "linux" else 1024 * 1024  # In the units of `ru_maxrss`.

ARIADNE_CONFIGURATION = """\
[tool.ariadne-codegen]
schema_path = "{schema}"
queries_path = "{documents}"
target_package_path = "{folder}"
target_package_name = "{name}"
async_client = {is_async}
skip_validation_rules = ["NoUnusedFragments", "OverlappingFieldsCanBeMerged"]
"""


class Outcome(TypedDict):
    """What a generator did: medians of its rounds, and the last line of what went wrong."""

    wallSeconds: float
    cpuSeconds: float
    megabytes: float
    files: int
    lines: int
    imports: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Spent:
    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, their schema, and a folder to write into."""

    schema: Path
    documents: Path
    folder: Path

    @property
    def theirs(self) -> Path:
        return self.folder / "theirs"

    @property
    def ours(self) -> Path:
        return self.folder / "ours"

    def ariadne(self, *, is_async: bool = True) -> list[str]:
        place = self.folder / "ariadne.toml"
        text = ARIADNE_CONFIGURATION.format(
            schema=self.schema.as_posix(),
            documents=self.documents.as_posix(),
            folder=self.folder.as_posix(),
            name=self.theirs.name,
            is_async=str(is_async).lower(),
        )
        place.write_text(text, "utf-8")
        return [str(ORACLE / "ariadne-codegen"), "--config", str(place)]

    def intelgraph(self) -> list[str]:
        # `--lenient`, and the skipped rule above: Linear's documents break a rule of validation,
        # and GitHub's schema defines two fields twice.
        read = ["--schema", str(self.schema), "--documents", str(self.documents), "--lenient"]
        written = ["--python", str(self.ours), "--typescript", str(self.folder / "ours_ts")]
        return [str(MAIN / "intelgraph-codegen"), "generate", *read, *written]


def compare() -> dict[str, dict[str, Outcome]]:
    """Both generators on the same documents, in turn, `ROUNDS` times each."""
    with tempfile.TemporaryDirectory(prefix="intelgraph-bench-") as name:
        linear, github = Path(name) / "linear", Path(name) / "github"
        sdl = MODULES / "@octokit" / "graphql-schema" / "schema.graphql"
        corpora = {
            "linear": Corpus(CORPORA / "linear" / "schema.graphql", operations("linear"), linear),
            "github": Corpus(sdl, operations("github"), github),
        }
        return {name: outcomes(corpus) for name, corpus in corpora.items()}


def operations(name: str) -> Path:
    return CORPORA / name / "operations.graphql"


def outcomes(corpus: Corpus) -> dict[str, Outcome]:
    """Each round in a folder of its own: some disks are slow where much was removed before."""
    corpus.folder.mkdir()
    spent: dict[str, list[Spent]] = {}
    whole = corpus.folder
    for number in range(ROUNDS):
        corpus = replace(corpus, folder=whole / str(number))
        corpus.folder.mkdir()
        for name, command in (
            ("ariadne-codegen", corpus.ariadne()),
            ("intelgraph-codegen", corpus.intelgraph()),
            ("intelgraph-codegen, nothing changed", corpus.intelgraph()),
        ):
            spent.setdefault(name, []).append(timed(command, corpus.folder))
    theirs, ours = (corpus.theirs, ORACLE), (corpus.ours, MAIN)
    return {
        name: outcome(times, *(theirs if name == "ariadne-codegen" else ours))
        for name, times in spent.items()
    }


def timed(command: list[str], folder: Path) -> Spent:
    """What a run took; ours remembers its runs in a folder that each round begins anew."""
    environment = os.environ | {"INTELGRAPH_CODEGEN_CACHE": str(folder / "cache")}
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, cwd=folder, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(f"{command[0]} failed:\n{said.read().decode()[-2000:]}")
    return Spent(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE)


def outcome(spent: list[Spent], package: Path, environment: Path) -> Outcome:
    sources = list(package.rglob("*.py"))
    problem = import_problem(package, environment)
    return {
        "wallSeconds": round(statistics.median(one.wall for one in spent), 2),
        "cpuSeconds": round(statistics.median(one.cpu for one in spent), 2),
        "megabytes": round(statistics.median(one.megabytes for one in spent)),
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

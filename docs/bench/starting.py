"""What a program pays before its first answer, as CPU milliseconds of fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import cut
from generators import BIN, CORPORA, MODULES, ORACLE, ROOT, Corpus, operations, timed

BENCH = ROOT / ".nox" / "bench" / BIN
ROUNDS = 9
FEW = 5

BARE = "pass"
LIBRARIES = "import httpx, pydantic, tenacity"
# pydantic imports most of itself with its first model, whoever writes that.
USED = f"{LIBRARIES}; type('M', (pydantic.BaseModel,), {{}}).model_validate_json(b'{{}}')"
REPLY = """
{"data": {"administrableTeams": {"__typename": "TeamConnection", "nodes": [], "pageInfo": {
  "__typename": "PageInfo", "hasPreviousPage": false, "hasNextPage": false,
  "startCursor": null, "endCursor": null}}}}
"""


def made(package: str, client: str) -> str:
    return f"from {package} import {client}; {client}(url='http://server.test/', api_key=None)"


def called(package: str) -> str:
    return f"""
import httpx
from {package} import Client
head = {{"content-type": "application/json"}}
transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=head, text={REPLY!r}))
http_client = httpx.Client(transport=transport)
client = Client(url="http://server.test/", api_key=None, http_client=http_client)
assert client.administrable_teams().nodes == []
"""


def compare() -> dict[str, float]:
    """The CPU milliseconds of each program, Python's own start included."""
    with tempfile.TemporaryDirectory(prefix="intelgraph-bench-") as name:
        folder = Path(name)
        packages = generated(folder)
        programs = {
            "python": (BENCH, BARE),
            "httpx, pydantic, tenacity": (BENCH, LIBRARIES),
            "the same, and one model of pydantic": (BENCH, USED),
            "import intelgraph": (BENCH, "import intelgraph"),
            "import, 5 operations": (BENCH, "import few"),
            "import, 663 operations": (BENCH, "import linear"),
            "import, GitHub": (BENCH, "import github"),
            "import, GitHub, ariadne-codegen": (ORACLE, "import github_theirs"),
            "IntelGraph made": (BENCH, made("intelgraph", "IntelGraph")),
            "client of 663 made": (BENCH, made("linear", "Client")),
            "first call of 5": (BENCH, called("few")),
            "first call of 663": (BENCH, called("linear")),
        }
        return medians(programs, packages)


def generated(folder: Path) -> Path:
    """A folder with the packages that the programs import."""
    linear = CORPORA / "linear" / "schema.graphql"
    few = folder / "few.graphql"
    text = operations("linear").read_text("utf-8")
    few.write_text(cut.first_operations(text, FEW), "utf-8")
    github = MODULES / "@octokit" / "graphql-schema" / "schema.graphql"
    packages = folder / "packages"
    packages.mkdir()
    for name, schema, documents in (
        ("few", linear, few),
        ("linear", linear, operations("linear")),
        ("github", github, operations("github")),
    ):
        corpus = Corpus(schema, documents, folder / name)
        corpus.folder.mkdir()
        timed(corpus.intelgraph(), corpus.folder)
        corpus.ours.rename(packages / name)
        if name == "github":
            timed(corpus.ariadne(), corpus.folder)
            corpus.theirs.rename(packages / "github_theirs")
    return packages


def medians(programs: dict[str, tuple[Path, str]], packages: Path) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in programs}
    # The first round compiles, and is not counted.
    for counted in (False, *[True] * ROUNDS):
        for name, (environment, program) in programs.items():
            spent = milliseconds(environment / "python", program, packages)
            if counted:
                taken[name].append(spent)
    return {name: round(statistics.median(each), 1) for name, each in taken.items()}


def milliseconds(python: Path, program: str, packages: Path) -> float:
    places = [str(packages), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    # Whoever forbids Python to keep what it compiled would measure the compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen([str(python), "-c", program], env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"this program failed: {program}")
    return (used.ru_utime + used.ru_stime) * 1000

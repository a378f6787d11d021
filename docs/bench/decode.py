"""A megabyte of issues read by the models that ariadne-codegen and intelgraph-codegen print."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generators import BIN, ORACLE, ROOT, Corpus, timed

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
BENCH = ROOT / ".nox" / "bench" / BIN
OBJECTS = 2000


def compare() -> dict[str, Any]:
    """Milliseconds of each package's process, `json.loads` and raw httpx included."""
    with tempfile.TemporaryDirectory(prefix="intelgraph-bench-") as name:
        corpus = Corpus(HERE / "issues.graphql", HERE / "issues_query.graphql", Path(name))
        timed(corpus.ariadne(is_async=False), corpus.folder)
        timed(corpus.intelgraph(), corpus.folder)
        reply = corpus.folder / "reply.json"
        reply.write_text(json.dumps({"data": {"issues": issues()}}, ensure_ascii=False), "utf-8")
        places = {
            "intelgraph-codegen": (BENCH, corpus.ours),
            "ariadne-codegen": (ORACLE, corpus.theirs),
        }
        return {
            "bytes": reply.stat().st_size,
            "objects": OBJECTS,
            "milliseconds": {
                name: milliseconds(environment / "python", package, reply)
                for name, (environment, package) in places.items()
            },
        }


def milliseconds(python: Path, package: Path, reply: Path) -> dict[str, float]:
    command = [str(python), str(HERE / "decoding.py"), package.name, str(reply)]
    places = [str(package.parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return dict(json.loads(done.stdout))


def issues() -> list[dict[str, Any]]:
    """As many objects as `OBJECTS`, of every kind; the same ones in every run."""
    chance = random.Random(7)  # noqa: S311 - nothing secret.
    made: list[dict[str, Any]] = []
    while json.dumps(made).count("{") < OBJECTS:
        made.append(issue(len(made), chance))
    return made


def issue(number: int, chance: random.Random) -> dict[str, Any]:
    def some(most: int, make: Callable[[], object]) -> list[object]:
        return [make() for _ in range(chance.randint(0, most))]

    return {
        "id": f"I_{number:08}",
        "number": number,
        "title": text(chance, 12),
        "body": text(chance, 200),
        "state": chance.choice(["OPEN", "CLOSED", "MERGED"]),
        "priority": chance.random(),
        "createdAt": "2026-04-15T09:30:00Z",
        "url": f"https://tracker.example/issues/{number}",
        "author": actor(chance),
        "assignees": some(3, lambda: actor(chance)),
        "labels": some(4, lambda: {"name": text(chance, 1), "color": "ff8800"}),
        "comments": some(
            5,
            lambda: {
                "id": f"C_{chance.randrange(10**8):08}",
                "body": text(chance, 160),
                "createdAt": "2026-04-15T09:30:00Z",
                "author": actor(chance),
            },
        ),
    }


def actor(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.8:  # noqa: PLR2004 - most actors are people.
        return {"__typename": "User", "login": text(chance, 1), "name": text(chance, 2)}
    return {"__typename": "Bot", "login": text(chance, 1), "owner": text(chance, 1)}


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words))


WORDS = ("graph", "query", "field", "type", "client", "server", "retry", "entity", "édition")

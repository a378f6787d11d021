"""How the time of both generators grows with the operations and with the schema."""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import cut
from generators import CORPORA, ROUNDS, Corpus, timed

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
OPERATIONS = (1, 10, 50, 150, 663)
SCHEMA_LINES = (1_000, 3_000, 10_000, 30_000, 100_000)


class Growth(TypedDict):
    """CPU seconds of each generator at each size."""

    sizes: list[int]
    cpuSeconds: dict[str, list[float]]


def compare() -> dict[str, Growth]:
    with tempfile.TemporaryDirectory(prefix="intelgraph-bench-") as name:
        return {
            "operations": grown(by_operations(Path(name))),
            "schemaLines": grown(by_schema(Path(name))),
        }


def by_operations(folder: Path) -> Iterable[tuple[int, Corpus]]:
    """Linear's documents, cut to their first operations, on the whole schema."""
    linear = CORPORA / "linear"
    documents = (linear / "operations.graphql").read_text("utf-8")
    for count in OPERATIONS:
        place = folder / f"operations_{count}.graphql"
        place.write_text(cut.first_operations(documents, count), "utf-8")
        yield count, Corpus(linear / "schema.graphql", place, folder / f"operations_{count}")


def by_schema(folder: Path) -> Iterable[tuple[int, Corpus]]:
    """One operation on a small schema that is copied, under other names, to the size."""
    schema = (HERE / "issues.graphql").read_text("utf-8")
    for lines in SCHEMA_LINES:
        place = folder / f"schema_{lines}.graphql"
        place.write_text(cut.multiplied(schema, lines), "utf-8")
        corpus = Corpus(place, HERE / "issues_query.graphql", folder / f"schema_{lines}")
        yield place.read_text("utf-8").count("\n"), corpus


def grown(corpora: Iterable[tuple[int, Corpus]]) -> Growth:
    growth: Growth = {
        "sizes": [],
        "cpuSeconds": {"ariadne-codegen": [], "intelgraph-codegen": []},
    }
    for size, corpus in corpora:
        growth["sizes"].append(size)
        for name, seconds in growth["cpuSeconds"].items():
            rounds = [seconds_of(name, corpus, number) for number in range(ROUNDS)]
            seconds.append(round(statistics.median(rounds), 3))
    return growth


def seconds_of(name: str, corpus: Corpus, number: int) -> float:
    """What one round takes, in a folder of its own."""
    corpus = replace(corpus, folder=corpus.folder / f"{name}_{number}")
    corpus.folder.mkdir(parents=True)
    command = corpus.ariadne() if name == "ariadne-codegen" else corpus.intelgraph()
    return timed(command, corpus.folder).cpu

"""The schemas and operations that go through our generator and through its peers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from answers import Answers
from repository import ROOT

from intelgraph_codegen.config import Settings, read_config
from intelgraph_codegen.load import load
from intelgraph_codegen.run import generate

GOLDEN = ROOT / "codegen" / "tests" / "golden"
GITHUB = ROOT / "sdk-js" / "node_modules" / "@octokit" / "graphql-schema" / "schema.graphql"
FOREIGN = Path(os.environ.get("INTELGRAPH_CORPORA", ROOT.parent / "shared" / "corpora"))

# In the canonical text of each scalar, so that what is decoded and encoded is the same again.
LEAVES = {
    "Date": "2026-04-15",
    "DateTime": "2026-04-15T12:00:00Z",
    "Decimal": "1249.50",
    "JSON": {"any": [1, "thing"]},
    "UUID": "0b9c1a52-6c3e-4d1f-9a54-1f0c3f2b7d11",
    "uuid": "0b9c1a52-6c3e-4d1f-9a54-1f0c3f2b7d11",
    "timestamptz": "2026-04-15T12:00:00Z",
    **dict.fromkeys(("BigInt", "bigint"), "9007199254740993"),
    "Fraction": "3/4",
    "address": "192.0.2.1",
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """A schema with operations, and the file that configures our generator for it."""

    name: str
    schema: Path
    documents: Path
    configuration: Path | None = None
    lenient: bool = False

    @property
    def settings(self) -> Settings:
        found = None
        if self.configuration and self.configuration.exists():
            found = read_config(self.configuration.read_text("utf-8"), str(self.configuration))
        return Settings(
            schema=(str(self.schema),),
            documents=(str(self.documents),),
            lenient=self.lenient,
            scalars=found.scalars if found else {},
        )

    def generate_ours(self, folder: Path) -> None:
        """Print both our clients, as the packages `ours_<name>` and `ours_<name>_ts`."""
        mine = self.settings
        generate(
            Settings(
                schema=mine.schema,
                documents=mine.documents,
                lenient=mine.lenient,
                scalars=mine.scalars,
                python=str(folder / f"ours_{self.name}"),
                typescript=str(folder / f"ours_{self.name}_ts"),
                manifest=str(folder / f"ours_{self.name}.json"),
            )
        )

    def answers(self, seed: int, **leaves: object) -> Answers:
        settings = self.settings
        mine = settings.schema, settings.documents
        loaded = load(*mine, root=ROOT, lenient=self.lenient, whole=True)
        known: dict[str, tuple[object, ...]] = {
            name: (value,) for name, value in (LEAVES | leaves).items()
        }
        return Answers(loaded.schema, seed, nulls=0.2, leaves=known)


def goldens() -> list[Corpus]:
    return [
        Corpus(
            folder.name,
            _place(folder, "schema"),
            _place(folder, "operations"),
            folder / "pyproject.toml",
        )
        for folder in sorted(GOLDEN.iterdir())
    ]


def _place(folder: Path, name: str) -> Path:
    """A file, or a folder of files."""
    return folder / name if (folder / name).is_dir() else folder / f"{name}.graphql"


INTELGRAPH = Corpus(
    "intelgraph", ROOT / "schema" / "sdl", ROOT / "schema" / "operations", ROOT / "pyproject.toml"
)
ALL = {
    **{corpus.name: corpus for corpus in goldens()},
    "intelgraph": INTELGRAPH,
    "github": Corpus("github", GITHUB, FOREIGN / "github" / "operations.graphql", lenient=True),
    "linear": Corpus(
        "linear",
        FOREIGN / "linear" / "schema.graphql",
        FOREIGN / "linear" / "operations.graphql",
        lenient=True,
    ),
}
AT_HAND = tuple(name for name in ALL if name != "linear")


def corpus_of(name: str) -> Corpus:
    """The corpus of a name; one that is no part of this repository may not be there."""
    corpus = ALL[name]
    absent = [place for place in (corpus.schema, corpus.documents) if not place.exists()]
    if absent:
        message = f"NOT RUN: there is no {absent[0].name} of {name}; set INTELGRAPH_CORPORA"
        if os.environ.get("INTELGRAPH_REQUIRE_CORPORA"):
            pytest.fail(message)
        pytest.skip(message)
    return corpus

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import intelgraph_codegen
from intelgraph_codegen.cache import Cache, cache_folder, digest_of_inputs
from intelgraph_codegen.config import Settings
from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.run import generate
from intelgraph_codegen.targets import ScalarTarget

if TYPE_CHECKING:
    from collections.abc import Callable

SDL = """
scalar Day
type Query { day: Day days: [Day!]! day: Day }
type Mutation { tick: Boolean }
"""
DOCUMENTS = "query GetDay { day }\nmutation Tick { tick }\n"
SOURCES = Path(intelgraph_codegen.__file__).parent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "schema.graphql").write_text(SDL)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "all.graphql").write_text(DOCUMENTS)
    return Settings(
        schema=("schema.graphql",),
        documents=("documents",),
        python="client",
        typescript="ts",
        manifest="manifest.json",
        lenient=True,
        root=tmp_path,
    )


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def is_recalled(cache: Cache, settings: Settings) -> bool:
    return cache.recall(settings, digest_of_inputs(settings)) is not None


def test_a_second_run_with_nothing_to_do_finds_what_the_first_found(
    settings: Settings, cache: Cache
) -> None:
    first = generate(settings, cache=cache)
    second = generate(settings, cache=cache)
    whole = generate(settings)

    assert is_recalled(cache, settings)
    assert second == whole
    assert (second.differing, second.unchanged) == ((), first.files)
    assert [str(warning) for warning in second.warnings] == [str(w) for w in first.warnings]
    assert first.warnings


def test_a_check_with_nothing_to_do_is_recalled_as_well(settings: Settings, cache: Cache) -> None:
    generate(settings)

    generate(settings, check=True, cache=cache)

    assert is_recalled(cache, settings)


def test_a_check_that_finds_something_is_not_remembered(settings: Settings, cache: Cache) -> None:
    outcome = generate(settings, check=True, cache=cache)

    assert outcome.differing
    assert not is_recalled(cache, settings)


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "the schema": lambda root: (root / "schema.graphql").write_text(SDL + "#"),
    "a document": lambda root: (root / "documents" / "all.graphql").write_text(DOCUMENTS + "#"),
    "one more document": lambda root: (root / "documents" / "b.gql").write_text("query B { days }"),
    "a document less": lambda root: (root / "documents" / "all.graphql").unlink(),
    "a line of an output": lambda root: append(root / "client" / "client.py"),
    "an output less": lambda root: (root / "ts" / "client.ts").unlink(),
    "a file that is a stranger": lambda root: (root / "ts" / "mine.ts").write_text(""),
    "the list of files": lambda root: (root / "ts" / ".intelgraph-codegen.json").unlink(),
    "the manifest": lambda root: append(root / "manifest.json"),
    "no manifest": lambda root: (root / "manifest.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_was_changed_since_is_looked_at_anew(
    change: Callable[[Path], object], settings: Settings, cache: Cache
) -> None:
    generate(settings, cache=cache)

    change(settings.root)

    assert not is_recalled(cache, settings)


def test_an_output_that_was_changed_by_hand_is_told_of_as_without_a_cache(
    settings: Settings, cache: Cache
) -> None:
    generate(settings, cache=cache)
    (settings.root / "client" / "client.py").write_text("mine = 1\n")

    with pytest.raises(CodegenError, match="changed by hand"):
        generate(settings, cache=cache)


@pytest.mark.parametrize(
    "changed",
    [
        {"lenient": False},
        {"scalars": {"Day": ScalarTarget("datetime.date", None)}},
        {"idempotent_mutations": ("tick",)},
        {"keyed_mutations": ("tick",)},
        {"retryable_codes": ("BUSY",)},
    ],
)
def test_another_setting_is_another_run(
    changed: dict[str, object], settings: Settings, cache: Cache
) -> None:
    generate(settings, cache=cache)

    assert not is_recalled(cache, replace(settings, **changed))  # type: ignore[arg-type]


def imports_graphql(settings: Settings, cache: Cache, sources: Path) -> bool:
    """Runs the command line as a user does; whether it loaded the GraphQL library."""
    script = (
        "import sys; from intelgraph_codegen.cli import main; main(sys.argv[1:]);"
        " print('graphql' in sys.modules)"
    )
    arguments = ["generate", "--schema", *settings.schema, "--documents", *settings.documents]
    arguments += [
        "--lenient",
        "--python",
        "client",
        "--typescript",
        "ts",
        "--manifest",
        "manifest.json",
    ]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=settings.root,
        env=os.environ
        | {"INTELGRAPH_CODEGEN_CACHE": str(cache.folder), "PYTHONPATH": str(sources.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() == "True"


def test_a_run_with_nothing_to_do_does_not_load_the_graphql_library(
    settings: Settings, cache: Cache
) -> None:
    assert imports_graphql(settings, cache, SOURCES)
    assert not imports_graphql(settings, cache, SOURCES)


def test_a_generator_of_another_text_starts_anew(
    settings: Settings, cache: Cache, tmp_path: Path
) -> None:
    edited = tmp_path / "edited" / "intelgraph_codegen"
    shutil.copytree(SOURCES, edited)
    imports_graphql(settings, cache, edited)
    assert not imports_graphql(settings, cache, edited)

    append(edited / "prose.py")

    assert imports_graphql(settings, cache, edited)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 1}', "[" * 100_000])
def test_a_cache_that_cannot_be_read_means_a_full_run(
    content: str, settings: Settings, cache: Cache
) -> None:
    generate(settings, cache=cache)
    (file,) = cache.folder.iterdir()
    file.write_text(content)

    assert not is_recalled(cache, settings)
    generate(settings, cache=cache)
    assert is_recalled(cache, settings)


def test_an_entry_of_another_version_is_not_read(settings: Settings, cache: Cache) -> None:
    generate(settings, cache=cache)
    (file,) = cache.folder.iterdir()

    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": "another"}))

    assert not is_recalled(cache, settings)


def test_a_cache_that_cannot_be_written_to_changes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    outcome = generate(settings, cache=Cache(tmp_path / "file" / "cache"))

    assert outcome.files > 0


def test_only_the_projects_that_ran_last_are_remembered(settings: Settings, cache: Cache) -> None:
    cache.folder.mkdir()
    for number in range(70):
        old = cache.folder / f"{number}.json"
        old.write_text("{}")
        os.utime(old, (number, number))

    generate(settings, cache=cache)

    assert len(list(cache.folder.iterdir())) == 64
    assert not (cache.folder / "0.json").exists()
    assert is_recalled(cache, settings)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_what_is_remembered_is_for_its_owner_alone(settings: Settings, cache: Cache) -> None:
    generate(settings, cache=cache)

    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700


def test_runs_are_remembered_where_the_environment_says_or_where_caches_are(
    tmp_path: Path,
) -> None:
    home = {"LOCALAPPDATA": "C:/Local"}

    assert cache_folder(home | {"INTELGRAPH_CODEGEN_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder(home | {"INTELGRAPH_CODEGEN_CACHE": ""}) is None
    assert (cache_folder(home) or Path()).name == "intelgraph-codegen"
    if sys.platform == "linux":
        found = cache_folder(home | {"XDG_CACHE_HOME": "/caches"})
        assert found == Path("/caches/intelgraph-codegen")

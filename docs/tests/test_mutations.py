"""Each rule of the runtimes has a vector that fails without it, in both languages.

`mutations/` lists the rules: a vector, and for each language a place that is there once, of Python
as it is written and of TypeScript as it is built, with what breaks the rule there; several places
where one would still keep the rule that another has lost. They are broken one by one in a copy, and
the vector has to notice.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pytest
from repository import ROOT, text

if TYPE_CHECKING:
    from collections.abc import Mapping

PYTHON = ROOT / "sdk-python" / "src" / "intelgraph"
JS = ROOT / "sdk-js"
HERE = Path(__file__).parent
COLLECTED = HERE / "collected_tests.mjs"


# Each language is broken once for all, so one process does it.
pytestmark = pytest.mark.xdist_group("mutations")


class Change(NamedTuple):
    """A place of a runtime, and what breaks it."""

    file: str
    old: str
    new: str


class Rule(NamedTuple):
    """What the runtimes promise, and the vector that holds them to it."""

    name: str
    vector: str
    python: list[Change]
    typescript: list[Change]
    """Empty where the language cannot break the rule, and the list says why."""

    @classmethod
    def read(cls, rule: dict[str, Any]) -> Self:
        python, typescript = (changes(rule[language]) for language in ("python", "typescript"))
        return cls(rule["rule"], rule["vector"], python, typescript)


def changes(told: str | dict[str, str] | list[dict[str, str]]) -> list[Change]:
    """Of a rule that is kept in one place alone, that place stands alone."""
    if isinstance(told, str):
        return []
    return [Change(**each) for each in (told if isinstance(told, list) else [told])]


RULES = [
    Rule.read(rule)
    for path in sorted((HERE / "mutations").glob("*.json"))
    for rule in json.loads(path.read_text("utf-8"))["rules"]
]
NAMES = [rule.name for rule in RULES]
IN_PYTHON = [rule for rule in RULES if rule.python]
IN_TYPESCRIPT = [rule for rule in RULES if rule.typescript]
# What runs the vectors of a behaviour in Python.
CALLS = "test_vectors"
RUNNERS = {"fixtures": "test_fixture_vectors", "subscriptions": "test_subscription_vectors"}
# Where local time is not UTC, so that taking one for the other is noticed.
ELSEWHERE = {**os.environ, "TZ": "Asia/Tokyo"}
VECTORS = {
    vector["name"]: json.loads(path.read_text("utf-8"))["behaviour"]
    for path in sorted((ROOT / "schema" / "conformance" / "client").glob("*.json"))
    for vector in json.loads(path.read_text("utf-8"))["vectors"]
}


def test_no_rule_is_named_twice() -> None:
    assert len({*NAMES}) == len(NAMES)


def test_every_behaviour_has_rules() -> None:
    assert {VECTORS[rule.vector] for rule in RULES} == {*VECTORS.values()}


def test_only_rules_of_typed_data_are_broken_in_one_language_alone() -> None:
    alone = {VECTORS[rule.vector] for rule in RULES if not (rule.python and rule.typescript)}

    assert alone == {"request_encoding", "response_decoding", "webhooks"}


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_names_a_vector_and_a_place_that_is_there_once(rule: Rule) -> None:
    assert rule.vector in VECTORS
    for folder, made in ((PYTHON, rule.python), (JS / "dist", rule.typescript)):
        for change in made:
            assert (folder / change.file).read_text("utf-8").count(change.old) == 1, change.old


@pytest.fixture(scope="module")
def failures_in_python() -> Mapping[str, list[str]]:
    """The vectors that fail with each rule broken, and with none, under the empty name."""
    broken = [
        {
            "changes": list(map(in_module, rule.python)),
            "runners": [RUNNERS.get(VECTORS[rule.vector], CALLS)],
            "vectors": [rule.vector],
        }
        for rule in IN_PYTHON
    ]
    runners = [CALLS, *RUNNERS.values()]
    whole = {"changes": [], "runners": runners, "vectors": [rule.vector for rule in RULES]}
    done = subprocess.run(
        [sys.executable, HERE / "mutated_python.py"],
        input=json.dumps([whole, *broken]),
        check=True,
        capture_output=True,
        text=True,
        env=ELSEWHERE,
    )
    names = ["", *(rule.name for rule in IN_PYTHON)]
    return dict(zip(names, json.loads(done.stdout), strict=True))


def in_module(change: Change) -> dict[str, str]:
    module = change.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return {"module": f"intelgraph.{module}", "old": change.old, "new": change.new}


def test_python_satisfies_the_vectors_as_it_is(failures_in_python: Mapping[str, list[str]]) -> None:
    assert failures_in_python[""] == []


@pytest.mark.parametrize("rule", IN_PYTHON, ids=lambda rule: rule.name)
def test_a_vector_fails_without_its_rule_in_python(
    rule: Rule, failures_in_python: Mapping[str, list[str]]
) -> None:
    assert failures_in_python[rule.name] == [rule.vector]


@pytest.fixture(scope="module")
def failures_in_typescript(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """As of Python, by the titles of the vectors."""
    whole = package_to_copy(tmp_path_factory.mktemp("mutations"))
    titles = sorted({title(rule) for rule in RULES})
    copies = [{"folder": str(whole), "titles": titles}]
    for number, rule in enumerate(IN_TYPESCRIPT):
        copy = broken_copy(whole, whole.with_name(f"rule_{number}"), rule.typescript)
        copies.append({"folder": str(copy), "titles": [title(rule)]})
    node = shutil.which("node")
    assert node, "needs Node 20 or newer"
    done = subprocess.run(
        [node, HERE / "mutated_typescript.mjs"],
        input=json.dumps(copies),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=ELSEWHERE,
        timeout=1200,
    )
    names = ["", *(rule.name for rule in IN_TYPESCRIPT)]
    return dict(zip(names, json.loads(done.stdout), strict=True))


def package_to_copy(folder: Path) -> Path:
    """The package as it is built, with the runner of its vectors, beside the vectors."""
    package = folder / "whole"
    tsc = JS / "node_modules" / ".bin" / "tsc"
    subprocess.run([tsc, "-p", JS / "test", "--outDir", package / "build"], check=True)
    for built in (package / "build" / "conformance").glob("*.js"):
        own = built.read_text("utf-8").replace('"node:test"', f'"{COLLECTED.as_uri()}"')
        built.write_text(own, "utf-8")
    shutil.copytree(JS / "dist", package / "dist", ignore=shutil.ignore_patterns("*.map", "*.ts"))
    # They import nothing of the runtime, so one load of them is enough for all copies.
    operations = package / "dist" / "generated" / "operations"
    shutil.rmtree(operations)
    operations.symlink_to(JS / "dist" / "generated" / "operations", target_is_directory=True)
    shutil.copy(JS / "package.json", package)
    known = package / "test" / "conformance" / "known_failing.txt"
    known.parent.mkdir(parents=True)
    known.write_text(text("sdk-js/test/conformance/known_failing.txt"), "utf-8")
    (folder / "schema").symlink_to(ROOT / "schema", target_is_directory=True)
    return package


def broken_copy(whole: Path, copy: Path, made: list[Change]) -> Path:
    shutil.copytree(whole, copy, symlinks=True, copy_function=os.link)
    for change in made:
        changed = copy / "dist" / change.file
        content = changed.read_text("utf-8").replace(change.old, change.new)
        # What is there is linked, and belongs to all copies.
        changed.unlink()
        changed.write_text(content, "utf-8")
    return copy


def title(rule: Rule) -> str:
    return f"{VECTORS[rule.vector]}: {rule.vector}"


def test_typescript_satisfies_the_vectors_as_it_is(
    failures_in_typescript: Mapping[str, list[str]],
) -> None:
    assert failures_in_typescript[""] == []


@pytest.mark.parametrize("rule", IN_TYPESCRIPT, ids=lambda rule: rule.name)
def test_a_vector_fails_without_its_rule_in_typescript(
    rule: Rule, failures_in_typescript: Mapping[str, list[str]]
) -> None:
    assert failures_in_typescript[rule.name] == [title(rule)]

"""The types that graphql-codegen prints for the same documents are the types that we print.

`typescript/same.ts` says what is left out of the comparison, and why.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from oracle.corpora import AT_HAND
from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from oracle.corpora import Corpus

    from intelgraph.runtime import Operation

    WithOurs = Callable[[str], Corpus]
    OperationsOf = Callable[[str], list[Operation[Any]]]

FOLDER = ROOT / "docs" / "tests" / "oracle" / "typescript"
TSC = ROOT / "sdk-js" / "node_modules" / ".bin" / "tsc"
RUNTIME = ROOT / "sdk-js" / "src" / "runtime.ts"
OWN = [name for name in AT_HAND if name != "github"]
# Where the two mean the same by other types, by corpus and operation; one that is the same by now
# is an error of the compiler.
SKIPPED = "theirs keeps what `@skip(if: true)` never answers"
APART = {
    ("fragments_recursive", "Tree"): "theirs is as narrow as a type that narrows its interface",
    ("names_of_javascript", "Symbol"): SKIPPED,
    ("skip_include", "OnlyNever"): SKIPPED,
    ("skip_include", "WithNever"): SKIPPED,
}
SETTINGS = {
    "compilerOptions": {
        "noEmit": True,
        "rootDir": "/",
        "strict": True,
        "target": "es2022",
        "module": "nodenext",
        "types": [],
        "allowImportingTsExtensions": True,
        "paths": {"@intelgraph/sdk/runtime": [str(RUNTIME)]},
    }
}


def complaints(folder: Path, files: list[str]) -> list[str]:
    """What the compiler says of the modules that compare types."""
    settings = {**SETTINGS, "files": files}
    (folder / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    assert TSC.exists(), "run `npm --prefix sdk-js ci` first"
    command = [str(TSC), "-p", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    return done.stdout.splitlines()


@dataclass(frozen=True, slots=True)
class Peers:
    """A folder with both generators' types of some corpora."""

    folder: Path
    operations: int


def peers(
    names: list[str], folder: Path, printed: Path, with_ours: WithOurs, operations_of: OperationsOf
) -> Peers:
    jobs: list[dict[str, Any]] = []
    number = 0
    for name in names:
        corpus = with_ours(name)
        operations = operations_of(f"ours_{name}")
        shutil.copytree(printed / f"ours_{name}_ts", folder / f"ours_{name}_ts")
        jobs.append(job(corpus, folder, [operation.document for operation in operations]))
        compare = comparison(name, folder / f"ours_{name}_ts", operations)
        (folder / f"compare_{name}.ts").write_text("\n".join(compare), "utf-8")
        number += len(operations)
    assert (FOLDER / "node_modules").exists(), "run `nox -s peers`, which installs graphql-codegen"
    node = shutil.which("node")
    assert node, "needs Node 20 or newer"
    subprocess.run([node, "print.mjs"], cwd=FOLDER, check=True, input=json.dumps(jobs), text=True)
    shutil.copy(FOLDER / "same.ts", folder)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return Peers(folder, number)


def job(corpus: Corpus, folder: Path, documents: list[str]) -> dict[str, Any]:
    scalars = corpus.settings.scalars.items()
    return {
        "schema": [str(path) for path in files_of(corpus.schema)],
        "documents": documents,
        "output": str(folder / f"theirs_{corpus.name}.ts"),
        "scalars": {name: target.typescript for name, target in scalars if target.typescript},
    }


def files_of(place: Path) -> list[Path]:
    return sorted(place.rglob("*.graphql")) if place.is_dir() else [place]


def comparison(name: str, package: Path, operations: list[Operation[Any]]) -> list[str]:
    """A module that is only valid where both types of each operation are the same."""
    lines = [
        'import type { Data, Expect, Same, Variables } from "./same.js";',
        f'import type * as Theirs from "./theirs_{name}.js";',
    ]
    compared = 0
    kinds = {operation.name: operation.kind for operation in operations}
    for place in sorted((package / "operations").glob("*.ts")):
        text = place.read_text("utf-8")
        constant = re.search(r"^export const (\w+): Operation<", text, re.MULTILINE)
        operation = re.search(r'^ +name: "(\w+)",$', text, re.MULTILINE)
        if constant and operation:
            ours, theirs = constant[1], f"Theirs.{operation[1]}{kinds[operation[1]].capitalize()}"
            sent = f"Variables<typeof {ours}>, {theirs}Variables"
            lines += [
                f'import type {{ {ours} }} from "./{package.name}/operations/{place.stem}.js";',
                *[
                    f"// @ts-expect-error: {APART[at]}"
                    for at in [(name, operation[1])]
                    if at in APART
                ],
                f"export type {ours}_Data = Expect<Same<Data<typeof {ours}>, {theirs}>>;",
                f"export type {ours}_Sent = Expect<Same<{sent}>>;",
            ]
            compared += 1
    assert compared == len(operations)
    return lines


@pytest.fixture(scope="module")
def own(
    tmp_path_factory: pytest.TempPathFactory,
    printed: Path,
    with_ours: WithOurs,
    operations_of: OperationsOf,
) -> Peers:
    return peers(OWN, tmp_path_factory.mktemp("peers"), printed, with_ours, operations_of)


def test_every_operation_of_ours_has_the_types_that_graphql_codegen_gives_it(own: Peers) -> None:
    assert own.operations > 80
    assert complaints(own.folder, [f"compare_{name}.ts" for name in OWN]) == []


def test_so_has_every_operation_on_the_schema_of_github(
    tmp_path: Path, printed: Path, with_ours: WithOurs, operations_of: OperationsOf
) -> None:
    github = peers(["github"], tmp_path, printed, with_ours, operations_of)

    assert github.operations == 26
    assert complaints(github.folder, ["compare_github.ts"]) == []


# A text of a file, what it is changed into, and the corpus whose types are not the same then.
# The first take out of same.ts what it leaves out of the comparison, which so is seen to be there;
# the last are differences of the types themselves.
CHANGES = {
    "readonly": ("enums", "same.ts", "-readonly ", ""),
    "open enums": ("enums", "same.ts", "OpenString = string & {};", "OpenString = never;"),
    "unlisted types": ("unions", "same.ts", '"%other", ArmOf', "Name, ArmOf"),
    "no unlisted type": ("intelgraph", "same.ts", "        ? never", "        ? Members<T, 1, T>"),
    "any typename": ("interfaces", "same.ts", "OpenArm<T, NameOf<Peer>", "Members<T, Name"),
    "undefined in lists": ("lists_of_lists", "same.ts", "Exclude<Item, undefined>", "Item"),
    "a field": ("scalars", "theirs_scalars.ts", "value: number | null", "value: number"),
    "a variable": ("scalars", "theirs_scalars.ts", "precision?: number", "precision: number"),
    "an arm": ("unions", "ours_unions_ts/operations/search.ts", '"Song"', '"Sonk"'),
    "one field more": ("scalars", "theirs_scalars.ts", "unit: string,", "unit: string, more?: 1,"),
}


@pytest.fixture(scope="module")
def complaints_of_changes(own: Peers, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the compiler says of all changes at once, each in a folder of its own."""
    root = tmp_path_factory.mktemp("changes")
    (root / "package.json").write_text('{"type": "module"}', "utf-8")
    for number, (name, file, old, new) in enumerate(CHANGES.values()):
        folder = root / str(number)
        shutil.copytree(own.folder / f"ours_{name}_ts", folder / f"ours_{name}_ts")
        for copied in ("same.ts", f"compare_{name}.ts", f"theirs_{name}.ts"):
            shutil.copy(own.folder / copied, folder)
        text = (folder / file).read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_text(text.replace(old, new), "utf-8")
    changes = enumerate(CHANGES.values())
    return complaints(root, [f"{number}/compare_{name}.ts" for number, (name, *_) in changes])


@pytest.mark.parametrize("change", CHANGES)
def test_types_that_are_not_the_same_are_told(
    change: str, complaints_of_changes: list[str]
) -> None:
    place = f"{list(CHANGES).index(change)}/compare_{CHANGES[change][0]}.ts"

    assert any(
        line.startswith(place) and "error TS2344" in line for line in complaints_of_changes
    ), complaints_of_changes

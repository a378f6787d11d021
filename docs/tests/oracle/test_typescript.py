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
from corpora import AT_HAND
from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpora import Corpus

    from intelgraph.runtime import Operation

    WithOurs = Callable[[str], Corpus]
    OperationsOf = Callable[[str], list[Operation[Any]]]

FOLDER = ROOT / "docs" / "tests" / "oracle" / "typescript"
TSC = ROOT / "sdk-js" / "node_modules" / ".bin" / "tsc"
RUNTIME = ROOT / "sdk-js" / "src" / "runtime.ts"
OWN = [name for name in AT_HAND if name != "github"]
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


@dataclass(frozen=True, slots=True)
class Peers:
    """A folder with both generators' types of some corpora."""

    folder: Path
    operations: int

    def complaints(self, names: list[str]) -> str:
        """What the compiler says of the modules that compare the corpora of these names."""
        settings = {**SETTINGS, "files": [f"compare_{name}.ts" for name in names]}
        (self.folder / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
        assert TSC.exists(), "run `npm --prefix sdk-js ci` first"
        done = subprocess.run([TSC, "-p", self.folder], check=False, capture_output=True, text=True)
        return done.stdout

    def with_change(self, folder: Path, name: str, old: str, new: str) -> Peers:
        """A copy in which one text of one file is another."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        place = folder / name
        assert old in place.read_text("utf-8")
        place.write_text(place.read_text("utf-8").replace(old, new), "utf-8")
        return Peers(folder, self.operations)


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
    place = corpus.schema
    scalars = corpus.settings.scalars.items()
    return {
        "schema": [str(path) for path in (sorted(place.iterdir()) if place.is_dir() else [place])],
        "documents": documents,
        "output": str(folder / f"theirs_{corpus.name}.ts"),
        "scalars": {name: target.typescript for name, target in scalars if target.typescript},
    }


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
            lines += [
                f'import type {{ {ours} }} from "./{package.name}/operations/{place.stem}.js";',
                f"export type {ours}_Data = Expect<Same<Data<typeof {ours}>, {theirs}>>;",
                f"export type {ours}_Variables ="
                f" Expect<Same<Variables<typeof {ours}>, {theirs}Variables>>;",
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
    assert own.complaints(OWN) == ""


def test_so_has_every_operation_on_the_schema_of_github(
    tmp_path: Path, printed: Path, with_ours: WithOurs, operations_of: OperationsOf
) -> None:
    github = peers(["github"], tmp_path, printed, with_ours, operations_of)

    assert github.operations == 26
    assert github.complaints(["github"]) == ""


# Each takes one thing out of same.ts that is left out of the comparison, by a corpus that has it.
DIFFERENCES = {
    "readonly": ("enums", "-readonly ", ""),
    "open enums": ("enums", "type OpenString = string & {};", "type OpenString = never;"),
    "unlisted types": ("unions", '"%other", ArmOf', "Name, ArmOf"),
    "arms for nothing": ("intelgraph", "        ? never\n", "        ? Members<T, Name, Peer>\n"),
    "any typename": ("interfaces", "OpenArm<T, NameOf<Peer>, Peer>", "Members<T, Name, Peer>"),
    "undefined in lists": ("lists_of_lists", "Exclude<Item, undefined>", "Item"),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_what_is_left_out_of_the_comparison_is_there(
    difference: str, own: Peers, tmp_path: Path
) -> None:
    name, old, new = DIFFERENCES[difference]
    changed = own.with_change(tmp_path, "same.ts", old, new)

    assert "error TS2344" in changed.complaints([name])


def test_a_field_that_may_be_null_on_one_side_alone_is_told(own: Peers, tmp_path: Path) -> None:
    old, new = "value: number | null", "value: number"
    changed = own.with_change(tmp_path, "theirs_scalars.ts", old, new)

    assert re.fullmatch(
        r".*compare_scalars\.ts\(4,\d+\): error TS2344: .*\n", changed.complaints(["scalars"])
    )


def test_a_variable_that_must_be_given_on_one_side_alone_is_told(
    own: Peers, tmp_path: Path
) -> None:
    old, new = "precision?: number | null | undefined", "precision: number"
    changed = own.with_change(tmp_path, "theirs_scalars.ts", old, new)

    assert re.fullmatch(
        r".*compare_scalars\.ts\(5,\d+\): error TS2344: .*\n", changed.complaints(["scalars"])
    )

"""A chain of 300 inputs that leads back to its beginning: generated, imported, built and sent."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from checkers import tsc

from intelgraph.testing import FakeTransport, reply
from intelgraph_codegen.config import Settings
from intelgraph_codegen.run import generate

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 300
SDL = "type Query { count(where: Link0): Int! }\n" + "\n".join(
    f"input Link{number} {{ next: Link{(number + 1) % LENGTH} all: [Link0!] value: Int! }}"
    for number in range(LENGTH)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chain")
    (folder / "schema.graphql").write_text(SDL, "utf-8")
    (folder / "q.graphql").write_text(
        "query Count($where: Link0) { count(where: $where) }", "utf-8"
    )
    outputs = {"python": "chain", "typescript": "chain_ts"}
    generate(Settings(schema=("schema.graphql",), documents=("q.graphql",), root=folder, **outputs))
    return folder


def test_a_value_as_deep_as_the_chain_is_built_and_sent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    chain = import_module("chain")
    where: Any = None
    for number in reversed(range(LENGTH)):
        link = getattr(chain.inputs, f"Link{number}")
        where = link(value=number, next=where) if where else link(value=number)
    transport = FakeTransport([reply({"data": {"count": 1}})])

    assert chain.Client(url="https://example.test", transport=transport).count(where=where) == 1

    sent = transport.requests[0].json["variables"]["where"]
    for number in range(LENGTH):
        assert sent["value"] == number
        sent = sent.get("next")
    assert sent is None


def test_a_client_of_the_chain_is_imported_without_a_single_link(folder: Path) -> None:
    script = (
        "import sys, chain; chain.Client; chain.inputs;"
        " print(sum('.link' in name for name in sys.modules));"
        " chain.inputs.Link7; print(sum('.link' in name for name in sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, check=True, capture_output=True, text=True
    )

    # A link refers to the next for type checkers only.
    assert done.stdout.split() == ["0", "1"]


def test_the_compiler_takes_a_value_as_deep_as_the_chain(folder: Path) -> None:
    names = [f"Link{number}" for number in range(LENGTH)]
    lines = [f'import type {{ {", ".join(names)} }} from "./chain_ts/inputs/index.js";']
    lines.append(f"const link{LENGTH - 1}: Link{LENGTH - 1} = {{ value: 0 }};")
    for number in reversed(range(LENGTH - 1)):
        value = f"{{ value: {number}, next: link{number + 1} }}"
        lines.append(f"const link{number}: Link{number} = {value};")
    lines.append("export default link0;")
    (folder / "deep.ts").write_text("\n".join(lines), "utf-8")

    tsc(folder, ["chain_ts", "deep.ts"])

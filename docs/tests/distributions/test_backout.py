"""Backing out of a release of the SDKs, as `docs/guides/backout.md` says: back and forward again.

A consumer's project starts on what `nox -s build` left in `dist/`, goes back to the release that
is kept beside the tests of each SDK, and forward again. Its code stays the same, and so does the
server, which keeps answering both.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from distributions.archives import npm_archive, run, version_of, wheel_of
from repository import ROOT, text

if TYPE_CHECKING:
    from pathlib import Path

    from reference_server import ReferenceServer

RELEASED_WHEEL = ROOT / "sdk-python/tests/releases/intelgraph-1.0.0-py3-none-any.whl"
RELEASED_ARCHIVE = ROOT / "sdk-js/test/releases/intelgraph-sdk-1.0.0.tgz"
CONSUMER_PY = """\
import json
import sys

import intelgraph

with intelgraph.IntelGraph(url=sys.argv[1], api_key=sys.argv[2]) as client:
    answers = {
        "version": intelgraph.__version__,
        "entity": client.get_entity(id="per_ada").name,
        "plugin": client.get_plugin(id="plg_case_handover").name,
        "entities": len(client.list_entities(first=3).edges),
        "tiles": len(client.trust_tiles()) > 0,
    }
print(json.dumps(answers))
"""
CONSUMER_MJS = """\
import { readFile } from "node:fs/promises";
import { IntelGraph } from "@intelgraph/sdk";

const [url, apiKey] = process.argv.slice(2);
const client = new IntelGraph({ url, apiKey });
const installed = await readFile("node_modules/@intelgraph/sdk/package.json", "utf8");
const answers = {
  version: JSON.parse(installed).version,
  entity: (await client.getEntity({ id: "per_ada" })).name,
  plugin: (await client.getPlugin({ id: "plg_case_handover" })).name,
  entities: (await client.listEntities({ first: 3 })).edges.length,
  tiles: (await client.trustTiles()).length > 0,
};
console.log(JSON.stringify(answers));
"""


@pytest.fixture
def arguments(server: ReferenceServer) -> tuple[str, str]:
    return server.url, server.tokens["acme"]


def test_a_python_project_goes_back_to_1_0_0_and_forward_again(
    arguments: tuple[str, str], tmp_path: Path
) -> None:
    run("uv", "venv", "--quiet", "environment", folder=tmp_path)
    python = tmp_path / "environment" / ("Scripts" if os.name == "nt" else "bin") / "python"
    (tmp_path / "consumer.py").write_text(CONSUMER_PY, "utf-8")
    answers = []

    for wheel in (wheel_of("sdk-python"), RELEASED_WHEEL, wheel_of("sdk-python")):
        run("uv", "pip", "install", "--quiet", "--python", python, wheel, folder=tmp_path)
        told = run(python, "-I", "consumer.py", *arguments, folder=tmp_path)
        answers.append(json.loads(told))

    assert_back_and_forward(answers, version_of("sdk-python"))


def test_a_javascript_project_goes_back_to_1_0_0_and_forward_again(
    arguments: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}\n', "utf-8")
    (tmp_path / "consumer.mjs").write_text(CONSUMER_MJS, "utf-8")
    answers = []

    for archive in (npm_archive(), RELEASED_ARCHIVE, npm_archive()):
        install = ("npm", "install", "--offline", "--no-audit", "--no-fund")
        run(*install, archive, folder=tmp_path)
        answers.append(json.loads(run("node", "consumer.mjs", *arguments, folder=tmp_path)))

    assert_back_and_forward(answers, json.loads(text("sdk-js/package.json"))["version"])


def assert_back_and_forward(answers: list[dict[str, object]], today: str) -> None:
    assert [answer.pop("version") for answer in answers] == [today, "1.0.0", today]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["entities"] == 3
    assert answers[0]["tiles"] is True
    assert all(answers[0].values())

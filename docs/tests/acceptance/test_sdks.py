"""SDKs: both clients against one server that fails on demand."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
import story
import typescript_project
from repository import ROOT

from intelgraph import OperationError, ResponseError
from intelgraph.telemetry.json_lines import JsonLines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_server import ReferenceServer

TYPESCRIPT = """
import { IntelGraph } from "@intelgraph/sdk";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";

const policy = { baseDelayMs: 10, throttledDelayMs: 10, maxDelayMs: 10 };
const hooks = [jsonLines((line) => process.stdout.write(line))];
const client = new IntelGraph({ hooks, retryPolicy: policy });
try {
  await client.trustTiles();
} catch (error) {
  console.log((error as Error).name);
}
"""


def fail_next(server: ReferenceServer, count: int) -> None:
    httpx.delete(server.faults).raise_for_status()
    httpx.post(server.faults, json={"next": count, "status": 503}).raise_for_status()


def faults_left(server: ReferenceServer) -> int:
    return sum(fault["next"] for fault in httpx.get(server.faults).json()["faults"])


def run_typescript(server: ReferenceServer, folder: Path) -> list[str]:
    typescript_project.prepare(folder)
    (folder / "call.ts").write_text(TYPESCRIPT, "utf-8")
    typescript_project.compile_all(folder)
    return typescript_project.run(folder / "call.ts", server.environment).splitlines()


def test_telemetry_is_emitted(
    live: ReferenceServer, tmp_path: Path, proved: Callable[[str], None]
) -> None:
    written = io.StringIO()
    fail_next(live, 1)
    with story.client_of(
        live, hooks=[JsonLines(written)], retry_policy=story.impatient()
    ) as client:
        client.trust_tiles()
    lines = written.getvalue().splitlines()
    fail_next(live, 1)
    lines += run_typescript(live, tmp_path)

    events = [json.loads(line) for line in lines]
    taken = httpx.post(
        live.url.replace("/graphql", "/telemetry"),
        json=events,
        headers={"Authorization": f"Bearer {live.tokens['acme']}"},
    )
    metrics = httpx.get(live.url.replace("/graphql", "/metrics")).text

    assert [set(event) for event in events] == [{"opId", "durationMs", "status", "retries"}] * 2
    assert [event["opId"] for event in events] == ["trustTiles:v1"] * 2
    assert [event["retries"] for event in events] == [1, 1]
    assert taken.is_success, taken.text
    assert re.search(r'intelgraph_sdk_retries_total\{op_id="trustTiles:v1"\} 2', metrics)
    proved(f"Python {lines[0]}, TypeScript {lines[1]}; the server counts 2 retries")


def test_retries_are_bounded(
    live: ReferenceServer, tmp_path: Path, proved: Callable[[str], None]
) -> None:
    fail_next(live, 100)
    with (
        story.client_of(live, retry_policy=story.impatient()) as client,
        pytest.raises((OperationError, ResponseError)) as caught,
    ):
        client.trust_tiles()
    python = 100 - faults_left(live)
    fail_next(live, 100)
    printed = run_typescript(live, tmp_path)
    typescript = 100 - faults_left(live)
    httpx.delete(live.faults).raise_for_status()

    assert python == typescript == 3
    assert caught.value.attempts == 3
    assert printed[-1] in {"OperationError", "ResponseError"}
    proved("a server that always fails was asked 3 times by each client, and then the call failed")


def test_types_are_generated_from_the_sdl(tmp_path: Path, proved: Callable[[str], None]) -> None:
    current = check_generated(ROOT)
    copy = tmp_path / "copy"
    for name in ("schema", "sdk-python/src", "sdk-js/src", "reference-server/src"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "pyproject.toml", copy)
    sdl = copy / "schema" / "sdl" / "trust_portal.graphql"
    sdl.write_text(sdl.read_text("utf-8").replace("  kind: String!", "  kind: Int!", 1), "utf-8")
    drifted = check_generated(copy)

    assert current.returncode == 0, current.stdout + current.stderr
    assert drifted.returncode == 1
    stale = [
        line for line in (drifted.stdout + drifted.stderr).splitlines() if "trust_tile" in line
    ]
    assert any(".py" in line for line in stale), drifted.stdout
    proved("both clients are what the SDL prints; one changed type makes both of them stale")


def check_generated(root: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "intelgraph_codegen", "generate", "--check")
    return subprocess.run(
        command, cwd=root, check=False, capture_output=True, text=True, env=dict(os.environ)
    )

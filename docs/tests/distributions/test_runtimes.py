"""The npm tarball, installed in an empty folder, in every runtime that people run it on.

A query, a mutation that is tried twice, an error and a subscription, each against the reference
server. The runtimes are npm packages that are locked by hash, and Debian's Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from distributions.archives import npm_archive, run
from playwright.sync_api import sync_playwright
from repository import ROOT

if TYPE_CHECKING:
    from reference_server import ReferenceServer

HERE = Path(__file__).with_name("javascript")
RUNTIMES = HERE / "node_modules"
PROGRAMS = {
    "node": "node",
    "node 22": "node-22-*/bin/node",
    "node 24": "node-24-*/bin/node",
    "node 26": "node-26-*/bin/node",
    # Its installation may move the binary out of the package that is named after the system.
    "bun": "@oven/bun-*/bin/bun* bun/bin/bun.exe",
    "deno": "@deno/*/deno*",
}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENCE = 120_000  # Milliseconds; the machine may be busy.
ESBUILD = ("esbuild", "--bundle", "--minify", "--format=esm")
TOLD = {
    "query": "Ada Okafor",
    "mutation": "dat_js",
    "retries": 1,
    "error": [True, "OperationError", "BAD_USER_INPUT", True],
    "subscription": "api-slow",
}


@pytest.fixture(scope="module")
def story(server: ReferenceServer) -> dict[str, str]:
    """Where the story is told, once an incident is there to hear of."""
    subprocess.run(
        [sys.executable, str(ROOT / "examples/python/watch_signals.py")],
        env=server.environment,
        check=True,
        capture_output=True,
    )
    return {"url": server.url, "apiKey": server.tokens["acme"], "faults": server.faults}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A consumer's folder with the tarball and the programs."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "package.json").write_text('{"private": true, "type": "module"}\n', "utf-8")
    run("npm", "install", "--offline", "--no-audit", "--no-fund", npm_archive(), folder=folder)
    for program in (*HERE.glob("*.mjs"), HERE / "worker.capnp"):
        shutil.copy(program, folder)
    return folder


def program(pattern: str) -> str:
    """The binary of a runtime; its package is there for this system, or the test has not run."""
    if pattern == "node":
        return shutil.which("node") or "node"
    found = (path for part in pattern.split() for path in RUNTIMES.glob(part))
    binary = next((path for path in found if path.is_file()), None)
    if binary is None and RUNTIMES.exists() and sys.platform != "linux":
        pytest.skip(f"{pattern}: not run (there is no package of it for {sys.platform})")
    assert binary, f"{pattern} is missing; run nox -s runtimes"
    return str(binary)


def story_of(output: str) -> dict[str, Any]:
    """The line of the story; a runtime may print others of its own."""
    line = next(line for line in output.splitlines() if line.startswith("{"))
    told: dict[str, Any] = json.loads(line)
    return told


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_runtime_tells_the_story(name: str, story: dict[str, str], project: Path) -> None:
    command = [program(PROGRAMS[name])]
    if name == "deno":
        host = story["url"].split("/")[2]
        command += ["run", "--no-prompt", "--cached-only", f"--allow-net={host}"]
        # Permission to read is for node_modules; the key is an argument, so no environment is.
        command += ["--allow-read=."]

    told = story_of(run(*command, "command.mjs", *story.values(), folder=project))

    assert told == TOLD


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name.startswith("node")])
def test_a_program_of_commonjs_requires_the_package(name: str, project: Path) -> None:
    script = project / "required.cjs"
    script.write_text('console.log(typeof require("@intelgraph/sdk").IntelGraph)\n', "utf-8")

    assert run(program(PROGRAMS[name]), script.name, folder=project).strip() == "function"


def test_a_worker_of_workerd_tells_the_story(story: dict[str, str], project: Path) -> None:
    run(*ESBUILD, "worker.mjs", "--outfile=worker.js", folder=project)
    names = ("STORY_URL", "STORY_KEY", "STORY_FAULTS")
    environment = dict(zip(names, story.values(), strict=True))

    done = subprocess.run(
        [program("@cloudflare/workerd-*/bin/workerd*"), "test", "worker.capnp"],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert story_of(done.stdout) == TOLD


def test_a_page_in_a_browser_tells_the_story(story: dict[str, str], project: Path) -> None:
    if CHROMIUM is None and os.environ.get("INTELGRAPH_REQUIRE_BROWSER") != "1":
        pytest.skip("browser: not run (there is no chromium)")
    assert CHROMIUM, "INTELGRAPH_REQUIRE_BROWSER is 1, but there is no chromium"
    run(*ESBUILD, "page.mjs", "--outfile=page.js", folder=project)
    script = (project / "page.js").read_text("utf-8")
    address = story["url"].replace("/graphql", "/story")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS), timeout=PATIENCE
        )
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        # A page of the server's own origin: what it asks for then reaches the real server.
        page.route(address, lambda route: route.fulfill(body="<p>", content_type="text/html"))
        page.goto(address)
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => globalThis.tell !== undefined")
        told = page.evaluate("(where) => globalThis.tell(where)", story)
        refusal = page.evaluate("() => globalThis.refusal()")
        browser.close()

    assert told == TOLD
    assert refusal == ("ConfigurationError: apiKey is public here; see dangerouslyAllowBrowser.")

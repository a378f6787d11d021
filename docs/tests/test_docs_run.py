"""Runs every block of every page, in the order of the page, as a reader would follow it.

The blocks of one page share a scratch folder. A block whose title is a file name is written
there; one whose title is `output` is compared with what the block before it printed, where
`…` stands for anything; a command whose title is `exits with 1` must. A block of code without
an import goes on from the one before it. Code runs against one reference server: its address
and a token are in the environment, and stand in for the examples on the pages. A kind of block
that is not listed fails.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import httpx
import pytest
import typescript_project
from fences import Fence, fences, pages, ticks_on
from graphql import build_schema, parse, validate
from graphql.language import OperationDefinitionNode
from repository import PYTHON_PACKAGES, ROOT, files, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_server import ReferenceServer

# Commands that need a registry. Each is still checked:
# `test_what_cannot_be_run_here_is_true` says how.
NOT_RUN_HERE = {
    "pip install intelgraph": "would install the released package over the one under test",
    "pip install intelgraph-codegen": "as above",
    "pip install intelgraph-server": "as above",
    "npm install @intelgraph/sdk": "as above",
    'pip install "intelgraph[ariadne]"': "as above",
    'pip install "intelgraph[gql]"': "as above",
    'pip install "intelgraph[otel]"': "as above",
}
# These pages need another environment; the test that is named follows them there.
FOLLOWED_ELSEWHERE = {
    "docs/guides/ariadne_codegen.md": "docs/tests/oracle/test_guide.py",
    "docs/guides/gql.md": "docs/tests/oracle/test_guide.py",
}
# Told in words where it is needed, with no command of its own.
SERVER_EXTRAS = {"postgres"}
# This one runs until it is stopped: it is started, on a free port, and stopped when it is ready.
SERVE = "intelgraph-server serve "
# What stands on the pages for the address of a server and for a token.
EXAMPLE_ADDRESSES = ("https://graph.example/graphql", "http://127.0.0.1:8800/graphql")
EXAMPLE_KEY = "your key"
# A secret in a workflow of GitHub's.
EXPRESSION = re.compile(r"\$\{\{ secrets\.(\w+) \}\}")
# These belong to the repository, not to a reader's own project.
AT_THE_ROOT = re.compile(
    r"^(make|\.venv/bin/python -m nox|intelgraph-codegen publish|npm --prefix|.*--pages examples/)"
)


class PageRun:
    """Follows one page from its first block to its last."""

    def __init__(self, folder: Path, server: ReferenceServer) -> None:
        self.folder = folder
        self.server = server
        self.printed = ""
        self.code = ""
        self.kinds: dict[str, Callable[[Fence], object]] = {
            "python": self.run_python,
            "ts": self.run_typescript,
            "js": self.run_typescript,
            "sh": self.run_shell,
            "console": self.run_shell,
            "graphql": self.check_graphql,
            "http": self.send_http,
            "json": lambda fence: json.loads(fence.body),
            "toml": lambda fence: tomllib.loads(fence.body),
            "yaml": self.run_workflow,
            "text": str,
        }

    def follow(self, fence: Fence) -> None:
        assert fence.language in self.kinds, f"{fence}: nobody knows how to run this"
        if fence.is_output:
            assert self.fits(fence.body), f"{fence}: what is printed is\n{self.printed}"
            return
        if fence.file:
            place = self.folder / fence.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(fence.body, "utf-8")
        self.kinds[fence.language](fence)

    def fits(self, shown: str) -> bool:
        pattern = re.escape(shown.strip()).replace("…", "(?s:.*?)")
        return re.fullmatch(pattern, self.printed.strip()) is not None

    def source(self, fence: Fence) -> str:
        """The block, with line numbers as on the page, or the blocks that it goes on from."""
        starts_anew = re.search(r"^(import|from) ", fence.body, re.MULTILINE)
        before = "\n" * (fence.line - 1) if starts_anew else self.code
        self.code = before + self.with_real_places(fence.body)
        return self.code

    def with_real_places(self, text: str) -> str:
        for address in EXAMPLE_ADDRESSES:
            text = text.replace(address, self.server.url)
            text = text.replace(address.replace("/graphql", "/_faults"), self.server.faults)
        return text.replace(EXAMPLE_KEY, self.server.tokens["acme"])

    def run_python(self, fence: Fence) -> None:
        """Run the block, then the tests it defines."""
        place = self.folder / f"block_{fence.line}.py"
        place.write_text(self.source(fence) + CALL_TESTS, "utf-8")
        self.printed = self.run([sys.executable, "-W", "error", str(place)], fence)

    def run_typescript(self, fence: Fence) -> None:
        typescript_project.prepare(self.folder)
        place = self.folder / f"block_{fence.line}.ts"
        # A block without an import would share its names with the others.
        place.write_text(self.source(fence) + "export {};\n", "utf-8")
        typescript_project.compile_all(self.folder)
        self.printed = typescript_project.run(place, self.server.environment)

    def run_shell(self, fence: Fence) -> None:
        lines = [line.partition("  #")[0].rstrip() for line in without_prompts(fence)]
        commands = [line for line in lines if line not in NOT_RUN_HERE]
        script = self.with_real_places("\n".join(commands))
        if script.startswith(SERVE):
            self.start_and_stop(script, fence)
        elif script:
            folder = ROOT if AT_THE_ROOT.match(script) else self.folder
            self.printed = self.run(["bash", "-euo", "pipefail", "-c", script], fence, folder)

    def run_workflow(self, fence: Fence) -> None:
        """Take the steps that a build server would, but for installing and what others publish."""
        # The environment of the peers, which follows pages of its own, has no mkdocs.
        from mkdocs.utils.yaml import yaml_load  # noqa: PLC0415 - see above.

        workflow = yaml_load(self.with_real_places(fence.body))
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                assert ("run" in step) != ("uses" in step), f"{fence}: {step}"
                command = str(step.get("run", ""))
                if command and not command.startswith(("pip install ", "npm install ")):
                    told = {
                        name: EXPRESSION.sub(self.secret, v)
                        for name, v in step.get("env", {}).items()
                    }
                    exports = "".join(f"export {n}={shlex.quote(v)}\n" for n, v in told.items())
                    self.run(["bash", "-euo", "pipefail", "-c", exports + command], fence)

    def secret(self, match: re.Match[str]) -> str:
        """What stands for a secret of a build server."""
        return {"INTELGRAPH_TOKEN": self.server.tokens["acme"]}[match[1]]

    def start_and_stop(self, script: str, fence: Fence) -> None:
        command = ["bash", "-c", f"exec {script} --port 0"]
        environment = self.server.environment
        folder = ROOT if AT_THE_ROOT.match(script) else self.folder
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment
        ) as process:
            try:
                self.printed = process.stdout.readline() if process.stdout else ""
            finally:
                process.terminate()
        assert json.loads(self.printed)["ready"] is True, fence

    def run(self, command: list[str], fence: Fence, folder: Path | None = None) -> str:
        done = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder or self.folder,
            env=self.environment,
            timeout=240,
        )
        exits = re.fullmatch(r"exits with (\d+)", fence.title or "")
        assert done.returncode == (int(exits[1]) if exits else 0), f"{fence}\n{done.stdout}"
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """What a user has exported; modules of the page's own folder can be imported."""
        environment = self.server.environment
        places = [str(self.folder), environment.get("PYTHONPATH", "")]
        return environment | {
            "PYTHONPATH": os.pathsep.join(filter(None, places)),
            "TOKEN": self.server.tokens["acme"],
        }

    def check_graphql(self, fence: Fence) -> None:
        document = parse(fence.body)
        if fence.file:
            return  # A file of the page's own project: the command that reads it checks it.
        if any(isinstance(node, OperationDefinitionNode) for node in document.definitions):
            sdl = "\n".join(text(name) for name in files() if name.startswith("schema/sdl/"))
            faults = validate(build_schema(sdl), document)
            assert not faults, f"{fence}: {faults}"

    def send_http(self, fence: Fence) -> None:
        """Send a request as it stands; a reply must be well formed."""
        head, _, body = fence.body.partition("\n\n")
        first, *rest = head.splitlines()
        headers = dict(line.split(": ", 1) for line in rest)
        content = json.loads(body) if body.strip() else None
        if first.startswith("HTTP/"):
            assert re.fullmatch(r"HTTP/1\.1 [1-5]\d\d [A-Z].*", first)
            return
        method, path, _ = first.split(" ")
        headers = {name: value for name, value in headers.items() if name.lower() != "host"}
        headers["Authorization"] = f"Bearer {self.server.tokens['acme']}"
        url = httpx.URL(self.server.url).join(path)
        reply = httpx.request(method, url, headers=headers, json=content)
        assert reply.is_success, f"{fence}: {reply.text}"
        self.printed = json.dumps(reply.json(), indent=2) if reply.content else ""


def without_prompts(fence: Fence) -> list[str]:
    return [line.removeprefix("$ ") for line in fence.body.splitlines()]


CALL_TESTS = """
import asyncio as _asyncio
for _name, _test in sorted(globals().copy().items()):
    if _name.startswith("test_"):
        _returned = _test()
        if _asyncio.iscoroutine(_returned):
            _asyncio.run(_returned)
"""


def builds(page: str) -> bool:
    """Whether a block of the page builds what other pages use meanwhile."""
    return any(AT_THE_ROOT.match(fence.body) for fence in fences(page))


# The longest first, or a worker would follow one when the others have no page left.
PAGES = [
    pytest.param(page, marks=pytest.mark.alone) if builds(page) else page
    for page in sorted(pages(), key=ticks_on, reverse=True)
    if page not in FOLLOWED_ELSEWHERE
]


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_the_page_does_what_it_says(
    page: str, server: ReferenceServer, tmp_path: Path
) -> None:
    assert follow(page, server, tmp_path) == ticks_on(page)


def follow(page: str, server: ReferenceServer, folder: Path) -> int:
    """Run a page from its first block to its last; returns how many there were."""
    following = PageRun(folder, server)
    followed = 0
    try:
        for fence in fences(page):
            following.follow(fence)
            followed += 1
    finally:
        httpx.delete(server.faults)
    return followed


def test_a_page_that_is_followed_elsewhere_is_followed_there() -> None:
    for page, test in FOLLOWED_ELSEWHERE.items():
        assert f'follow("{page}", ' in text(test)


# One block of each kind that must not pass; plain text has nothing that could be wrong.
WRONG = {
    "python": 'raise SystemExit("wrong")\n',
    "ts": 'const wrong: number = "text";\nconsole.log(wrong);\n',
    "js": 'throw new Error("wrong");\n',
    "sh": "false\n",
    "console": "$ false\n",
    "graphql": "query Wrong { noSuchField }\n",
    "http": "POST /graphql HTTP/1.1\nContent-Type: application/json\n\n{}\n",
    "json": "{\n",
    "toml": "= 1\n",
    "yaml": "jobs: {a: {steps: [{run: 'false'}]}}\n",
}


@pytest.mark.parametrize("language", WRONG)
def test_a_block_that_is_wrong_fails_its_page(
    language: str, server: ReferenceServer, tmp_path: Path
) -> None:
    wrong = Fence("page.md", 1, language, None, WRONG[language])

    with pytest.raises((AssertionError, ValueError)):
        PageRun(tmp_path, server).follow(wrong)


def test_every_kind_of_block_but_plain_text_has_a_wrong_one(
    server: ReferenceServer, tmp_path: Path
) -> None:
    assert PageRun(tmp_path, server).kinds.keys() - WRONG.keys() == {"text"}


def test_an_output_that_is_not_what_was_printed_fails_its_page(
    server: ReferenceServer, tmp_path: Path
) -> None:
    following = PageRun(tmp_path, server)
    following.follow(Fence("page.md", 1, "sh", None, "echo one\n"))
    following.follow(Fence("page.md", 2, "text", "output", "o…e\n"))

    with pytest.raises(AssertionError, match="what is printed is"):
        following.follow(Fence("page.md", 3, "text", "output", "two\n"))


def test_no_page_hides_a_block_from_the_count() -> None:
    counted = sum(len(list(fences(page))) for page in pages())
    everywhere = sum(ticks_on(name) for name in files() if name.endswith(".md"))

    assert counted == everywhere > 0


def test_what_cannot_be_run_here_is_true() -> None:
    shown = {
        line
        for page in pages()
        for fence in fences(page)
        if fence.language in {"sh", "console"}
        for line in re.sub(r" +#.*", "", "\n".join(without_prompts(fence))).splitlines()
    }
    python = [tomllib.loads(text(f"{package}/pyproject.toml")) for package in PYTHON_PACKAGES]
    names = [f"pip install {metadata['project']['name']}" for metadata in python]
    names += [
        f'pip install "{metadata["project"]["name"]}[{extra}]"'
        for metadata in python
        for extra in metadata["project"].get("optional-dependencies", {})
        if extra not in SERVER_EXTRAS
    ]
    names += [f"npm install {json.loads(text('sdk-js/package.json'))['name']}"]

    assert NOT_RUN_HERE.keys() - shown == set(), "listed, but on no page"
    assert NOT_RUN_HERE.keys() == set(names), "what is installed is not what is built here"

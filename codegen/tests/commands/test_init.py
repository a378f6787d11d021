from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from checkers import mypy, tsc

from intelgraph_codegen.cli import main
from intelgraph_codegen.commands.init import ask_for
from intelgraph_codegen.starter.plan import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> Mapping[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def test_from_an_empty_folder_to_clients_that_compile(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--python", "shop_client", "--typescript", "client")

    assert main(["init", "--yes", *options]) == 0
    assert capsys.readouterr().err.endswith("Now run `intelgraph-codegen generate`.\n")
    assert main(["generate"]) == 0

    mypy(here, ["shop_client"])
    tsc(here, ["client"])
    code = (
        "from intelgraph.testing import FakeTransport, reply\n"
        "from shop_client import Client\n"
        "book = {'isbn': '1', 'title': 'Emma', 'pages': None, 'state': 'LENT'}\n"
        "answer = FakeTransport([reply({'data': {'books': [book]}})])\n"
        "with Client(url='https://x.example', api_key=None, transport=answer) as client:\n"
        "    print(client.get_books()[0].title)\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": f"{here}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout == "Emma\n", done.stderr


def test_an_empty_folder_gets_an_example_schema_and_a_query_of_it(here: Path) -> None:
    assert main(["init", "--yes"]) == 0

    found = files(here)
    assert sorted(found) == [
        "example_schema.graphql",
        "operations/example.graphql",
        "pyproject.toml",
    ]
    assert 'python = "shop_client"' in found["pyproject.toml"]


def test_what_is_there_is_used_and_stays(here: Path) -> None:
    (here / "src/shop").mkdir(parents=True)
    (here / "src/shop/__init__.py").write_text("")
    (here / "api.graphql").write_text("type Query { me: String }")
    (here / "queries.graphql").write_text("query Mine { me }")
    (here / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    before = files(here)

    assert main(["init", "--yes"]) == 0

    found = files(here)
    assert found["pyproject.toml"] == before["pyproject.toml"] + (
        '\n[tool.intelgraph-codegen]\nschema = ["api.graphql"]\ndocuments = ["queries.graphql"]\n'
        'python = "src/shop/generated"\nmanifest = "persisted_documents.json"\n'
    )
    assert {**found, "pyproject.toml": before["pyproject.toml"]} == before
    assert main(["generate"]) == 0
    assert (here / "src/shop/generated/client.py").is_file()


def test_a_javascript_project_gets_a_file_of_its_own(here: Path) -> None:
    (here / "package.json").write_text('{"name": "@acme/shop"}')

    assert main(["init", "--yes"]) == 0

    assert 'typescript = "generated"' in (here / "intelgraph-codegen.toml").read_text()
    assert main(["generate"]) == 0
    assert (here / "generated/client.ts").is_file()


def test_a_schema_with_faults_of_its_publisher_is_taken_leniently(here: Path) -> None:
    (here / "api.graphql").write_text("type Query { me: Int me: Int }")

    assert main(["init", "--yes"]) == 0

    assert "lenient = true\n" in (here / "pyproject.toml").read_text()
    assert main(["generate"]) == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.intelgraph-codegen]\nschema = ["s"]\n'),
        ("intelgraph-codegen.toml", ""),
        ("package.json", '{"intelgraph-codegen": {}}'),
    ],
)
def test_a_folder_that_is_configured_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    (here / name).write_text(text)

    assert main(["init", "--yes"]) == 2

    told = f"{name}: This folder is configured already. [second-configuration]\n"
    assert capsys.readouterr().err == told
    assert files(here) == {name: text}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--python", "my-shop"], "must be a Python identifier"),
        (["--schema", "absent.graphql"], "There is no such file"),
        (["--schema", "broken.graphql"], "broken.graphql:1:6: Expected a name here"),
        (["--schema", "https://a.example/graphql", "s.graphql"], "give its address alone"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_written(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    (here / "broken.graphql").write_text("type {")

    assert main(["init", "--yes", *options]) != 0

    assert message in capsys.readouterr().err
    assert list(files(here)) == ["broken.graphql"]


def test_without_a_terminal_nothing_is_asked(here: Path) -> None:
    command = [sys.executable, "-m", "intelgraph_codegen", "init"]

    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr == (
        "There is no terminal to ask on: pass --yes to take what is proposed."
        " [wrong-command-line]\n"
    )
    assert files(here) == {}


def on_a_terminal(*, answers: bytes) -> tuple[int, str]:
    """The exit code of the wizard, and what its terminal shows, the answers included."""
    ours, theirs = pty.openpty()
    command = (sys.executable, "-m", "intelgraph_codegen", "init")
    with subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL) as it:
        os.close(theirs)
        os.write(ours, answers)
        shown = b""
        with contextlib.suppress(OSError):  # The other side is closed.
            while more := os.read(ours, 4096):
                shown += more
        code = it.wait(120)
    os.close(ours)
    return code, shown.decode().replace("\r\n", "\n")


def test_the_wizard_asks_on_a_terminal_and_does_what_it_is_told(here: Path) -> None:
    code, shown = on_a_terminal(answers=b"\n\nlib/shop\n-\n")

    assert code == 0
    assert "Folder of the Python client, - for none [shop_client]: " in shown
    assert shown.endswith("Now run `intelgraph-codegen generate`.\n")
    assert 'python = "lib/shop"' in (here / "pyproject.toml").read_text()
    assert "typescript" not in (here / "pyproject.toml").read_text()


def test_the_end_of_input_interrupts_the_wizard_before_anything_is_written(here: Path) -> None:
    code, shown = on_a_terminal(answers=b"\n\x04")

    assert code == 130
    assert shown.endswith("intelgraph-codegen: interrupted.\n")
    assert files(here) == {}


def test_an_empty_answer_takes_what_is_proposed_and_a_dash_nothing() -> None:
    answers = iter(["api 'my files'", "", "-", "ts"])
    asked: list[tuple[str, str]] = []

    def ask(question: str, default: str) -> str:
        asked.append((question.partition(":")[0], default))
        return next(answers)

    chosen = ask_for(Choices(("s",), ("operations",), "client", None), ask)

    assert chosen == Choices(("api", "my files"), ("operations",), None, "ts")
    assert [default for _, default in asked] == ["s", "operations", "client", "-"]

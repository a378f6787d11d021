from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.cli import main
from intelgraph_codegen.differences import diff

if TYPE_CHECKING:
    from pathlib import Path

GENERATE = ["generate", "--schema", "s.graphql", "--documents", "q.graphql", "--typescript", "ts"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s.graphql").write_text("type Query { me: User }\ntype User { id: ID! }\n")
    (tmp_path / "q.graphql").write_text("query GetMe { me { id } }\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_to_write_begins_as_nothing_and_one_to_remove_ends_so(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("a\n")

    assert diff({"new": "b\n", "old": None}, tmp_path) == (
        "--- /dev/null\n+++ new\n@@ -0,0 +1 @@\n+b\n--- old\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
    )


def test_a_line_without_an_end_is_told_as_patch_wants_it(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("a")

    assert diff({"f": "a\n"}, tmp_path).endswith("-a\n\\ No newline at end of file\n+a\n")


def test_only_a_line_end_ends_a_line(tmp_path: Path) -> None:
    assert diff({"f": "a\u2028b\x0cc\n"}, tmp_path).endswith("@@ -0,0 +1 @@\n+a\u2028b\x0cc\n")


def test_a_diff_writes_nothing_and_exits_as_a_check_does(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*GENERATE, "--diff"]) == 1
    told = capsys.readouterr().out

    assert "+++ ts/operations/get_me.ts\n" in told
    assert not (here / "ts").exists()
    assert main(GENERATE) == 0
    capsys.readouterr()
    assert main([*GENERATE, "--diff"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no `patch` here")
def test_patch_makes_of_the_diff_what_a_run_would_have_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(GENERATE) == 0
    (here / "q.graphql").write_text("query GetUser { me { id __typename } }\n")
    capsys.readouterr()

    assert main([*GENERATE, "--diff"]) == 1
    told = capsys.readouterr().out
    subprocess.run(["patch", "-p0", "--quiet"], input=told, text=True, check=True, cwd=here)

    assert main([*GENERATE, "--check"]) == 0

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.terminal import has_colours, number

if TYPE_CHECKING:
    from pathlib import Path

GENERATE = ("generate", "--schema", "s.graphql", "--documents", "q.graphql", "--typescript", "ts")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "s.graphql").write_text("type Query { me: String }\n")
    (tmp_path / "q.graphql").write_text('# 漢é\nquery Q { me(a: "漢é") }\n', "utf-8")
    return tmp_path


def run(here: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    command = (sys.executable, "-m", "intelgraph_codegen", *arguments)
    return subprocess.run(
        command, cwd=here, env={**plain(), **more}, capture_output=True, check=False
    )


def on_a_screen(here: Path, *arguments: str, **more: str) -> bytes:
    """What a program shows on a terminal of its own."""
    ours, theirs = pty.openpty()
    command = (sys.executable, "-m", "intelgraph_codegen", *arguments)
    environment = {**plain(), **more}
    with subprocess.Popen(
        command, cwd=here, env=environment, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while more_shown := os.read(ours, 4096):
                shown += more_shown
        except OSError:  # The other side is closed.
            pass
        process.wait(120)
    os.close(ours)
    return shown


def plain() -> dict[str, str]:
    unset = {"NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING", "PYTHONUTF8"}
    return {name: value for name, value in os.environ.items() if name not in unset}


@pytest.mark.parametrize(
    ("environment", "on_screen", "in_file"),
    [
        ({"TERM": "xterm"}, True, False),
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"TERM": "xterm", "FORCE_COLOR": "0"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
    ],
)
def test_colours_are_for_terminals_unless_the_environment_decides(
    environment: dict[str, str], *, on_screen: bool, in_file: bool
) -> None:
    assert has_colours(Screen(), environment) is on_screen
    assert has_colours(io.StringIO(), environment) is in_file


def test_a_terminal_is_told_of_progress_and_sees_colours(here: Path) -> None:
    shown = on_a_screen(here, *GENERATE, TERM="xterm")

    assert shown.startswith(b"\r\x1b[KReading the schema and the operations ...\r\x1b[K")
    assert b"\x1b[1mq.graphql:2:14:\x1b[0m" in shown
    assert b"\x1b[1;31m^\x1b[0m" in shown


@pytest.mark.parametrize("more", [{"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}])
def test_a_terminal_without_colours_sees_none(here: Path, more: dict[str, str]) -> None:
    assert b"\x1b[1" not in on_a_screen(here, *GENERATE, **more)


def test_in_a_pipe_there_is_neither_progress_nor_colour_and_stdout_is_data(here: Path) -> None:
    done = run(here, *GENERATE, TERM="xterm")

    assert done.stdout == b""
    assert b"\x1b" not in done.stderr
    assert b"\r" not in done.stderr


def test_force_color_paints_even_in_a_pipe(here: Path) -> None:
    assert b"\x1b[1;31m^\x1b[0m" in run(here, *GENERATE, FORCE_COLOR="1").stderr


def test_what_an_encoding_cannot_show_keeps_its_width(here: Path) -> None:
    done = run(here, *GENERATE, PYTHONIOENCODING="ascii")

    lines = done.stderr.decode("ascii").splitlines()
    assert lines[1:3] == ['  2 | query Q { me(a: "???") }', "    |              ^"]


def test_data_is_utf8_whatever_the_locale_says(here: Path) -> None:
    (here / "q.graphql").write_text("# 漢\nquery Q { me }\n", "utf-8")

    done = run(here, *GENERATE, "--diff", PYTHONIOENCODING="ascii")

    assert "/** 漢 */" in done.stdout.decode("utf-8")


def test_one_is_said_otherwise_than_many() -> None:
    assert [number(count, "file") for count in (0, 1, 2)] == ["0 files", "1 file", "2 files"]

"""Runs that are killed in the middle of writing, by the signal that nobody can catch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SDL = "type Query { a: Int b: Int }"
OUTPUTS = ("--python", "out/client", "--typescript", "out/ts", "--manifest", "out/m.json")
GENERATE = ("generate", "--schema", "s.graphql", "--documents", "q.graphql", *OUTPUTS)
OLD = "query One { a } query Two { a } query Gone { a }"
NEW = "query One { b } query Two { b } query Came { b }"

# Kills itself right before a file below `out` is opened, renamed or removed for the n-th time.
KILLED = """
import os, signal, sys
left = int(sys.argv[1])
def count(event, arguments):
    global left
    touches = event in {"os.rename", "os.remove"} or (
        event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    )
    if touches and f"{os.sep}out{os.sep}" in os.path.abspath(os.fsdecode(arguments[0])):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from intelgraph_codegen.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s.graphql").write_text(SDL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(here: Path, documents: str) -> Mapping[str, str]:
    (here / "q.graphql").write_text(documents)
    assert main(GENERATE) == 0
    return files(here)


def files(here: Path) -> Mapping[str, str]:
    found = (path for path in (here / "out").rglob("*") if path.is_file())
    return {path.relative_to(here).as_posix(): path.read_text("utf-8") for path in found}


def test_a_killed_run_leaves_whole_files_and_the_next_one_completes_it(here: Path) -> None:
    old = generate(here, OLD)
    new = generate(here, NEW)
    left_behind = 0

    for moment, then in ((2, NEW), (6, OLD), (12, OLD), (18, NEW), (26, NEW)):
        assert generate(here, OLD) == old
        (here / "q.graphql").write_text(NEW)
        command = (sys.executable, "-c", KILLED, str(moment), *GENERATE)
        assert subprocess.run(command, cwd=here, check=False).returncode == -signal.SIGKILL

        found = files(here)
        temporary = {name for name in found if "/.intelgraph-codegen-new-" in name}
        left_behind += len(temporary)
        torn = [
            name
            for name in found.keys() - temporary
            if not name.endswith(".intelgraph-codegen.json")
            and found[name] not in {old.get(name), new.get(name)}
        ]
        assert torn == []
        assert found != new
        assert generate(here, then) == (new if then is NEW else old)

    # Or no run was killed where it matters.
    assert left_behind == 4


def test_what_a_running_process_is_about_to_put_in_place_stays(here: Path) -> None:
    generate(here, OLD)
    mine = here / f"out/client/.intelgraph-codegen-new-{os.getpid()}-x.py"
    mine.write_text("")

    generate(here, NEW)

    assert mine.exists()

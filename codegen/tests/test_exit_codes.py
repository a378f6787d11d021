"""Every exit code, by real processes as a shell starts them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.cli import EXIT_CODES

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = (sys.executable, "-m", "intelgraph_codegen")
GENERATE = ("generate", "--schema", "s.graphql", "--server", "out", "--documents")

TABLE = [
    (0, ("--version",)),
    (0, ("--version", "--json")),
    (0, ("--help",)),
    (0, ("schema", "pull", "--help")),
    (0, ("config-schema",)),
    (0, (*GENERATE, "q.graphql")),
    (0, ("diff", "s.graphql", "s.graphql")),
    (1, (*GENERATE, "q.graphql", "--check")),
    (1, (*GENERATE, "wrong.graphql")),
    (1, ("diff", "s.graphql", "smaller.graphql")),
    (2, ()),
    (2, ("schema",)),
    (2, ("--json",)),
    (2, ("generat",)),
    (2, ("generate",)),
    (2, ("generate", "--format", "xml")),
    (2, ("init",)),
    (2, ("publish", "--release", "1.0.0")),
    (3, ("schema", "pull", "http://127.0.0.1:1/graphql")),
]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "s.graphql").write_text("type Query { a: Int b: Int }")
    (tmp_path / "smaller.graphql").write_text("type Query { a: Int }")
    (tmp_path / "q.graphql").write_text("query Q { a }")
    (tmp_path / "wrong.graphql").write_text("query Q { c }")
    return tmp_path


def test_each_ending_has_its_code_and_only_data_goes_to_standard_output(here: Path) -> None:
    found: list[tuple[int, tuple[str, ...]]] = []
    for code, arguments in TABLE:
        # A folder of its own for each, so that none sees what another wrote.
        done = subprocess.run(
            (*PROGRAM, *arguments), cwd=here, stdin=subprocess.DEVNULL, capture_output=True,
            check=False,
        )  # fmt: skip
        found.append((done.returncode, arguments))
        assert b"Traceback" not in done.stderr
        if code in {2, 3}:
            assert (done.stdout, done.stderr.count(b"\n") > 0) == (b"", True), arguments
        if (here / "out").exists():
            (here / "out").rename(here / f"done-{len(found)}")

    assert found == TABLE
    assert {code for code, _ in TABLE} | {130} == set(EXIT_CODES)


def test_an_interrupted_run_ends_with_130_and_one_line(here: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/graphql"
        with subprocess.Popen(
            (*PROGRAM, "schema", "pull", address, "--output", "new.graphql"),
            cwd=here,
            stderr=subprocess.PIPE,
        ) as process:
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=120)
            connection.close()

    assert (process.returncode, err) == (130, b"intelgraph-codegen: interrupted.\n")
    assert not (here / "new.graphql").exists()


def test_a_reader_that_has_enough_is_no_error(here: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)

    done = subprocess.run(
        (*PROGRAM, "config-schema"), cwd=here, stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)

    assert (done.returncode, done.stderr) == (0, b"")

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """schema = ["s.graphql"]
documents = ["q.graphql"]
server = "server"
manifest = "m.json"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two published versions of one operation."""
    (tmp_path / "intelgraph-codegen.toml").write_text(CONFIG)
    (tmp_path / "s.graphql").write_text("type Query { a: Int b: Int }")
    monkeypatch.chdir(tmp_path)
    for release, key in (("1.0.0", "a"), ("1.1.0", "b")):
        (tmp_path / "q.graphql").write_text(f"query Get {{ {key} }}")
        assert main(["generate"]) == 0
        assert main(["publish", "--release", release]) == 0
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def retire(op_id: str, release: str = "2.0.0", reason: str = "It is  slow.") -> list[str]:
    return ["retire", op_id, "--release", release, "--reason", reason]


def test_a_retired_document_leaves_the_allow_list_and_not_the_manifest(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *retire("get:v1"))
    assert main(["generate"]) == 0

    assert (code, out) == (0, "")
    assert err == (
        "intelgraph-codegen: get:v1 is retired with 2.0.0; `get:v2` stands in for it.\n"
        "Now run `intelgraph-codegen generate`, which takes it out of the servers' allow-list.\n"
    )
    emitted: dict[str, dict[str, tuple[str, ...]]] = {}
    exec((here / "server/persisted_documents.py").read_text(), emitted)  # noqa: S102
    manifest = json.loads((here / "m.json").read_text())["operations"]
    retired_id = manifest["get:v1"]["documentId"]
    assert list(manifest) == ["get:v1", "get:v2"]
    assert list(emitted["PERSISTED_DOCUMENTS"]) == ["get:v2"]
    assert emitted["RETIRED_DOCUMENTS"] == {retired_id: ("get:v1", "2.0.0", "It is slow.")}


def test_the_newest_version_of_a_living_operation_makes_generate_refuse(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *retire("get:v2"))[0] == 0

    code, _, err = run(capsys, "generate", "--check")

    assert code == 1
    assert err.startswith(
        "The operation `Get` is the document `get:v2`, which was retired with 2.0.0: It is slow.; "
        "change the operation, or remove it."
    )
    (here / "q.graphql").write_text("query Get { a b }")
    assert main(["generate"]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (retire("get:v9"), "The manifest has no document `get:v9`. Did you mean `get:v"),
        (retire("get:v1", release="one"), "`one` is no release"),
        (retire("get:v1", reason=" "), "`--reason` says why"),
        (retire("get:v1")[:4], "The following arguments are required: --reason"),
        ([*retire("get:v1"), "--manifest", "absent.json"], "There is no manifest here."),
    ],
)
def test_what_cannot_be_retired_exits_with_two_and_changes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = (here / "m.json").read_text()

    code, _, err = run(capsys, *arguments)

    assert code == 2
    assert message in err
    assert (here / "m.json").read_text() == before

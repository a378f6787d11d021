from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

OLD = "type Query { me(id: ID): User you: User } type User { name: String }\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "old.graphql").write_text(OLD)
    (tmp_path / "q.graphql").write_text("query Me { me { name } }\nquery You { you { name } }\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["diff", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (OLD, (0, 0, 0)),
        (OLD.replace("you", "us: Int you"), (0, 0, 0)),
        (OLD.replace("(id: ID)", "(id: ID = 1)"), (0, 1, 0)),
        (OLD.replace("(id: ID)", ""), (1, 1, 0)),
    ],
)
def test_the_exit_code_is_what_fail_on_says(
    here: Path, capsys: pytest.CaptureFixture[str], new: str, codes: tuple[int, ...]
) -> None:
    (here / "new.graphql").write_text(new)

    found = [
        run(capsys, "old.graphql", "new.graphql", "--fail-on", limit)[0]
        for limit in ("breaking", "dangerous", "none")
    ]

    assert tuple(found) == codes
    assert run(capsys, "old.graphql", "new.graphql")[0] == codes[0]


def test_what_is_concerned_is_told_where_it_stands(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "new.graphql").write_text(OLD.replace("you: User", "you: Int"))

    code, out, err = run(capsys, "old.graphql", "new.graphql", "--documents", "q.graphql")

    assert (code, err) == (1, "")
    assert out.splitlines() == [
        (
            "new.graphql:1:31: breaking: The type of `Query.you` changed from `User` to `Int`. "
            "[field-type-changed]"
        ),
        "    concerns `You` at q.graphql:2:7",
        (
            "q.graphql:2:17: breaking: `You` is not valid against the new schema: "
            "The field `you` is of type `Int`, which has no fields to select. [operation-invalid]"
        ),
        "2 changes: 2 breaking, 0 dangerous, 0 safe.",
        "1 of 2 operations concerned by what is not safe.",
        "Next release: major",
    ]


def test_what_is_refused_in_a_fragment_concerns_every_operation_that_spreads_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fragment = "fragment Named on User {\n  name\n}\n"
    (here / "q.graphql").write_text(
        fragment + "query Me { me { ...Named } } query You { __typename }"
    )
    (here / "new.graphql").write_text(OLD.replace("name: String", "nick: String"))

    options = ("--documents", "q.graphql", "--format", "json")
    told = json.loads(run(capsys, "old.graphql", "new.graphql", *options)[1])

    refused = [item for item in told["changes"] if item["kind"] == "operation-invalid"]
    assert [(item["coordinate"], item["path"], item["line"]) for item in refused] == [
        ("Named", "q.graphql", 2)
    ]
    assert [[use["name"] for use in item["operations"]] for item in refused] == [["Me"]]
    assert told["affected"] == ["Me"]


def test_a_second_root_field_breaks_what_is_generated(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (here / name).mkdir()
        config = 'schema = ["../old.graphql"]\ndocuments = ["q.graphql"]\n'
        (here / name / "intelgraph-codegen.toml").write_text(config)
    (here / "a/q.graphql").write_text("query Me { me { name } }")
    (here / "b/q.graphql").write_text("query Me { me { name } you { name } }")

    code, out, _ = run(capsys, "a", "b", "--format", "json")

    kinds = [change["kind"] for change in json.loads(out)["changes"]]
    assert code == 1
    assert kinds == ["result-root-changed", "operation-document-changed", "result-key-added"]


def test_a_schema_may_be_the_answer_to_an_introspection_query(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    field = {"name": "a", "args": [], "type": {"kind": "SCALAR", "name": "Int"}}
    query = {"kind": "OBJECT", "name": "Query", "fields": [field], "interfaces": []}
    answer = {"__schema": {"queryType": {"name": "Query"}, "types": [query], "directives": []}}
    (here / "old.json").write_text(json.dumps(answer))
    (here / "new.graphql").write_text("type Query { a: Int }")

    assert run(capsys, "old.json", "new.graphql")[1].splitlines() == [
        "0 changes: 0 breaking, 0 dangerous, 0 safe.",
        "Next release: none",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["old.graphql", "absent.graphql"], 1, "absent.graphql: There is no such file or folder"),
        (["old.graphql", "broken.graphql"], 1, "broken.graphql:1:22: There is no type `Gone`."),
        (["old.graphql"], 2, "The following arguments are required: NEW"),
        (["old.graphql", "broken.graphql", "--fail-on", "x"], 2, "invalid choice"),
    ],
)
def test_what_cannot_be_compared_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    (here / "broken.graphql").write_text("type Query { things: Gone }")

    found, out, err = run(capsys, *arguments)

    assert (found, out) == (code, "")
    assert message in err

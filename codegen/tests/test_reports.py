from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.cli import main
from intelgraph_codegen.errors import Diagnostic, Place
from intelgraph_codegen.reports import as_github, as_json

if TYPE_CHECKING:
    from pathlib import Path

SDL = "type Query { me: User me: User }\ntype User { id: ID! }\n"
LOCATED = Diagnostic(
    "`User` has no field `nam`.",
    Place("q.graphql", 3, 5, "    nam", 3),
    "Did you mean `name`?",
    code="unknown-field",
)
OF_A_FILE = Diagnostic(
    "This file is not UTF-8.", Place("q.graphql"), severity="warning", code="unreadable-file"
)
OF_NOTHING = Diagnostic("No schema is given.", code="missing-setting")


def test_json_tells_each_finding_as_far_as_it_has_a_place() -> None:
    told = json.loads(as_json([LOCATED, OF_A_FILE, OF_NOTHING]))

    assert told == {
        "format": "intelgraph-codegen-findings/1",
        "findings": [
            {
                "severity": "error",
                "code": "unknown-field",
                "message": "`User` has no field `nam`.",
                "suggestion": "Did you mean `name`?",
                "path": "q.graphql",
                "line": 3,
                "column": 5,
                "endColumn": 8,
                "help": "docs/reference/findings.md#unknown-field",
            },
            {
                "severity": "warning",
                "code": "unreadable-file",
                "message": "This file is not UTF-8.",
                "path": "q.graphql",
                "help": "docs/reference/findings.md#unreadable-file",
            },
            {
                "severity": "error",
                "code": "missing-setting",
                "message": "No schema is given.",
                "help": "docs/reference/findings.md#missing-setting",
            },
        ],
    }


def test_github_is_told_by_one_command_a_finding() -> None:
    assert as_github([LOCATED, OF_A_FILE, OF_NOTHING]).splitlines() == [
        (
            "::error title=unknown-field,file=q.graphql,line=3,col=5,endColumn=8"
            "::`User` has no field `nam`. Did you mean `name`?"
            " See docs/reference/findings.md#unknown-field."
        ),
        (
            "::warning title=unreadable-file,file=q.graphql::This file is not UTF-8."
            " See docs/reference/findings.md#unreadable-file."
        ),
        (
            "::error title=missing-setting::No schema is given."
            " See docs/reference/findings.md#missing-setting."
        ),
    ]


def test_nothing_that_a_finding_quotes_can_end_its_command_or_add_a_property() -> None:
    found = Diagnostic(
        "100% of\r\nit::error::", Place("a,line=9:b.graphql", 1, 1), code="invalid-syntax"
    )

    assert as_github([found]) == (
        "::error title=invalid-syntax,file=a%2Cline=9%3Ab.graphql,line=1,col=1,endColumn=2"
        "::100%25 of%0D%0Ait::error:: See docs/reference/findings.md#invalid-syntax."
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s.graphql").write_text(SDL)
    (tmp_path / "q.graphql").write_text("query GetMe { me { id } }\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = main(["generate", "--schema", "s.graphql", "--documents", "q.graphql", *more])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("form", ["json", "github"])
def test_an_error_is_told_in_the_form_that_was_asked_for_and_its_count_to_people(
    form: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--typescript", "ts", "--format", form)

    assert code == 1
    assert "s.graphql" in out
    assert err == "intelgraph-codegen: 1 error; nothing was written.\n"
    assert not (here / "ts").exists()


def test_standard_output_is_one_json_document_whatever_a_check_finds(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--lenient", "--typescript", "ts", "--check", "--format", "json")

    code, out, _ = run(capsys, *options)
    missing = json.loads(out)["findings"]
    assert main(["generate", "--schema", "s.graphql", "--documents", "q.graphql", "--lenient",
                 "--typescript", "ts"]) == 0  # fmt: skip
    capsys.readouterr()
    clean_code, clean, _ = run(capsys, *options)

    assert (code, clean_code) == (1, 0)
    assert missing[0]["severity"] == "warning"
    assert {"severity", "code", "message", "path", "help"} == set(missing[1])
    assert "ts/client.ts" in [finding["path"] for finding in missing]
    assert [finding["severity"] for finding in json.loads(clean)["findings"]] == ["warning"]
    assert (here / "ts" / "client.ts").exists()


def test_a_wrong_setting_is_told_in_the_form_as_well(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--format", "json")

    assert (code, err) == (2, "")
    assert "No output is given" in json.loads(out)["findings"][0]["message"]
    assert sorted(path.name for path in here.iterdir()) == ["q.graphql", "s.graphql"]

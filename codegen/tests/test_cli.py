from __future__ import annotations

import gc
import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen import __version__
from intelgraph_codegen.cli import main

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

SDL = """
type Query { me: User }
type Mutation { pay: User }
"A human being."
type User { id: ID! born: Date }
scalar Date
enum ErrorCode { "Gone." NOT_FOUND "Wait." BUSY @retryable }
directive @retryable on ENUM_VALUE
"""
GENERATE = ["generate", "--schema", "s.graphql", "--documents", "q.graphql"]
OUTPUTS = ["--server", "out/server", "--manifest", "m.json"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s.graphql").write_text(SDL)
    (tmp_path / "q.graphql").write_text("query GetMe { me { id } }")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_generate_writes_and_says_so_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *GENERATE, *OUTPUTS) == (
        0,
        "",
        (
            "intelgraph-codegen: 1 operation and 0 fragments; 6 files written or removed, "
            "0 unchanged.\n"
        ),
    )
    assert list(json.loads((here / "m.json").read_text())["operations"]) == ["getMe:v1"]


def test_whoever_calls_the_command_line_keeps_their_garbage_collected(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *GENERATE, *OUTPUTS)

    assert (here / "m.json").exists()
    assert gc.isenabled()


def test_generate_writes_both_clients(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run(capsys, *GENERATE, "--python", "out/my_client", "--typescript", "out/ts")

    assert code == 0
    assert (here / "out/my_client/client.py").is_file()
    assert (here / "out/ts/client.ts").is_file()


@pytest.mark.usefixtures("here")
def test_a_second_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *GENERATE, *OUTPUTS)

    _, _, err = run(capsys, *GENERATE, *OUTPUTS)

    assert "0 files written or removed, 4 unchanged" in err


def test_check_writes_nothing_and_lists_what_differs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *GENERATE, *OUTPUTS, "--check")

    assert code == 1
    assert out.splitlines() == [
        "out/server/.intelgraph-codegen.json",
        "out/server/__init__.py",
        "out/server/error_codes.py",
        "out/server/persisted_documents.py",
        "out/server/sdl.py",
        "m.json",
    ]
    assert err.startswith("intelgraph-codegen: 6 files differ")
    assert not (here / "out").exists()
    assert not (here / "m.json").exists()


@pytest.mark.usefixtures("here")
def test_check_is_content_with_what_generate_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *GENERATE, *OUTPUTS)

    assert run(capsys, *GENERATE, *OUTPUTS, "--check")[:2] == (0, "")


def test_errors_in_the_inputs_are_told_and_nothing_is_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "q.graphql").write_text("query GetMe { me { idd } }")

    code, out, err = run(capsys, *GENERATE, *OUTPUTS)

    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "q.graphql:1:20: The type `User` has no field `idd`. Did you mean `id`? [unknown-field]",
        "  1 | query GetMe { me { idd } }",
        "    |                    ^^^",
        "intelgraph-codegen: 1 error; nothing was written.",
    ]
    assert not (here / "out").exists()


def test_warnings_do_not_change_the_exit_code(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "q.graphql").write_text("query GetMe { me { id } } fragment F on User { id }")

    code, _, err = run(capsys, *GENERATE, *OUTPUTS)

    assert code == 0
    assert "warning: No operation uses the fragment `F`." in err


def test_a_stranger_in_one_output_keeps_all_outputs_from_being_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "out/server").mkdir(parents=True)
    (here / "out/server/mine.py").write_text("")

    code, _, err = run(capsys, *GENERATE, *OUTPUTS)

    assert code == 1
    assert "out/server: This folder holds files" in err
    assert not (here / "m.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generate"], "No schema is given: pass --schema or set `schema` in the configuration."),
        (["generate", "--schema", "s.graphql"], "No documents are given"),
        (GENERATE, "No output is given"),
        ([*GENERATE, "--python", "my-client"], "`my-client`, the last part of --python my-client"),
        ([*GENERATE, "--python", "out/class"], "must be a Python identifier"),
        ([*GENERATE, "--python", "a", "--typescript", "a/b"], "would write into one another"),
        (["publish", "--release", "1.0.0"], "No manifest is given"),
        (["publish", "--manifest", "m.json", "--release", "1.0.0"], "There is no manifest here."),
        (["publish", "--manifest", "m.json", "--release", "one"], "`one` is no release"),
    ],
)
def test_what_cannot_be_followed_exits_with_two(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, _, err = run(capsys, *arguments)

    assert code == 2
    assert message in err
    assert sorted(path.name for path in here.iterdir()) == ["q.graphql", "s.graphql"]


@pytest.mark.parametrize("arguments", [[], ["generat"], ["generate", "--pyton", "x"]])
def test_an_unknown_option_exits_with_two(here: Path, arguments: list[str]) -> None:
    assert main(arguments) == 2
    assert here.is_dir()


def test_publish_freezes_the_drafts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *GENERATE, *OUTPUTS)

    first = run(capsys, "publish", "--manifest", "m.json", "--release", "1.0.0")
    second = run(capsys, "publish", "--manifest", "m.json", "--release", "1.1.0")

    assert first == (0, "", "intelgraph-codegen: 1 document published with 1.0.0.\n")
    assert second == (0, "", "intelgraph-codegen: 0 documents published with 1.1.0.\n")
    entry = json.loads((here / "m.json").read_text())["operations"]["getMe:v1"]
    assert entry["published"] == "1.0.0"


def test_old_versions_stay_known_to_the_server(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *GENERATE, *OUTPUTS)
    run(capsys, "publish", "--manifest", "m.json", "--release", "1.0.0")
    (here / "q.graphql").write_text("query GetMe { me { id born } }")

    run(capsys, *GENERATE, *OUTPUTS)

    documents = _load(here / "out/server/persisted_documents.py").PERSISTED_DOCUMENTS
    assert {key: value.document for key, value in documents.items()} == {
        "getMe:v1": "query GetMe{me{id}}",
        "getMe:v2": "query GetMe{me{id born}}",
    }


CONFIG = """
[tool.intelgraph-codegen]
schema = ["s.graphql"]
documents = ["q.graphql"]
server = "out/server"
"""


def test_the_configuration_is_enough(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").write_text(CONFIG)

    assert run(capsys, "generate")[0] == 0
    assert (here / "out/server/sdl.py").is_file()


def test_a_package_json_may_configure_a_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"schema": ["s.graphql"], "documents": ["q.graphql"], "typescript": "ts"}
    (here / "package.json").write_text(json.dumps({"name": "x", "intelgraph-codegen": own}))

    assert run(capsys, "generate")[0] == 0
    assert (here / "ts/client.ts").is_file()


def test_a_second_configuration_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").write_text(CONFIG)
    (here / "intelgraph-codegen.toml").write_text('server = "elsewhere"\n')

    assert run(capsys, "generate") == (
        2,
        "",
        (
            "intelgraph-codegen.toml: This folder is configured in `pyproject.toml` already; "
            "keep one of the two. [second-configuration]\n"
        ),
    )


def test_flags_win_over_the_configuration(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").write_text(CONFIG)

    run(capsys, "generate", "--server", "elsewhere")

    assert (here / "elsewhere/sdl.py").is_file()
    assert not (here / "out").exists()


def test_an_output_on_the_command_line_is_the_only_one(here: Path) -> None:
    (here / "pyproject.toml").write_text(CONFIG)

    assert main(["generate", "--typescript", "ts"]) == 0

    assert (here / "ts/index.ts").is_file()
    assert not (here / "out").exists()


def test_another_schema_is_a_run_of_its_own(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").write_text(CONFIG)
    (here / "t.graphql").write_text(SDL)

    run(capsys, "generate", "--schema", "t.graphql", "--documents", "q.graphql", "--manifest", "n")

    assert (here / "n").is_file()
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            '[tool.intelgraph-codegen.scalars.Dat]\npython = "datetime.date"\n',
            "pyproject.toml:6:34: The schema has no scalar `Dat`. Did you mean `Date`?",
        ),
        (
            'idempotent_mutations = ["pya"]\n',
            "pyproject.toml:6:1: The schema has no mutation `pya`. Did you mean `pay`?",
        ),
        (
            'keyed_mutations = ["pya"]\n',
            "pyproject.toml:6:1: The schema has no mutation `pya`. Did you mean `pay`?",
        ),
        ("lenint = true\n", "pyproject.toml:6:1: `[tool.intelgraph-codegen]` has no key `lenint`."),
    ],
)
def test_a_mistake_in_the_configuration_exits_with_two(
    here: Path, capsys: pytest.CaptureFixture[str], lines: str, message: str
) -> None:
    (here / "pyproject.toml").write_text(CONFIG + lines)

    code, _, err = run(capsys, "generate")

    assert code == 2
    assert err.startswith(message)


def test_lenient_warns_of_what_is_refused_otherwise(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "s.graphql").write_text(SDL + "extend type User { id: Int }")

    assert run(capsys, *GENERATE, *OUTPUTS)[0] == 1
    assert run(capsys, *GENERATE, *OUTPUTS, "--lenient")[0] == 0


def test_a_manifest_that_was_tampered_with_is_an_error(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *GENERATE, *OUTPUTS)
    run(capsys, "publish", "--manifest", "m.json", "--release", "1.0.0")
    text = (here / "m.json").read_text()
    (here / "m.json").write_text(text.replace('"published": "1.0.0"', '"published": null'))

    code, _, err = run(capsys, *GENERATE, *OUTPUTS)

    assert code == 1
    assert err.startswith("m.json:3:3: Published entries of the manifest were changed or removed.")


def test_the_version_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "intelgraph_codegen", "--version"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert done.stdout == f"intelgraph-codegen {__version__}\n"


def test_help_does_not_wait_for_graphql() -> None:
    code = "import sys, intelgraph_codegen.cli; sys.exit('graphql' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("generated", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.outputs import LIST_NAME, Plan, plan_folder, replace_file, write_folder

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"client.py": "x = 1\n", "operations/get.py": "y = 2\n"}


def plan(folder: Path, files: dict[str, str]) -> tuple[Plan, list[str]]:
    diagnostics: list[object] = []
    made = plan_folder(folder, "out", files, diagnostics)  # type: ignore[arg-type]
    return made, list(map(str, diagnostics))


def write(folder: Path, files: dict[str, str]) -> Plan:
    made, problems = plan(folder, files)
    assert problems == []
    write_folder(made)
    return made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    write(folder, FILES)
    return folder


def test_files_are_written_with_a_list_of_them(out: Path) -> None:
    assert (out / "operations" / "get.py").read_bytes() == b"y = 2\n"
    assert sorted(json.loads((out / LIST_NAME).read_text())["files"]) == sorted(FILES)
    assert sorted(path.name for path in out.iterdir()) == [LIST_NAME, "client.py", "operations"]


def test_nothing_is_touched_when_nothing_changed(out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}

    made = write(out, FILES)

    assert made.differing == ()
    assert made.unchanged == 2
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_only_what_changed_is_written(out: Path) -> None:
    before = (out / "client.py").stat().st_mtime_ns

    made = write(out, {**FILES, "operations/get.py": "y = 3\n"})

    assert made.differing == (f"out/{LIST_NAME}", "out/operations/get.py")
    assert (out / "client.py").stat().st_mtime_ns == before


def test_files_of_an_earlier_run_go_and_so_do_their_empty_folders(out: Path) -> None:
    made = write(out, {"client.py": "x = 1\n"})

    assert "out/operations/get.py" in made.differing
    assert not (out / "operations").exists()


def test_a_stranger_is_an_error_and_stays(out: Path) -> None:
    (out / "notes.md").write_text("mine")

    made, problems = plan(out, FILES)

    assert made.differing
    assert problems == [
        (
            "out/notes.md: The generator did not write this file, and its folder is for generated "
            "files only; move it elsewhere. [foreign-file]"
        )
    ]
    assert (out / "notes.md").read_text() == "mine"


def test_a_stranger_that_stands_where_a_file_should_is_not_overwritten(out: Path) -> None:
    (out / "new.py").write_text("mine")

    _, problems = plan(out, {**FILES, "new.py": "generated\n"})

    assert problems[0].startswith("out/new.py: The generator did not write this file")


def test_a_file_that_was_changed_by_hand_is_an_error_and_stays(out: Path) -> None:
    (out / "client.py").write_text("x = 1  # mine\n")

    for files in (FILES, {}):
        _, problems = plan(out, files)
        assert problems[0].startswith("out/client.py: This generated file was changed by hand;")


def test_a_change_by_hand_that_the_generator_would_make_too_is_none(out: Path) -> None:
    (out / "client.py").write_text("x = 2\n")

    write(out, {**FILES, "client.py": "x = 2\n"})

    assert plan(out, {**FILES, "client.py": "x = 2\n"})[0].differing == ()


def test_a_deleted_file_is_written_again(out: Path) -> None:
    (out / "client.py").unlink()

    write(out, FILES)

    assert (out / "client.py").is_file()


def test_a_folder_of_somebody_else_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("mine")

    _, problems = plan(tmp_path, FILES)

    assert problems == [
        (
            "out: This folder holds files that the generator did not write, `a.py` for one; it "
            "writes into a folder of its own only. [foreign-file]"
        )
    ]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")

    assert plan(tmp_path / "out", FILES)[1] == [
        "out: This is not a folder to write into. [foreign-file]"
    ]


def test_a_lost_list_is_made_again_when_the_files_are_as_they_should_be(out: Path) -> None:
    text = (out / LIST_NAME).read_text()
    (out / LIST_NAME).unlink()

    write(out, FILES)

    assert (out / LIST_NAME).read_text() == text


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD", "[]", '{"format": "x"}', '{"files": 1}'])
def test_a_list_that_cannot_be_read_is_told(out: Path, text: str) -> None:
    (out / LIST_NAME).write_text(text)

    assert plan(out, FILES)[1][0].startswith(
        f"out/{LIST_NAME}: This list of generated files cannot be read;"
    )


def test_windows_line_ends_of_a_checkout_are_no_change(out: Path) -> None:
    (out / "client.py").write_bytes(b"x = 1\r\n")

    assert plan(out, FILES)[0].differing == ()


def test_caches_of_python_are_nobodys_business(out: Path) -> None:
    (out / "__pycache__").mkdir()
    (out / "__pycache__" / "client.cpython-311.pyc").write_bytes(b"\0")

    made, problems = plan(out, FILES)

    assert (made.differing, problems) == ((), [])


def test_what_a_compiler_puts_beside_a_file_is_left_alone(tmp_path: Path) -> None:
    files = {"client.ts": "export {};\n", "inputs/index.ts": "export {};\n"}
    write(tmp_path, files)
    for name in ("client.js", "client.js.map", "client.d.ts", "inputs/index.d.ts.map"):
        (tmp_path / name).write_text("")

    made = write(tmp_path, {**files, "client.ts": "export const a = 1;\n"})

    assert made.removes == ()
    assert (tmp_path / "client.js").exists()


def test_a_compiled_file_of_nobody_is_a_stranger(tmp_path: Path) -> None:
    write(tmp_path, {"client.ts": "export {};\n"})
    (tmp_path / "mine.js").write_text("")

    _, problems = plan(tmp_path, {"client.ts": "export {};\n"})

    assert len(problems) == 1
    assert problems[0].startswith("out/mine.js: The generator did not write this file")


def test_a_run_that_is_killed_at_any_point_leaves_only_known_files(tmp_path: Path) -> None:
    new = {"client.py": "x = 2\n", "added.py": "z = 3\n"}
    for steps in range(5):
        out = tmp_path / str(steps)
        write(out, FILES)
        made, _ = plan(out, new)

        _write_some(made, steps)

        final, problems = plan(out, {**new, "client.py": "x = 9\n"})
        assert problems == []
        write_folder(final)
        files = sorted(path.name for path in out.rglob("*") if path.is_file())
        assert files == [LIST_NAME, "added.py", "client.py"]


def test_a_linked_folder_is_a_stranger(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (out / "linked").symlink_to(tmp_path / "elsewhere")

    assert plan(out, FILES)[1][0].startswith("out/linked: The generator did not write this file")


def test_a_run_that_breaks_off_has_listed_old_and_new_files_before(out: Path) -> None:
    made, _ = plan(out, {**FILES, "client.py": "x = 2\n", "last.py": "z = 3\n"})
    (out / "last.py").mkdir()

    with pytest.raises(OSError, match=r"last\.py"):
        write_folder(made)
    (out / "last.py").rmdir()

    assert (out / "client.py").read_bytes() == b"x = 2\n"
    assert plan(out, FILES)[1] == []


def test_a_file_is_put_in_the_place_of_the_old_one_which_readers_still_have(tmp_path: Path) -> None:
    place, kept = tmp_path / "client.py", tmp_path / "kept"
    place.write_text("old\n")
    kept.hardlink_to(place)

    replace_file(place, "new\n")

    assert (place.read_text(), kept.read_text()) == ("new\n", "old\n")


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "client.py").mkdir()

    with pytest.raises(OSError, match=r"client\.py"):
        replace_file(tmp_path / "client.py", "new\n")

    assert [path.name for path in tmp_path.iterdir()] == ["client.py"]


def test_a_file_is_replaced_whole_and_leaves_no_other(tmp_path: Path) -> None:
    replace_file(tmp_path / "a" / "b.json", "{}\n")
    replace_file(tmp_path / "a" / "b.json", "[]\n")

    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.json"]
    assert (tmp_path / "a" / "b.json").read_bytes() == b"[]\n"


def _write_some(made: Plan, steps: int) -> None:
    """The first steps of `write_folder`, as a killed process would have done them."""
    names = [name for name in made.writes if name != LIST_NAME]
    if steps:
        replace_file(made.folder / LIST_NAME, made.transition)
    for name in names[: steps - 1 if steps else 0]:
        replace_file(made.folder / name, made.writes[name])
    if steps == 4:
        for name in made.removes:
            (made.folder / name).unlink()

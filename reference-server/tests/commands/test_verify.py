"""`verify`, as somebody uses it who has files, the root certificate and no network."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from intelgraph_server.__main__ import main
from intelgraph_server.documents.bundle import build, sign_statement
from intelgraph_server.documents.identity import Identity
from intelgraph_server.documents.pdf import TEMPLATES, render
from intelgraph_server.documents.sign import sign_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AT = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
WHO = "signed by IntelGraph reference server (test)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of each kind, and the certificate."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "letter.typ").write_text('#import "house.typ": *\n#show: house.with(title: "Letter")')
    (folder / "house.typ").write_bytes((TEMPLATES / "house.typ").read_bytes())
    issuer = Identity(folder / "issuer.key")
    letter = render("letter", {"at": AT}, locale="en", folder=folder)
    files = {"a.txt": b"a"}
    for name, content in {
        "letter.pdf": sign_pdf(letter, issuer, reason="Letter", at=AT),
        "unsigned.pdf": letter,
        "bundle.zip": build(files, {"included": [], "notIncluded": []}, issuer),
        "manifest.dsse.json": sign_statement(files, {}, issuer),
        "issuer.pem": issuer.root_pem,
        "other.pem": Identity(folder / "other.key").root_pem,
        "note.txt": b"a note",
    }.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def verify(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[str], str]]:
    def verify(*names: str, root: str = "issuer.pem") -> tuple[int, list[str], str]:
        files = [str(folder / name) for name in names]
        try:
            code = main(["verify", *files, "--root", str(folder / root)])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out.replace(f"{folder}/", "").splitlines(), said.err

    return verify


def test_each_kind_of_file_is_told_of_in_one_line(
    verify: Callable[..., tuple[int, list[str], str]],
) -> None:
    assert verify("letter.pdf", "bundle.zip", "manifest.dsse.json") == (
        0,
        [
            f"letter.pdf: valid, {WHO}, dated 2026-04-15 09:30:00 UTC",
            f"bundle.zip: valid, {WHO} with every file in it",
            f"manifest.dsse.json: valid, {WHO}; the files it lists were not checked",
        ],
        "",
    )


def test_one_bad_file_decides_and_the_others_are_told_of_too(
    verify: Callable[..., tuple[int, list[str], str]],
) -> None:
    code, lines, _ = verify("unsigned.pdf", "none.pdf", "note.txt", "letter.pdf")

    assert code == 1
    assert lines[0] == "unsigned.pdf: NOT VALID: it has 0 signatures, not one"
    assert lines[1] == "none.pdf: NOT VALID: cannot be read: no such file or directory"
    assert lines[2].startswith("note.txt: NOT VALID: it cannot be read as a signed PDF")
    assert lines[3].startswith("letter.pdf: valid")


@pytest.mark.parametrize("name", ["letter.pdf", "bundle.zip", "manifest.dsse.json"])
def test_under_another_root_nothing_is_valid(
    name: str, verify: Callable[..., tuple[int, list[str], str]]
) -> None:
    code, lines, _ = verify(name, root="other.pem")

    assert code == 1
    assert "not under the given root" in lines[0]


@pytest.mark.parametrize(
    ("root", "message"),
    [("none.pem", "none.pem: no such file or directory"), ("note.txt", "holds no certificate")],
)
def test_a_root_that_is_none_is_told_in_one_line(
    root: str, message: str, verify: Callable[..., tuple[int, list[str], str]]
) -> None:
    code, lines, errors = verify("letter.pdf", root=root)

    assert (code, lines) == (1, [])
    assert message in errors
    assert errors.count("\n") == 1


def test_a_command_line_without_files_or_root_is_wrong() -> None:
    for arguments in (["verify", "a.pdf"], ["verify", "--root", "issuer.pem"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2


def test_nothing_is_asked_of_a_network(folder: Path) -> None:
    script = """
import socket, sys
def refuse(*_): raise AssertionError("a connection was tried")
socket.socket.connect = socket.getaddrinfo = refuse
from intelgraph_server.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
    names = [str(folder / name) for name in ("letter.pdf", "bundle.zip", "manifest.dsse.json")]

    done = subprocess.run(
        [sys.executable, "-c", script, "verify", *names, "--root", str(folder / "issuer.pem")],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")

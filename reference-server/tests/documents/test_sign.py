"""The signature in the PDF, as readers of PDF look at it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from intelgraph_server.documents.sign import sign_pdf
from intelgraph_server.documents.verify import verify_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from intelgraph_server.documents.identity import Identity


@contextmanager
def opened(content: bytes) -> Iterator[tuple[pikepdf.Pdf, Any]]:
    """The document and its one field."""
    with pikepdf.open(BytesIO(content)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        yield pdf, field


def test_the_signature_is_pades_and_forbids_any_change(signed: bytes) -> None:
    with opened(signed) as (_, field):
        signature = field.V
        (reference,) = signature.Reference

        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
        assert str(signature.Reason) == "Sample"
        assert str(reference.TransformMethod) == "/DocMDP"
        assert int(reference.TransformParams.P) == 1
        assert int(signature.ByteRange[2]) + int(signature.ByteRange[3]) == len(signed)


def test_the_time_of_the_signature_is_the_callers(
    plain: bytes, issuer: Identity, values: dict[str, Any]
) -> None:
    later = values["at"] + timedelta(days=400)

    signed = sign_pdf(plain, issuer, reason="Sample", at=later)

    assert verify_pdf(signed, issuer.root_pem).signed_at == later
    with opened(signed) as (_, field):
        assert str(field.V.M).startswith("D:20270520093000")


def test_a_screen_reader_is_told_of_no_field_on_the_page(signed: bytes) -> None:
    with opened(signed) as (pdf, field):
        assert "Firma del emisor" in str(field.TU)
        assert max(float(side) for side in field.Rect) < 0
        assert int(field.F) & 0b10 == 0
        assert str(pdf.pages[0].Tabs) == "/S"


def test_the_private_key_is_not_in_the_document(signed: bytes, issuer: Identity) -> None:
    lines = issuer.path.read_bytes().splitlines()

    assert lines[0] == b"-----BEGIN PRIVATE KEY-----"
    assert lines[1] not in signed


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_another_program_finds_the_signature_valid(signed: bytes, tmp_path: Path) -> None:
    place = tmp_path / "signed.pdf"
    place.write_bytes(signed)

    said = subprocess.run(["pdfsig", place], check=False, capture_output=True, text=True).stdout

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Signing Time: Apr 15 2026" in said


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_another_program_finds_no_fault_in_the_file(signed: bytes, tmp_path: Path) -> None:
    place = tmp_path / "signed.pdf"
    place.write_bytes(signed)

    done = subprocess.run(["qpdf", "--check", place], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")

"""The signature in the PDF, as readers look at it; one that was touched is never believed."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from intelgraph_server.documents.sign import sign_pdf, verify_pdf

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


def test_an_untouched_document_is_valid_and_says_whose_it_is(
    signed: bytes, issuer: Identity, values: dict[str, Any]
) -> None:
    found = verify_pdf(signed, issuer.root_pem)

    assert (found.is_valid, found.problems) == (True, ())
    assert (found.signer, found.signed_at) == ("IntelGraph reference server (test)", values["at"])


def test_one_flipped_byte_anywhere_is_found(signed: bytes, issuer: Identity) -> None:
    for place in range(0, len(signed), len(signed) // 40):
        touched = bytearray(signed)
        touched[place] ^= 1

        assert not verify_pdf(bytes(touched), issuer.root_pem).is_valid, place


def test_a_change_of_what_is_signed_is_told_as_such(signed: bytes, issuer: Identity) -> None:
    renamed = signed.replace(b"(Sample)", b"(sample)")

    assert renamed != signed
    assert "what is signed was changed" in verify_pdf(renamed, issuer.root_pem).problems


def test_nothing_hides_in_the_place_of_the_signature_itself(
    signed: bytes, issuer: Identity
) -> None:
    padding = signed.rindex(b"0" * 200)
    letter = next(i for i in range(signed.rindex(b"<3082"), padding) if signed[i] in b"ABCDEF")

    for place, other in ((padding + 100, b"7"), (letter, bytes([signed[letter]]).lower())):
        touched = signed[:place] + other + signed[place + 1 :]
        assert verify_pdf(touched, issuer.root_pem).problems == (
            "what surrounds the signature was changed",
        )


def test_another_root_of_the_same_name_is_found(signed: bytes, stranger: Identity) -> None:
    assert verify_pdf(signed, stranger.root_pem).problems == (
        "the signer is not under the given root",
    )


@pytest.mark.parametrize("added", [b"\n", b"\n%%EOF\n", b"% a note\n"])
def test_bytes_that_were_appended_are_found(added: bytes, signed: bytes, issuer: Identity) -> None:
    assert not verify_pdf(signed + added, issuer.root_pem).is_valid


def test_a_revision_behind_the_signature_is_found(signed: bytes, issuer: Identity) -> None:
    from pyhanko.pdf_utils.generic import TextStringObject  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer, changed = IncrementalPdfFileWriter(BytesIO(signed)), BytesIO()
    writer.root["/Lang"] = TextStringObject("fr")
    writer.update_root()
    writer.write(changed)

    assert not verify_pdf(changed.getvalue(), issuer.root_pem).is_valid


def test_a_document_that_was_saved_anew_is_found(signed: bytes, issuer: Identity) -> None:
    saved = BytesIO()
    pikepdf.open(BytesIO(signed)).save(saved)

    assert not verify_pdf(saved.getvalue(), issuer.root_pem).is_valid


def test_an_unsigned_document_is_told_as_such(plain: bytes, issuer: Identity) -> None:
    assert verify_pdf(plain, issuer.root_pem).problems == ("it has 0 signatures, not one",)


@pytest.mark.parametrize(
    "content", [b"", b"no PDF", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n9\n%%EOF"]
)
def test_what_is_no_pdf_is_told_as_such(content: bytes, issuer: Identity) -> None:
    found = verify_pdf(content, issuer.root_pem)

    assert found.problems[0].startswith("it cannot be read as a signed PDF")


def test_a_document_cut_short_is_found(signed: bytes, issuer: Identity) -> None:
    for length in range(1000, len(signed), len(signed) // 10):
        assert not verify_pdf(signed[:length], issuer.root_pem).is_valid, length


def test_a_strangers_signature_on_our_document_is_found(
    plain: bytes, issuer: Identity, stranger: Identity, values: dict[str, Any]
) -> None:
    theirs = sign_pdf(plain, stranger, reason="Sample", at=values["at"])

    assert verify_pdf(theirs, stranger.root_pem).is_valid
    assert not verify_pdf(theirs, issuer.root_pem).is_valid

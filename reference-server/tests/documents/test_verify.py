"""A signed PDF that was touched, or is another's, is never believed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from intelgraph_server.documents.sign import sign_pdf
from intelgraph_server.documents.verify import verify_pdf

if TYPE_CHECKING:
    from typing import Any

    from intelgraph_server.documents.identity import Identity


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

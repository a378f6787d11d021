"""A signed PDF and a root certificate into what is wrong with it; asks nobody, changes nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

_HIDING: Final = ("what surrounds the signature was changed",)


@dataclass(frozen=True, slots=True)
class Verification:
    """Who signed, when by their own clock, and why that cannot be relied on."""

    signer: str | None = None
    signed_at: datetime | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.problems


def verify_pdf(pdf: bytes, root_pem: bytes) -> Verification:
    """Whether one signature of an issuer under this root covers the whole file, untouched."""
    from pyhanko.pdf_utils.misc import PdfReadError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    # pyHanko tells in the log, with its trace, what is told here as a problem.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            return Verification(problems=(f"it has {len(signatures)} signatures, not one",))
        found = _judged(_status(signatures[0], root_pem))
        return found if _is_exact(pdf, signatures[0]) else replace(found, problems=_HIDING)
    # What else pyHanko raises of its own are errors of value.
    except (PdfReadError, ValueError, TypeError, LookupError) as error:
        return Verification(problems=(f"it cannot be read as a signed PDF: {error}",))


def _status(signature: EmbeddedPdfSignature, root_pem: bytes) -> PdfSignatureStatus:
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    roots: list[Any] = [*load_certs_from_pemder_data(root_pem)]
    # The root has no key any more that could revoke anything.
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail"
    )
    return validate_pdf_signature(signature, signer_validation_context=context)


def _is_exact(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the place that no signature can cover, its own, holds it and zeros alone."""
    signed: Any = signature
    _, start, end, _ = signed.byte_range
    held: bytes = signed.pkcs7_content
    padding = held[4 + int.from_bytes(held[2:4], "big") :]
    return not padding.strip(b"\0") and pdf[start + 1 : end - 1] == held.hex().upper().encode()


def _judged(status: PdfSignatureStatus) -> Verification:
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    is_whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    found = {
        "what is signed was changed": not status.intact,
        "the signature is not of the key it names": not status.valid,
        "the signer is not under the given root": not status.trusted,
        "something was added behind the signature": not is_whole,
        "it was changed after it was signed": not status.docmdp_ok,
    }
    problems = tuple(problem for problem, is_so in found.items() if is_so)
    if not problems and not status.bottom_line:
        problems = (status.summary(),)
    certificate: Any = status.signing_cert
    signer = certificate.subject.native["common_name"]
    return Verification(signer, status.signer_reported_dt, problems)

"""A signed PDF and a root certificate into what is wrong with it; asks nobody, changes nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pyhanko.sign.validation.status import PdfSignatureStatus


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
    from pyhanko.sign.general import SigningError, UnacceptableSignerError  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415

    # pyHanko tells in the log, with its trace, what is told here as a problem.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            return Verification(problems=(f"it has {len(signatures)} signatures, not one",))
        return _judged(_status(signatures[0], root_pem))
    except (
        PdfReadError,
        SignatureValidationError,
        SigningError,
        UnacceptableSignerError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
    ) as error:
        return Verification(problems=(f"it cannot be read as a signed PDF: {error}",))


def _status(signature: object, root_pem: bytes) -> PdfSignatureStatus:
    from asn1crypto import pem, x509  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    root = x509.Certificate.load(pem.unarmor(root_pem)[2])
    # The root has no key any more that could revoke anything.
    context = ValidationContext(
        trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail"
    )
    return validate_pdf_signature(signature, signer_validation_context=context)


def _judged(status: PdfSignatureStatus) -> Verification:
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    found = {
        "what is signed was changed": not status.intact,
        "the signature is not of the key it names": not status.valid,
        "the signer is not under the given root": not status.trusted,
        "something was added behind the signature": (
            status.coverage is not SignatureCoverageLevel.ENTIRE_FILE
        ),
        "it was changed after it was signed": not status.docmdp_ok,
    }
    problems = tuple(problem for problem, is_so in found.items() if is_so)
    if not problems and not status.bottom_line:
        problems = (status.summary(),)
    signer = status.signing_cert.subject.native["common_name"]
    return Verification(signer, status.signer_reported_dt, problems)

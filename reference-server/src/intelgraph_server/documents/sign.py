"""The issuer's signature in a PDF (PAdES), after which nothing may change; and its verification.

The signature is all that is added: pyHanko would also write the metadata anew and raise the
version of PDF, and the document would no longer be the PDF/A that was typeset. Imported only
where something is signed or verified: pyHanko costs more than the start of the server.
"""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .identity import Verification

if TYPE_CHECKING:
    from datetime import datetime

    from .identity import Identity

# Invisible, and out of the page's box, so that a screen reader does not stop at it.
FIELD: Final = fields.SigFieldSpec(
    "IssuerSignature",
    readable_field_name="Issuer signature / Firma del emisor",
    invis_sig_settings=fields.InvisSigSettings(
        set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True
    ),
)


class _Writer(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        pass


class _IssuerSigner(signers.Signer):
    """Signs with the identity, so that its key stays where it is."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        super().__init__(signing_cert=_certificates(identity.certificate_pem)[0])

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 - The identity's own, SHA-256.
        dry_run: bool = False,  # noqa: ARG002, FBT001, FBT002 - As pyHanko calls it.
    ) -> bytes:
        return self.identity.sign(data)


class _DatedSigner(signers.PdfSigner):
    """Takes the time from the caller, and stays with PDF 1.7."""

    at: datetime

    def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self.at
        return session

    def register_extensions(self, pdf_out: Any, **_: Any) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


def sign_pdf(pdf: bytes, identity: Identity, *, reason: str, at: datetime) -> bytes:
    """The PDF as it is, with a signature of this instant behind it; `reason` is for readers."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD.sig_field_name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    signer: Any = _DatedSigner(metadata, _IssuerSigner(identity), new_field_spec=FIELD)
    signer.at = at
    signed = BytesIO()
    signer.sign_pdf(_Writer(BytesIO(pdf)), output=signed)
    return signed.getvalue()


def verify_pdf(pdf: bytes, root_pem: bytes) -> Verification:
    """Whether one signature of an issuer under this root covers the whole file, untouched."""
    # pyHanko tells in the log, with its trace, what is told here as a problem.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        signatures: list[Any] = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            return Verification(problems=(f"it has {len(signatures)} signatures, not one",))
        # The root has no key any more that could revoke anything.
        context = ValidationContext(
            trust_roots=_certificates(root_pem), allow_fetching=False, revocation_mode="soft-fail"
        )
        status: Any = validate_pdf_signature(signatures[0], signer_validation_context=context)
        signer = status.signing_cert.subject.native["common_name"]
        problems = _problems(status, is_exact=_is_exact(pdf, signatures[0]))
    # What else pyHanko raises of its own are errors of value.
    except (PdfReadError, ValueError, TypeError, LookupError) as error:
        return Verification(problems=(f"it cannot be read as a signed PDF: {error}",))
    return Verification(signer, status.signer_reported_dt, problems)


def _problems(status: Any, *, is_exact: bool) -> tuple[str, ...]:
    if not is_exact:
        return ("what surrounds the signature was changed",)
    is_whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    found = {
        "what is signed was changed": not status.intact,
        "the signature is not of the key it names": not status.valid,
        "the signer is not under the given root": not status.trusted,
        "something was added behind the signature": not is_whole,
        "it was changed after it was signed": not status.docmdp_ok,
    }
    problems = tuple(problem for problem, is_so in found.items() if is_so)
    return problems if problems or status.bottom_line else (status.summary(),)


def _is_exact(pdf: bytes, signature: Any) -> bool:
    """Whether the place that no signature can cover, its own, holds it and zeros alone."""
    _, start, end, _ = signature.byte_range
    held: bytes = signature.pkcs7_content
    padding = held[4 + int.from_bytes(held[2:4], "big") :]
    return not padding.strip(b"\0") and pdf[start + 1 : end - 1] == held.hex().upper().encode()


def _certificates(pem: bytes) -> list[Any]:
    certificates: list[Any] = [*load_certs_from_pemder_data(pem)]
    return certificates

"""A PDF into the same PDF with the issuer's signature (PAdES), after which nothing may change.

The signature is all that is added: pyHanko would also write the metadata anew and raise the
version of PDF, and the document would no longer be the PDF/A that was typeset.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

    from .identity import Identity

FIELD: Final = "IssuerSignature"
FIELD_TITLE: Final = "Issuer signature / Firma del emisor"


def sign_pdf(pdf: bytes, identity: Identity, *, reason: str, at: datetime) -> bytes:
    """The PDF as it is, with a signature of this instant behind it; `reason` is for readers."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    class SignatureWriter(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            pass

    signed = BytesIO()
    writer = SignatureWriter(BytesIO(pdf))
    _signer(identity, reason, at).sign_pdf(writer, output=signed)
    return signed.getvalue()


def _signer(identity: Identity, reason: str, at: datetime) -> Any:
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1  # noqa: PLC0415

    class IssuerSigner(signers.Signer):
        """Signs with the identity, so that its key stays where it is."""

        async def async_sign_raw(
            self,
            data: bytes,
            digest_algorithm: str,  # noqa: ARG002 - The identity's own, SHA-256.
            dry_run: bool = False,  # noqa: ARG002, FBT001, FBT002 - As pyHanko calls it.
        ) -> bytes:
            return identity.sign(data)

    class DatedSigner(signers.PdfSigner):
        """Takes the time from the caller, and stays with PDF 1.7."""

        def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
            session = super().init_signing_session(*arguments, **options)
            session.system_time = at
            return session

        def register_extensions(self, pdf_out: Any, **_: Any) -> None:
            pdf_out.register_extension(ESIC_EXTENSION_1)

    certificates: list[Any] = [*load_certs_from_pemder_data(identity.certificate_pem)]
    # Invisible, and out of the page's box, so that a screen reader does not stop at it.
    field = fields.SigFieldSpec(
        FIELD,
        readable_field_name=FIELD_TITLE,
        invis_sig_settings=fields.InvisSigSettings(
            set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True
        ),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    signer = IssuerSigner(signing_cert=certificates[0])
    return DatedSigner(metadata, signer, new_field_spec=field)

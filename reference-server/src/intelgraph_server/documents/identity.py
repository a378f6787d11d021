"""The issuer's signing key and certificates: a root of our own, and an issuer under it.

One PEM file holds the issuer's private key, its certificate and the root's certificate. The
root's key signs that one certificate and is forgotten, so nothing else can be issued under it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "IntelGraph reference server (test)"
ROOT: Final = f"{NAME} root"
# Fixed, since documents may be dated by a clock that stands still.
VALID_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
VALID_UNTIL: Final = VALID_FROM + timedelta(days=36_525)
_ECDSA: Final = ec.ECDSA(SHA256())
_Key: TypeAlias = ec.EllipticCurvePrivateKey


class IdentityError(Exception):
    """The file of the issuer's key cannot be used; the message says why."""


class SignatureError(ValueError):
    """What claims to be signed is not, or not by whom it should be."""


class Issuer(NamedTuple):
    """Whose signature can be relied on."""

    name: str
    key: ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Verification:
    """Who signed a document, when by their own clock, and why that cannot be relied on."""

    signer: str | None = None
    signed_at: datetime | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.problems


class Identity:
    """Whom signed documents come from; made on first use where the file does not exist."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path

    @property
    def certificate_pem(self) -> bytes:
        return self._parts[1]

    @property
    def root_pem(self) -> bytes:
        """What those who verify trust; they need nothing else of us."""
        return self._parts[2]

    def sign(self, content: bytes) -> bytes:
        """A detached signature: ECDSA P-256 over SHA-256, DER."""
        return self._parts[0].sign(content, _ECDSA)

    @cached_property
    def _parts(self) -> tuple[_Key, bytes, bytes]:
        try:
            if not self.path.exists():
                _write_once(self.path, _issue())
            return _read(self.path.read_bytes())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise IdentityError(f"cannot use the issuer's key at {self.path}: {reason}") from error
        except (ValueError, TypeError) as error:
            raise IdentityError(
                f"{self.path} does not hold an issuer's key and its two certificates;"
                " put back a copy, or move it away to have a new issuer made"
            ) from error


def verify_bytes(
    content: bytes, signature: bytes, certificate_pem: bytes, root_pem: bytes
) -> Issuer:
    """Who signed this, by a certificate under this root; raises SignatureError if they did not."""
    issuer = trusted(certificate_pem, root_pem)
    try:
        issuer.key.verify(signature, content, _ECDSA)
    except InvalidSignature as error:
        raise SignatureError("the signature is not of this content") from error
    return issuer


def trusted(certificate_pem: bytes, root_pem: bytes) -> Issuer:
    """The issuer of a certificate under this root; raises SignatureError."""
    try:
        certificate, root = map(x509.load_pem_x509_certificate, (certificate_pem, root_pem))
    except ValueError as error:
        raise SignatureError("a certificate cannot be read") from error
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise SignatureError("the issuer's certificate is not under the given root") from error
    if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
        raise SignatureError("the issuer's certificate is not valid now")
    key = certificate.public_key()
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    if not (usage.content_commitment and isinstance(key, ec.EllipticCurvePublicKey)):
        raise SignatureError("the issuer's certificate is not one for signing documents")
    (name,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Issuer(str(name.value), key)


def _read(kept: bytes) -> tuple[_Key, bytes, bytes]:
    key = pem.load_pem_private_key(kept, None)
    issuer, root = map(_pem, x509.load_pem_x509_certificates(kept))
    if isinstance(key, _Key) and trusted(issuer, root).key == key.public_key():
        return key, issuer, root
    raise ValueError("the certificate is another key's")


def _write_once(path: Path, content: bytes) -> None:
    """The whole file or none; whoever comes second keeps what the first has written."""
    with NamedTemporaryFile(dir=path.parent) as draft:  # Which its owner alone may read.
        draft.write(content)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _issue() -> bytes:
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    private = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return private + _certificate(NAME, key, root_key) + _certificate(ROOT, root_key, root_key)


def _certificate(name: str, key: _Key, root_key: _Key) -> bytes:
    is_root, no = key is root_key, False
    extensions: dict[x509.ExtensionType, bool] = {
        x509.BasicConstraints(is_root, 0 if is_root else None): True,
        # The root signs certificates and their revocation, the issuer documents; none encrypts.
        x509.KeyUsage(not is_root, not is_root, no, no, no, is_root, is_root, no, no): True,
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()): False,
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()): False,
    }
    builder = x509.CertificateBuilder(
        *(_name(ROOT), _name(name), key.public_key(), x509.random_serial_number()),
        *(VALID_FROM, VALID_UNTIL),
        [x509.Extension(each.oid, is_critical, each) for each, is_critical in extensions.items()],
    )
    return _pem(builder.sign(root_key, SHA256()))


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(pem.Encoding.PEM)

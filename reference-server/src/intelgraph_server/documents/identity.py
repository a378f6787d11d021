"""The issuer's signing key and certificates: a root of our own, and an issuer under it.

One PEM file holds the issuer's private key, its certificate and the root's certificate. The
root's key signs that one certificate and is forgotten, so nothing else can be issued under it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "IntelGraph reference server (test)"
ROOT: Final = f"{NAME} root"
# Fixed, since documents may be dated by a clock that stands still.
VALID_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
VALID_UNTIL: Final = VALID_FROM + timedelta(days=36_525)
_Key: TypeAlias = ec.EllipticCurvePrivateKey


class IdentityError(Exception):
    """The file of the issuer's key cannot be used; the message says why."""


class SignatureError(ValueError):
    """What claims to be signed is not, or not by whom it should be."""


class Issuer(NamedTuple):
    """Whose signature can be relied on."""

    name: str
    key: ec.EllipticCurvePublicKey


class _Parts(NamedTuple):
    key: _Key
    certificate: bytes
    root: bytes


class Identity:
    """Whom signed documents come from; made on first use where the file does not exist."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path

    @property
    def certificate_pem(self) -> bytes:
        return self._parts.certificate

    @property
    def root_pem(self) -> bytes:
        """What those who verify trust; they need nothing else of us."""
        return self._parts.root

    def sign(self, content: bytes) -> bytes:
        """A detached signature: ECDSA P-256 over SHA-256, DER."""
        return self._parts.key.sign(content, ec.ECDSA(SHA256()))

    @cached_property
    def _parts(self) -> _Parts:
        try:
            if not self.path.exists():
                _write_once(self.path, b"".join(_issue()))
            return _read(self.path.read_bytes())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise IdentityError(f"cannot use the issuer's key at {self.path}: {reason}") from error
        except (ValueError, TypeError) as error:
            raise IdentityError(
                f"{self.path} does not hold an issuer's key and its two certificates;"
                " put back a copy, or move it away to have a new issuer made"
            ) from error


def trusted(certificate_pem: bytes, root_pem: bytes) -> Issuer:
    """The issuer of a certificate under this root; raises SignatureError."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        root = x509.load_pem_x509_certificate(root_pem)
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


def _read(content: bytes) -> _Parts:
    key = load_pem_private_key(content, None)
    issuer, root = (c.public_bytes(Encoding.PEM) for c in x509.load_pem_x509_certificates(content))
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the key is not of an elliptic curve")
    if trusted(issuer, root).key != key.public_key():
        raise ValueError("the certificate is another key's")
    return _Parts(key, issuer, root)


def _write_once(path: Path, content: bytes) -> None:
    """The whole file or none; whoever comes second keeps what the first has written."""
    with NamedTemporaryFile(dir=path.parent) as draft:  # Which its owner alone may read.
        draft.write(content)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _issue() -> tuple[bytes, bytes, bytes]:
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, _certificate(NAME, key, root_key), _certificate(ROOT, root_key, root_key)


def _certificate(name: str, key: _Key, root_key: _Key) -> bytes:
    is_root = key is root_key
    # The root signs certificates and their revocation, the issuer documents; neither encrypts.
    usage = x509.KeyUsage(
        not is_root, not is_root, False, False, False, is_root, is_root, False, False
    )
    its_issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    builder = (
        x509.CertificateBuilder(_name(ROOT), _name(name), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.BasicConstraints(is_root, 0 if is_root else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(its_issuers, critical=False)
    )
    return builder.sign(root_key, SHA256()).public_bytes(Encoding.PEM)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])

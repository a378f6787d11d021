"""Statements and bytes, signed so that the root's certificate alone is needed to verify them.

A statement is one of in-toto (v1) in a DSSE envelope. Beside its signature the envelope carries
the issuer's certificate, which whoever verifies trusts no further than the root reaches.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from .identity import SignatureError, trusted_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .identity import Identity

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"


def statement(
    files: Mapping[str, bytes], predicate_type: str, predicate: Mapping[str, Any]
) -> dict[str, Any]:
    """What is said of these files, as an in-toto statement; they are named by digest."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": name, "digest": {"sha256": sha256(files[name]).hexdigest()}}
            for name in sorted(files)
        ],
        "predicateType": predicate_type,
        "predicate": dict(predicate),
    }


def sign_statement(statement: Mapping[str, Any], identity: Identity) -> bytes:
    """The statement in an envelope, as JSON."""
    from securesystemslib.dsse import Envelope  # noqa: PLC0415
    from securesystemslib.signer import Signature, SSlibKey  # noqa: PLC0415

    if statement.get("_type") != STATEMENT_TYPE:
        raise ValueError(f"a statement has the _type {STATEMENT_TYPE}")
    payload = json.dumps(statement, sort_keys=True, ensure_ascii=False).encode()
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    key = trusted_key(identity.certificate_pem, identity.root_pem)
    key_id = SSlibKey.from_crypto(key).keyid
    certificate = {"certificate": identity.certificate_pem.decode()}
    signature = Signature(key_id, identity.sign(envelope.pae()).hex(), certificate)
    envelope.signatures[key_id] = signature
    return json.dumps(envelope.to_dict(), indent=1).encode() + b"\n"


def verify_statement(envelope: bytes, root_pem: bytes) -> dict[str, Any]:
    """The statement of an envelope that an issuer under this root has signed.

    Raises SignatureError.
    """
    from securesystemslib.dsse import Envelope  # noqa: PLC0415
    from securesystemslib.exceptions import Error  # noqa: PLC0415

    try:
        read = Envelope.from_dict(json.loads(envelope))
        (signature,) = read.signatures.values()
        certificate = str(signature.unrecognized_fields["certificate"]).encode()
        content, payload_type = read.pae(), read.payload_type
        raw = bytes.fromhex(signature.signature)
    except (ValueError, TypeError, KeyError, AttributeError, Error) as error:
        raise SignatureError("this is not an envelope with one signature") from error
    verify_bytes(content, raw, certificate, root_pem)
    said: object = json.loads(read.payload) if payload_type == PAYLOAD_TYPE else None
    if not isinstance(said, dict) or said.get("_type") != STATEMENT_TYPE:
        raise SignatureError("what is signed is not an in-toto statement")
    return cast("dict[str, Any]", said)


def verify_bytes(content: bytes, signature: bytes, certificate_pem: bytes, root_pem: bytes) -> None:
    """Raises SignatureError unless the key of this certificate, under this root, signed this."""
    key = trusted_key(certificate_pem, root_pem)
    try:
        key.verify(signature, content, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise SignatureError("the signature is not of this content") from error

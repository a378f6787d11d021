"""Statements and bytes, signed so that the root's certificate alone is needed to verify them.

A statement is one of in-toto (v1) in a DSSE envelope. Beside its signature the envelope carries
the issuer's certificate, which whoever verifies trusts no further than the root reaches.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from .identity import SignatureError, trusted
from .verify import Verification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .identity import Identity, Issuer

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"


def sign_statement(
    files: Mapping[str, bytes],
    predicate_type: str,
    predicate: Mapping[str, Any],
    identity: Identity,
) -> bytes:
    """What is said of these files, which are named by digest, in an envelope, as JSON."""
    digests = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": digests[name]}} for name in digests],
        "predicateType": predicate_type,
        "predicate": dict(predicate),
    }
    payload = json.dumps(statement, sort_keys=True, ensure_ascii=False).encode()
    signature = {
        "keyid": sha256(identity.certificate_pem).hexdigest(),
        "sig": _base64(identity.sign(_signed(PAYLOAD_TYPE, payload))),
        "certificate": identity.certificate_pem.decode(),
    }
    signed = {"payload": _base64(payload), "payloadType": PAYLOAD_TYPE, "signatures": [signature]}
    return json.dumps(signed, indent=1).encode() + b"\n"


def open_envelope(envelope: bytes, root_pem: bytes) -> tuple[dict[str, Any], Issuer]:
    """The statement that an issuer under this root has signed, and who; raises SignatureError."""
    try:
        read: dict[str, Any] = json.loads(envelope)
        (signature,) = read["signatures"]
        payload = b64decode(read["payload"], validate=True)
        signed = _signed(read["payloadType"], payload)
        raw = b64decode(signature["sig"], validate=True)
        certificate = signature["certificate"].encode()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignatureError("this is not an envelope with one signature") from error
    issuer = verify_bytes(signed, raw, certificate, root_pem)
    said: Any = json.loads(payload) if read["payloadType"] == PAYLOAD_TYPE else {}
    if said.get("_type") != STATEMENT_TYPE:
        raise SignatureError("what is signed is not an in-toto statement")
    return said, issuer


def verify_manifest(envelope: bytes, root_pem: bytes) -> Verification:
    """Whether the statement can be believed; of the files it names nothing is known."""
    try:
        return Verification(open_envelope(envelope, root_pem)[1].name)
    except SignatureError as error:
        return Verification(problems=(str(error),))


def verify_bytes(
    content: bytes, signature: bytes, certificate_pem: bytes, root_pem: bytes
) -> Issuer:
    """Who signed this, by a certificate under this root; raises SignatureError if they did not."""
    issuer = trusted(certificate_pem, root_pem)
    try:
        issuer.key.verify(signature, content, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise SignatureError("the signature is not of this content") from error
    return issuer


def _signed(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding, version 1."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _base64(content: bytes) -> str:
    return b64encode(content).decode()

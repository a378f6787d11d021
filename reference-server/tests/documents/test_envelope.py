"""The envelope of a statement: read by others as by us, and believed under our root alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from intelgraph_server.documents.envelope import (
    open_envelope,
    sign_statement,
    verify_bytes,
    verify_manifest,
)
from intelgraph_server.documents.identity import SignatureError

if TYPE_CHECKING:
    from pathlib import Path

    from intelgraph_server.documents.identity import Identity

WHAT: Any = ({"b.txt": b"b", "a.txt": b"a"}, "https://example/said/v1", {"by": "Ñandú"})
SAID = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [
        {"name": name, "digest": {"sha256": sha256(content).hexdigest()}}
        for name, content in (("a.txt", b"a"), ("b.txt", b"b"))
    ],
    "predicateType": "https://example/said/v1",
    "predicate": {"by": "Ñandú"},
}


@pytest.fixture(scope="module")
def envelope(issuer: Identity) -> bytes:
    return sign_statement(*WHAT, issuer)


def changed(envelope: bytes, **members: Any) -> bytes:
    return json.dumps(json.loads(envelope) | members).encode()


def test_a_statement_names_its_files_by_digest_and_in_order(
    envelope: bytes, issuer: Identity
) -> None:
    said, signer = open_envelope(envelope, issuer.root_pem)

    assert said == SAID
    assert signer.name == "IntelGraph reference server (test)"
    assert verify_manifest(envelope, issuer.root_pem).is_valid


def test_another_implementation_of_dsse_verifies_it(envelope: bytes, issuer: Identity) -> None:
    read = Envelope.from_dict(json.loads(envelope))
    (key_id,) = read.signatures
    certificate = x509.load_pem_x509_certificate(issuer.certificate_pem)
    key = SSlibKey.from_crypto(certificate.public_key(), key_id)

    assert read.payload_type == "application/vnd.in-toto+json"
    assert list(read.verify([key], 1)) == [key_id]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_verifies_it_step_by_step(
    envelope: bytes, issuer: Identity, tmp_path: Path
) -> None:
    read = json.loads(envelope)
    payload, (signature,) = b64decode(read["payload"]), read["signatures"]
    kind = read["payloadType"].encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    for name, content in {
        "signed": signed,
        "sig": b64decode(signature["sig"]),
        "issuer.pem": signature["certificate"].encode(),
        "root.pem": issuer.root_pem,
    }.items():
        (tmp_path / name).write_bytes(content)

    script = """
        openssl verify -CAfile root.pem issuer.pem
        openssl x509 -in issuer.pem -pubkey -noout > key.pem
        openssl dgst -sha256 -verify key.pem -signature sig signed
    """
    done = subprocess.run(
        ["bash", "-euc", script], check=True, cwd=tmp_path, capture_output=True, text=True
    )

    assert done.stdout.split("\n")[:2] == ["issuer.pem: OK", "Verified OK"]


def test_another_payload_under_the_signature_is_found(envelope: bytes, issuer: Identity) -> None:
    other = b64encode(json.dumps(SAID | {"predicate": {}}).encode()).decode()

    with pytest.raises(SignatureError, match="not of this content"):
        open_envelope(changed(envelope, payload=other), issuer.root_pem)


def test_another_type_for_the_payload_is_found(envelope: bytes, issuer: Identity) -> None:
    with pytest.raises(SignatureError, match="not of this content"):
        open_envelope(changed(envelope, payloadType="text/plain"), issuer.root_pem)


def test_a_strangers_envelope_is_not_believed(issuer: Identity, stranger: Identity) -> None:
    theirs = sign_statement(*WHAT, stranger)

    assert open_envelope(theirs, stranger.root_pem)[0] == SAID
    with pytest.raises(SignatureError, match="not under the given root"):
        open_envelope(theirs, issuer.root_pem)


def test_a_strangers_signature_with_our_certificate_is_not_believed(
    issuer: Identity, stranger: Identity
) -> None:
    theirs = json.loads(sign_statement(*WHAT, stranger))
    theirs["signatures"][0]["certificate"] = issuer.certificate_pem.decode()

    with pytest.raises(SignatureError, match="not of this content"):
        open_envelope(json.dumps(theirs).encode(), issuer.root_pem)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"signatures": [], "payload": "", "payloadType": ""}',
        b'{"signatures": [1], "payload": "", "payloadType": ""}',
        b'{"signatures": [{"sig": "", "certificate": 1}], "payload": "", "payloadType": ""}',
        b'{"signatures": [{"sig": "!", "certificate": ""}], "payload": "", "payloadType": ""}',
        b"\xff",
    ],
)
def test_what_is_no_envelope_is_told_as_such(content: bytes, issuer: Identity) -> None:
    with pytest.raises(SignatureError, match="not an envelope with one signature"):
        open_envelope(content, issuer.root_pem)


def test_a_certificate_that_cannot_be_read_is_not_believed(
    envelope: bytes, issuer: Identity
) -> None:
    (signature,) = json.loads(envelope)["signatures"]
    spoiled = changed(envelope, signatures=[signature | {"certificate": "none"}])

    with pytest.raises(SignatureError, match="cannot be read"):
        open_envelope(spoiled, issuer.root_pem)
    with pytest.raises(SignatureError, match="cannot be read"):
        open_envelope(envelope, b"none")


def test_two_signatures_are_one_too_many(envelope: bytes, issuer: Identity) -> None:
    (signature,) = json.loads(envelope)["signatures"]

    with pytest.raises(SignatureError, match="one signature"):
        open_envelope(changed(envelope, signatures=[signature, signature]), issuer.root_pem)


def test_signed_bytes_that_are_no_statement_are_not_one(issuer: Identity) -> None:
    payload, kind = b"{}", b"application/vnd.in-toto+json"
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    spoiled = {
        "payload": b64encode(payload).decode(),
        "payloadType": kind.decode(),
        "signatures": [
            {
                "sig": b64encode(issuer.sign(signed)).decode(),
                "certificate": issuer.certificate_pem.decode(),
            }
        ],
    }

    with pytest.raises(SignatureError, match="not an in-toto statement"):
        open_envelope(json.dumps(spoiled).encode(), issuer.root_pem)


def test_a_detached_signature_is_of_its_bytes_and_its_key(
    issuer: Identity, stranger: Identity
) -> None:
    signature = issuer.sign(b"bytes")
    certificate, root = issuer.certificate_pem, issuer.root_pem

    assert verify_bytes(b"bytes", signature, certificate, root).name
    for content, by, under in (
        (b"Bytes", certificate, root),
        (b"bytes", stranger.certificate_pem, stranger.root_pem),
        (b"bytes", certificate, stranger.root_pem),
    ):
        with pytest.raises(SignatureError):
            verify_bytes(content, signature, by, under)

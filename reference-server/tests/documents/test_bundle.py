"""A bundle holds what its signed manifest lists, all of it and nothing else, or is not valid.

The manifest is an envelope that others read as we do, and that is believed under our root alone.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from cryptography import x509
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

from intelgraph_server.documents.bundle import (
    MANIFEST,
    build,
    open_envelope,
    sign_statement,
    verify_bundle,
    verify_manifest,
)
from intelgraph_server.documents.identity import SignatureError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from intelgraph_server.documents.identity import Identity

FILES = {"slo/may.json": b'{"ratio": "0.9995"}', "invoice.pdf": b"%PDF-1.7 as it were"}
PREDICATE = {"included": ["slo"], "notIncluded": [{"name": "sbom", "why": "none was published"}]}


def packed(files: Mapping[str, bytes], *, compression: int = ZIP_STORED) -> bytes:
    """A zip as a bundle is packed, of whatever files."""
    archived = BytesIO()
    with ZipFile(archived, "w", compression) as archive:
        for name, content in sorted(files.items()):
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content, compression)
    return archived.getvalue()


@pytest.fixture(scope="module")
def bundle(issuer: Identity) -> bytes:
    return build(FILES, PREDICATE, issuer)


@pytest.fixture(scope="module")
def manifest(bundle: bytes) -> bytes:
    return ZipFile(BytesIO(bundle)).read(MANIFEST)


def test_a_bundle_as_it_was_built_is_valid(bundle: bytes, issuer: Identity) -> None:
    found = verify_bundle(bundle, issuer.root_pem)

    assert (found.is_valid, found.signer) == (True, "IntelGraph reference server (test)")


def test_the_manifest_tells_what_is_and_what_is_not_in_it(
    manifest: bytes, issuer: Identity
) -> None:
    said, _ = open_envelope(manifest, issuer.root_pem)

    assert said["predicate"] == PREDICATE
    assert [subject["name"] for subject in said["subject"]] == ["invoice.pdf", "slo/may.json"]


def test_the_order_and_the_hour_do_not_change_the_archive(bundle: bytes, manifest: bytes) -> None:
    assert packed({**FILES, MANIFEST: manifest}) == bundle
    assert packed({MANIFEST: manifest, **dict(reversed(FILES.items()))}) == bundle


def test_a_changed_file_is_named(manifest: bytes, issuer: Identity) -> None:
    spoiled = packed({**FILES, "invoice.pdf": b"%PDF-1.7 not as it was", MANIFEST: manifest})

    assert verify_bundle(spoiled, issuer.root_pem).problems == ("invoice.pdf: changed",)


def test_a_missing_and_an_unlisted_file_are_named(manifest: bytes, issuer: Identity) -> None:
    spoiled = packed({"invoice.pdf": FILES["invoice.pdf"], "extra.txt": b"x", MANIFEST: manifest})

    assert verify_bundle(spoiled, issuer.root_pem).problems == (
        "extra.txt: not listed in the manifest",
        "slo/may.json: missing",
    )


def test_a_byte_flipped_anywhere_is_found(bundle: bytes, issuer: Identity) -> None:
    for place in range(len(bundle)):
        touched = bytearray(bundle)
        touched[place] ^= 1

        assert not verify_bundle(bytes(touched), issuer.root_pem).is_valid, place


@pytest.mark.parametrize(("before", "behind"), [(b"", b"\0"), (b"#!/bin/sh\n", b"")])
def test_what_stands_around_the_archive_is_found(
    before: bytes, behind: bytes, bundle: bytes, issuer: Identity
) -> None:
    assert not verify_bundle(before + bundle + behind, issuer.root_pem).is_valid


def test_a_strangers_bundle_is_not_believed(bundle: bytes, stranger: Identity) -> None:
    assert verify_bundle(bundle, stranger.root_pem).problems == (
        f"{MANIFEST}: the issuer's certificate is not under the given root",
    )


def test_a_bundle_without_its_manifest_is_not_believed(issuer: Identity) -> None:
    assert verify_bundle(packed(FILES), issuer.root_pem).problems == (
        f"{MANIFEST}: this is not an envelope with one signature",
    )


UNSAFE = [
    "../up",
    "/etc/passwd",
    "a/../b",
    "C:\\x",
    "a\\b",
    ".hidden",
    "a//b",
    "",
    "a/",
    "ñ",
    "a\nb",
]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_could_leave_the_folder_is_refused(name: str, issuer: Identity) -> None:
    with pytest.raises(ValueError, match="cannot be a file's name"):
        build({name: b"x"}, {}, issuer)
    said = sign_statement({name: b"x"}, {}, issuer)
    found = verify_bundle(packed({name: b"x", MANIFEST: said}), issuer.root_pem)

    assert not found.is_valid


def test_a_file_cannot_take_the_manifests_name(issuer: Identity) -> None:
    with pytest.raises(ValueError, match="cannot be a file's name"):
        build({MANIFEST: b"{}"}, {}, issuer)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(manifest: bytes, issuer: Identity) -> None:
    doubled = BytesIO()
    with ZipFile(doubled, "w") as archive:
        for name, content in [*FILES.items(), ("invoice.pdf", b"%PDF other"), (MANIFEST, manifest)]:
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)

    (problem,) = verify_bundle(doubled.getvalue(), issuer.root_pem).problems

    assert "two files in it have the same name" in problem


def test_what_would_grow_when_unpacked_is_refused_unread(issuer: Identity) -> None:
    zeros = {"zeros": bytes(50_000_000)}
    said = sign_statement(zeros, {}, issuer)
    bomb = packed({**zeros, MANIFEST: said}, compression=ZIP_DEFLATED)

    (problem,) = verify_bundle(bomb, issuer.root_pem).problems

    assert len(bomb) < 100_000
    assert "bigger unpacked" in problem


def test_a_compressed_archive_is_not_a_bundle(manifest: bytes, issuer: Identity) -> None:
    # Even when no file is bigger than the archive: it is not the archive that was built.
    repacked = packed({**FILES, MANIFEST: manifest}, compression=ZIP_DEFLATED)

    assert not verify_bundle(repacked, issuer.root_pem).is_valid


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 and no more", b"%PDF-1.7"])
def test_what_is_no_archive_is_told_as_such(content: bytes, issuer: Identity) -> None:
    (problem,) = verify_bundle(content, issuer.root_pem).problems

    assert problem.startswith("it is not a bundle")


WHAT: Any = ({"b.txt": b"b", "a.txt": b"a"}, {"by": "Ñandú"})
SAID = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [
        {"name": name, "digest": {"sha256": sha256(content).hexdigest()}}
        for name, content in (("a.txt", b"a"), ("b.txt", b"b"))
    ],
    "predicateType": "https://intelgraph.example/evidence-bundle/v1",
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
    assert signer == "IntelGraph reference server (test)"
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

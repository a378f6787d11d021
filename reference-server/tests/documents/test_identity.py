"""The file of the issuer's key: made once, read back, and never taken for what it is not."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from intelgraph_server.documents.identity import (
    Identity,
    IdentityError,
    SignatureError,
    trusted,
    verify_bytes,
)

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from intelgraph_server.testing import Demo


def test_the_file_is_made_on_first_use_for_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "a.pem"
    identity = Identity(place)
    assert not place.exists()

    root = identity.root_pem

    assert place.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [place]
    assert Identity(place).root_pem == root
    assert Identity(place).certificate_pem == identity.certificate_pem


def test_all_that_start_at_once_end_up_with_one_issuer(tmp_path: Path) -> None:
    place = tmp_path / "a.pem"

    with ThreadPoolExecutor(8) as pool:
        roots = set(pool.map(lambda _: Identity(place).root_pem, range(8)))

    assert len(roots) == 1
    assert list(tmp_path.iterdir()) == [place]


def test_whoever_comes_second_keeps_what_the_first_has_written(tmp_path: Path) -> None:
    from intelgraph_server.documents.identity import _write_once  # noqa: PLC0415

    place = tmp_path / "a.pem"
    _write_once(place, b"first")

    _write_once(place, b"second")

    assert place.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [place]


def test_the_certificates_say_what_they_are_for(issuer: Identity) -> None:
    certificate = x509.load_pem_x509_certificate(issuer.certificate_pem)
    root = x509.load_pem_x509_certificate(issuer.root_pem)
    basic, usage = x509.BasicConstraints, x509.KeyUsage

    assert "test" in certificate.subject.rfc4514_string()
    assert "test" in root.subject.rfc4514_string()
    assert root.extensions.get_extension_for_class(basic).value == basic(ca=True, path_length=0)
    assert not certificate.extensions.get_extension_for_class(basic).value.ca
    assert certificate.extensions.get_extension_for_class(usage).value.content_commitment
    assert not certificate.extensions.get_extension_for_class(usage).value.key_cert_sign
    assert root.extensions.get_extension_for_class(usage).value.key_cert_sign


def test_the_key_of_the_root_is_kept_nowhere(issuer: Identity) -> None:
    root = x509.load_pem_x509_certificate(issuer.root_pem)
    kept = issuer.path.read_bytes()

    assert kept.count(b"PRIVATE KEY-----") == 2
    assert load_pem_private_key(kept, None).public_key() != root.public_key()


@pytest.mark.parametrize("kept", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nx\n"])
def test_a_malformed_file_is_told_and_left_as_it_is(kept: bytes, tmp_path: Path) -> None:
    place = tmp_path / "a.pem"
    place.write_bytes(kept)

    with pytest.raises(IdentityError, match="does not hold an issuer's key"):
        _ = Identity(place).root_pem

    assert place.read_bytes() == kept


def test_a_key_beside_another_keys_certificate_is_refused(
    issuer: Identity, stranger: Identity, tmp_path: Path
) -> None:
    _ = issuer.root_pem  # Makes the file.
    place = tmp_path / "a.pem"
    key = issuer.path.read_bytes().partition(b"-----BEGIN CERTIFICATE")[0]
    place.write_bytes(key + stranger.certificate_pem + stranger.root_pem)

    with pytest.raises(IdentityError):
        Identity(place).sign(b"x")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="no such file or directory"):
        Identity(tmp_path / "none" / "a.pem").sign(b"x")


def test_a_certificate_under_another_root_of_the_same_name_is_not_trusted(
    issuer: Identity, stranger: Identity
) -> None:
    assert "test" in trusted(issuer.certificate_pem, issuer.root_pem).name

    with pytest.raises(SignatureError, match="not under the given root"):
        trusted(issuer.certificate_pem, stranger.root_pem)


def test_the_root_itself_is_no_issuer_of_documents(issuer: Identity) -> None:
    with pytest.raises(SignatureError, match="not one for signing documents"):
        trusted(issuer.root_pem, issuer.root_pem)


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


async def test_whoever_verifies_can_download_the_root(demo: Demo, http: httpx.AsyncClient) -> None:
    reply = await http.get("/issuer.pem")

    assert (reply.status_code, reply.content) == (200, demo.server.services.identity.root_pem)
    assert reply.content.count(b"BEGIN") == 1
    assert b"PRIVATE" not in reply.content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    place = tmp_path / "a.pem"
    place.write_bytes(b"")
    place.chmod(0)

    with pytest.raises(IdentityError, match="permission denied"):
        Identity(place).sign(b"x")

"""A bundle holds what its manifest lists, all of it and nothing else, or it is not valid."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from intelgraph_server.documents.bundle import MANIFEST, build, verify_bundle
from intelgraph_server.documents.envelope import open_envelope, sign_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    said = sign_statement({name: b"x"}, "https://example/v1", {}, issuer)
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
    said = sign_statement(zeros, "https://example/v1", {}, issuer)
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

"""Files and a signed statement about them in one archive, the same bytes every time; and back.

The archive's `manifest.dsse.json` names every other file by digest. It is a statement of in-toto
(v1) in a DSSE envelope, which also carries the issuer's certificate: whoever verifies needs the
root's alone, and trusts no further than the root reaches. Nothing in the archive is compressed,
and an archive is good only if packing what came out of it gives the very same bytes: so no name,
comment or gap in it can hold what the manifest does not speak of.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .identity import SignatureError, Verification, verify_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .identity import Identity

MANIFEST: Final = "manifest.dsse.json"
MEDIA_TYPE: Final = "application/zip"
PREDICATE_TYPE: Final = "https://intelgraph.example/evidence-bundle/v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)*", re.ASCII)
_UNIX, _READABLE = 3, 0o100644 << 16


def build(files: Mapping[str, bytes], predicate: Mapping[str, Any], identity: Identity) -> bytes:
    """A zip of the files and a signed manifest of them; the predicate is told beside them.

    Raises ValueError for a name that could leave the folder it is unpacked to.
    """
    for name in files:
        if name == MANIFEST or not _SAFE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be a file's name in a bundle")
    return packed({**files, MANIFEST: sign_statement(files, predicate, identity)})


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, the same bytes for the same files."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name)  # Its date is the first there can be.
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, files[name])
    return written.getvalue()


def sign_statement(
    files: Mapping[str, bytes], predicate: Mapping[str, Any], identity: Identity
) -> bytes:
    """What is said of these files, which are named by digest, in an envelope, as JSON."""
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": name, "digest": {"sha256": sha256(files[name]).hexdigest()}}
            for name in sorted(files)
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": dict(predicate),
    }
    payload = json.dumps(statement, sort_keys=True, ensure_ascii=False).encode()
    signature = {
        "keyid": sha256(identity.certificate_pem).hexdigest(),
        "sig": b64encode(identity.sign(_signed(PAYLOAD_TYPE, payload))).decode(),
        "certificate": identity.certificate_pem.decode(),
    }
    told = {"payload": b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE}
    return json.dumps({**told, "signatures": [signature]}, indent=1).encode() + b"\n"


def open_envelope(envelope: bytes, root_pem: bytes) -> tuple[dict[str, Any], str]:
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
    return said, issuer.name


def verify_manifest(envelope: bytes, root_pem: bytes) -> Verification:
    """Whether the statement can be believed; of the files it names nothing is known."""
    try:
        return Verification(open_envelope(envelope, root_pem)[1])
    except SignatureError as error:
        return Verification(problems=(str(error),))


def verify_bundle(content: bytes, root_pem: bytes) -> Verification:
    """Whether the bundle holds what its signed manifest lists, all of it and nothing else."""
    try:
        files = _unpacked(content)
        said, issuer = open_envelope(files.pop(MANIFEST, b""), root_pem)
        listed = {subject["name"]: subject["digest"]["sha256"] for subject in said["subject"]}
    except SignatureError as error:
        return Verification(problems=(f"{MANIFEST}: {error}",))
    except (BadZipFile, EOFError, KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        return Verification(problems=(f"it is not a bundle: {error}",))
    found = {name: sha256(held).hexdigest() for name, held in files.items()}
    changed = {name for name in found.keys() & listed if found[name] != listed[name]}
    faults = {
        "not listed in the manifest": found.keys() - listed,
        "missing": listed.keys() - found,
        "changed": changed,
    }
    problems = (f"{name}: {fault}" for fault, names in faults.items() for name in sorted(names))
    return Verification(issuer, None, tuple(problems))


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The files by name; nothing is bigger unpacked, since nothing may be compressed."""
    with ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if unsafe := [name for name in names if not _SAFE_NAME.fullmatch(name)]:
            raise ValueError(f"{unsafe[0]!r} is no name for a file in it")
        if len(names) != len(set(names)):
            raise ValueError("two files in it have the same name")
        sizes = sum(entry.file_size for entry in entries)
        if sizes > len(content) or any(entry.compress_type for entry in entries):
            raise ValueError("it is compressed, or would be bigger unpacked than it is")
        files = {entry.filename: archive.read(entry) for entry in entries}
    if packed(files) != content:
        raise ValueError("it was not packed as a bundle is, or something was added to it")
    return files


def _signed(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding, version 1."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)

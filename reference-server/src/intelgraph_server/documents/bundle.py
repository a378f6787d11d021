"""Files and a statement about them into one archive, the same bytes every time; and back.

The archive's `manifest.dsse.json` names every other file by digest. Nothing in the archive is
compressed, and an archive is good only if packing what came out of it gives the very same
bytes: so no name, comment or gap in it can hold what the manifest does not speak of.
"""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .envelope import open_envelope, sign_statement
from .identity import SignatureError
from .verify import Verification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .identity import Identity

MANIFEST: Final = "manifest.dsse.json"
MEDIA_TYPE: Final = "application/zip"
PREDICATE_TYPE: Final = "https://intelgraph.example/evidence-bundle/v1"
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)*", re.ASCII)
_UNIX, _READABLE = 3, 0o100644 << 16


def build(files: Mapping[str, bytes], predicate: Mapping[str, Any], identity: Identity) -> bytes:
    """A zip of the files and a signed manifest of them; the predicate is told beside them.

    Raises ValueError for a name that could leave the folder it is unpacked to.
    """
    for name in files:
        if name == MANIFEST or not _SAFE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be a file's name in a bundle")
    return packed({**files, MANIFEST: sign_statement(files, PREDICATE_TYPE, predicate, identity)})


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
    problems = [f"{name}: not listed in the manifest" for name in sorted(found.keys() - listed)]
    problems += [f"{name}: missing" for name in sorted(listed.keys() - found)]
    both = sorted(found.keys() & listed)
    problems += [f"{name}: changed" for name in both if found[name] != listed[name]]
    return Verification(issuer.name, None, tuple(problems))


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, the same bytes for the same files."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name)  # Its date is the first there can be.
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, files[name])
    return written.getvalue()


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

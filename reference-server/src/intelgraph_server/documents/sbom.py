"""An artefact into its bill of materials: what it declares or holds, as CycloneDX JSON."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from email.parser import HeaderParser
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

MOST_FILES: Final = 2000
LARGEST: Final = 32_000_000  # Bytes, unpacked.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_METADATA: Final = re.compile(r"[^/]+\.dist-info/METADATA")


class ArtifactError(Exception):
    """The artefact is not one; the message says why."""


def contents(artifact: bytes) -> dict[str, Any]:
    """What a wheel requires, or the digests of the files of any other ZIP. Raises ArtifactError."""
    try:
        with zipfile.ZipFile(BytesIO(artifact)) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(files) > MOST_FILES or sum(entry.file_size for entry in files) > LARGEST:
                raise ArtifactError("The artefact unpacks to more than this server takes.")
            declared = next((e for e in files if _METADATA.fullmatch(e.filename)), None)
            if declared is not None:
                fields = HeaderParser().parsestr(archive.read(declared).decode())
                return {"requires": [str(text) for text in fields.get_all("Requires-Dist", [])]}
            return {"files": {e.filename: sha256(archive.read(e)).hexdigest() for e in files}}
    # A bad CRC, damaged or unknown compression, a password, an end that comes too soon.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError) as error:
        raise ArtifactError("The artefact is not a ZIP file that can be read.") from error


def bill_of_materials(
    contents: Mapping[str, Any], at: datetime, *, ref: str, name: str, version: str, digest: str
) -> bytes:
    """CycloneDX 1.6 as JSON: the same bytes for the same artefact, by its digest, and instant."""
    parts: list[dict[str, Any]] = [
        {"type": "file", "bom-ref": f"file:{file}", "name": file, "hashes": _hashes(content)}
        for file, content in contents.get("files", {}).items()
    ]
    parts += _libraries(contents.get("requires", ()))
    component: dict[str, Any] = {"type": "application", "bom-ref": ref, "hashes": _hashes(digest)}
    component |= {"name": name, "version": version}
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "serialNumber": uuid5(NAMESPACE_URL, f"{ref} {at.isoformat()}").urn,
        "metadata": {"timestamp": at.isoformat(), "component": component},
        "components": parts,
        "dependencies": [{"ref": ref, "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    return json.dumps(bill, indent=2).encode()


def _libraries(requires: Iterable[str]) -> list[dict[str, Any]]:
    # One for each package: a wheel may require one several times, under different conditions.
    required: dict[str, list[str]] = {}
    for text in requires:
        name = _NAME.match(text)
        if name:
            required.setdefault(re.sub(r"[-_.]+", "-", name[0]).lower(), []).append(text)
    return [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}",
            "name": name,
            "purl": f"pkg:pypi/{name}",
            "description": "; or ".join(texts),
            "scope": "optional" if all("extra ==" in text for text in texts) else "required",
        }
        for name, texts in required.items()
    ]


def _hashes(digest: str) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": digest}]

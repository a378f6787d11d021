"""`verify`: signed files into one line each that says whether to believe them, offline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intelgraph_server.documents.bundle import verify_bundle, verify_manifest
from intelgraph_server.documents.identity import Verification
from intelgraph_server.settings import OperatorError, reason

if TYPE_CHECKING:
    import argparse

SUMMARY: Final = "check signed PDFs, manifests and evidence bundles without a network"
EXAMPLES: Final = """\
examples:
  curl -O https://graph.example/issuer.pem
  intelgraph-server verify invoice.pdf bundle.zip manifest.dsse.json --root issuer.pem
"""


def add_options(command: argparse.ArgumentParser) -> None:
    add, trust = command.add_argument, "the root certificate to trust"
    add("files", type=Path, nargs="+", metavar="FILE", help="what to check")
    add("--root", type=Path, required=True, metavar="FILE", help=trust)


def run(options: argparse.Namespace) -> int:
    try:
        root = options.root.read_bytes()
    except OSError as error:
        raise OperatorError(f"cannot read {options.root}: {reason(error)}") from None
    if b"-----BEGIN CERTIFICATE-----" not in root:
        raise OperatorError(f"{options.root} holds no certificate")
    invalid = [file for file in options.files if not _told(file, root)]
    return 1 if invalid else 0


def _told(file: Path, root: bytes) -> bool:
    try:
        found, note = _verified(file.read_bytes(), root)
    except OSError as error:
        found, note = Verification(problems=(f"cannot be read: {reason(error)}",)), ""
    said = "; ".join(found.problems)
    said = f"NOT VALID: {said}" if said else f"valid, signed by {found.signer}{note}"
    sys.stdout.write(f"{file}: {said}\n")
    return found.is_valid


def _verified(content: bytes, root: bytes) -> tuple[Verification, str]:
    """What is found, by what the content is whatever its name says, and a note on it."""
    from intelgraph_server.documents.sign import verify_pdf  # noqa: PLC0415

    if content.startswith(b"PK"):
        return verify_bundle(content, root), " with every file in it"
    if content.lstrip().startswith(b"{"):
        return verify_manifest(content, root), "; the files it lists were not checked"
    found = verify_pdf(content, root)
    return found, f", dated {found.signed_at:%Y-%m-%d %H:%M:%S} UTC" if found.signed_at else ""

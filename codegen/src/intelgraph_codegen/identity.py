"""The two names of a persisted document: the id its bytes have, and the opId people read."""

from __future__ import annotations

import hashlib


def document_id(document: str) -> str:
    """`sha256:<hex>` of the bytes that a client would send."""
    return f"sha256:{hashlib.sha256(document.encode()).hexdigest()}"


def op_id(name: str, version: int) -> str:
    """`getEntity:v1` for version 1 of `GetEntity`; only the first letter changes its case."""
    return f"{name[:1].lower()}{name[1:]}:v{version}"

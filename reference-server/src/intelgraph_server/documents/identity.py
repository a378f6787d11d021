"""The issuer's signing key and certificates: a root of our own, and an issuer under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path


class Identity:
    """Whom signed documents come from; made on first use where the file does not exist."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path

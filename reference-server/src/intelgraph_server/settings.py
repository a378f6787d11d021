"""Environment variables and command line options into one frozen `Settings`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

DocumentsMode: TypeAlias = Literal["open", "allow-list"]

DEFAULT_DATABASE_URL: Final = "sqlite:///intelgraph.db"
DATABASE_URL_VARIABLE: Final = "INTELGRAPH_DATABASE_URL"
SIGNING_KEY_VARIABLE: Final = "INTELGRAPH_SIGNING_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that decides how the server behaves; `clock` None means the time of day."""

    database_url: str
    signing_key: str
    documents: DocumentsMode = "open"
    faults: bool = False
    access_log: bool = False
    clock: datetime | None = None
    body_limit: int = 1_048_576  # Bytes.
    workers: int = 8  # Threads, each with its own database connection.


def database_url(given: str | None, environment: Mapping[str, str] = os.environ) -> str:
    return given or environment.get(DATABASE_URL_VARIABLE) or DEFAULT_DATABASE_URL

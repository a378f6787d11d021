"""Environment variables and command line options into one frozen `Settings`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

DocumentsMode: TypeAlias = Literal["open", "allow-list"]

DEFAULT_DATABASE_URL: Final = "sqlite:///intelgraph.db"
LAKE_URL_VARIABLE: Final = "INTELGRAPH_LAKE_URL"
IDENTITY_VARIABLE: Final = "INTELGRAPH_IDENTITY"
PUBLIC_URL_VARIABLE: Final = "INTELGRAPH_PUBLIC_URL"
STRIPE_KEY_VARIABLE: Final = "STRIPE_SECRET_KEY"
STRIPE_WEBHOOK_VARIABLE: Final = "STRIPE_WEBHOOK_SECRET"
SMTP_URL_VARIABLE: Final = "INTELGRAPH_SMTP_URL"
DATABASE_URL_VARIABLE: Final = "INTELGRAPH_DATABASE_URL"
SIGNING_KEY_VARIABLE: Final = "INTELGRAPH_SIGNING_KEY"


class OperatorError(Exception):
    """What the operator has to mend; the message is one line for a person."""


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
    # Where others reach this server; links and payment pages begin so.
    public_url: str = "http://127.0.0.1:8800"
    lake_url: str = "memory:///"
    # The issuer's key and certificates; made where the file does not exist.
    identity: Path = Path("intelgraph.pem")
    # Stripe's test mode, or without a key the sandbox that is part of this server.
    stripe_key: str | None = None
    stripe_webhook_secret: str | None = None
    # Such as `smtp://localhost:25`; without one, e-mails wait.
    smtp_url: str | None = None
    mail_from: str = "trust@intelgraph.example"
    # The built pages of the portal, to be served beside the API.
    pages: Path | None = None
    # What the last accessibility audit of the pages found, as JSON.
    a11y_report: Path | None = None
    # Takes the place of `observe/objectives.json`.
    objectives: Path | None = None
    # Whether jobs are run by the server itself; tests run them by hand.
    runs_jobs: bool = False


def database_url(given: str | None, environment: Mapping[str, str] = os.environ) -> str:
    return given or environment.get(DATABASE_URL_VARIABLE) or DEFAULT_DATABASE_URL

"""Environment variables and command line options into one frozen `Settings`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

DocumentsMode: TypeAlias = Literal["open", "allow-list"]

DEFAULT_DATABASE_URL: Final = "sqlite:///intelgraph.db"
DATABASE_URL_VARIABLE: Final = "INTELGRAPH_DATABASE_URL"
SIGNING_KEY_VARIABLE: Final = "INTELGRAPH_SIGNING_KEY"
# Settings that only the environment tells.
VARIABLES: Final = {
    "public_url": "INTELGRAPH_PUBLIC_URL",
    "lake_url": "INTELGRAPH_LAKE_URL",
    "identity": "INTELGRAPH_IDENTITY",
    "smtp_url": "INTELGRAPH_SMTP_URL",
    "stripe_key": "STRIPE_SECRET_KEY",
    "stripe_webhook_secret": "STRIPE_WEBHOOK_SECRET",
}


class OperatorError(Exception):
    """What the operator has to mend; the message is one line for a person."""


def reason(error: OSError) -> str:
    """What the operating system says, to stand behind a colon."""
    # Not by its number: those of a name that is not found are not the system's.
    return (error.strerror or str(error)).lower()


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
    # For how long a repeated request gets its first answer, by its `Idempotency-Key`.
    answers_kept: timedelta = timedelta(hours=24)
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


def database_url(given: str | None) -> str:
    return given or os.environ.get(DATABASE_URL_VARIABLE) or DEFAULT_DATABASE_URL


def told_by_environment() -> dict[str, str]:
    """The settings of VARIABLES that have a value."""
    told = ((name, os.environ.get(variable)) for name, variable in VARIABLES.items())
    return {name: value for name, value in told if value}

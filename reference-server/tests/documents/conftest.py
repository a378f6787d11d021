"""A template of the tests' own, and one document of it, signed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.documents.identity import Identity
from intelgraph_server.documents.pdf import TEMPLATES, render
from intelgraph_server.documents.sign import sign_pdf

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
TEMPLATE = """
#import "house.typ": *
#show: house.with(title: values.title, test-mode: true)
#facts((say("document-page"), values.name), ("Total", values.total), ("Due", values.due))
== Lines
#records(("What", "How many"), values.rows)
#pdf.attach(
  "lines.csv", bytes(values.csv),
  relationship: "data", mime-type: "text/csv", description: "The lines as CSV",
)
"""


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    shutil.copy(TEMPLATES / "house.typ", folder)
    (folder / "sample.typ").write_text(TEMPLATE, "utf-8")
    return folder


@pytest.fixture(scope="session")
def values() -> dict[str, Any]:
    return {
        "at": AT,
        "title": "A sample",
        "name": "Ana",
        "total": Decimal("1234.50"),
        "due": AT.date(),
        "rows": [["Requests", Decimal(10_000)]] * 60,
        "csv": "what,how many\r\nRequests,10000\r\n",
    }


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return Identity(tmp_path_factory.mktemp("issuer") / "intelgraph.pem")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """Another issuer, with certificates of the same names under a root of its own."""
    return Identity(tmp_path_factory.mktemp("stranger") / "intelgraph.pem")


@pytest.fixture(scope="session")
def plain(templates: Path, values: dict[str, Any]) -> bytes:
    return render("sample", values, locale="en", folder=templates)


@pytest.fixture(scope="session")
def signed(plain: bytes, issuer: Identity) -> bytes:
    return sign_pdf(plain, issuer, reason="Sample", at=AT)

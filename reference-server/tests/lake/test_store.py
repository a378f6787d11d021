"""The catalogue: a name is given once, to one document, in one tenant."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.lake import store
from intelgraph_server.lake.objects import Lake, LakeAwayError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database
    from intelgraph_server.lake.store import LakeObject

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
CONTENT = b"%PDF"


@pytest.fixture
def database(filled: Database) -> Database:
    """A database with the tenants that documents are of."""
    return filled


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(f"file://{tmp_path}/lake")


def keep(connection: Connection, lake: Lake, **given: Any) -> LakeObject:
    values = {
        "tenant_id": "acme",
        "name": "invoices/1.pdf",
        "content": CONTENT,
        "media_type": "application/pdf",
        "now": NOW,
    }
    return store.keep(connection, lake, **(values | given))


def test_a_document_is_found_under_its_name_with_its_digest(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        kept = keep(connection, lake)

    with database.reading() as connection:
        found = store.find(connection, "acme", "invoices/1.pdf")
    assert found == kept
    assert (kept.sha256, kept.size) == (sha256(CONTENT).hexdigest(), 4)
    assert kept.uri == "lake://acme/invoices/1.pdf"
    assert lake.get(kept.sha256) == CONTENT


def test_the_same_again_answers_what_is_there(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        first = keep(connection, lake)
        later = datetime(2026, 4, 16, tzinfo=UTC)

        assert keep(connection, lake, now=later) == first


def test_a_name_that_stands_for_another_document_is_refused(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        kept = keep(connection, lake)

        with pytest.raises(store.NameTakenError, match=r"invoices/1\.pdf stands for another"):
            keep(connection, lake, content=b"other")
        assert store.find(connection, "acme", "invoices/1.pdf") == kept


def test_each_tenant_has_names_of_its_own(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        keep(connection, lake)
        other = keep(connection, lake, tenant_id="globex", content=b"other")

        assert store.find(connection, "globex", "invoices/1.pdf") == other
        assert store.find(connection, "initech", "invoices/1.pdf") is None


def test_a_lake_that_is_away_leaves_no_name_behind(database: Database, tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("in the way", "utf-8")

    with database.writing() as connection:
        with pytest.raises(LakeAwayError):
            keep(connection, Lake(f"file://{tmp_path}/lake"))

        assert store.find(connection, "acme", "invoices/1.pdf") is None


def test_of_two_who_take_a_name_at_once_one_is_refused(database: Database, lake: Lake) -> None:
    refused: list[Exception] = []

    def second() -> None:
        try:
            with database.writing() as connection:
                keep(connection, lake, content=b"second")
        except store.NameTakenError as error:
            refused.append(error)

    waiting = Thread(target=second)
    with database.writing() as connection:
        first = keep(connection, lake)
        waiting.start()
        waiting.join(0.3)
        is_waiting = waiting.is_alive()
    waiting.join()

    with database.reading() as connection:
        assert store.find(connection, "acme", "invoices/1.pdf") == first
    assert is_waiting
    assert len(refused) == 1

"""The audit trail in SQL: whose entries are read, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from intelgraph_server.controls import trail
from intelgraph_server.controls.trail import AuditEntry
from intelgraph_server.database.keyset import Page

if TYPE_CHECKING:
    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)


def entry(tenant_id: str | None, subject: str) -> AuditEntry:
    return AuditEntry(
        tenant_id=tenant_id, at=NOW, actor="ada", action="thing.done", subject=subject
    )


@pytest.fixture
def told(filled: Database) -> Database:
    """A trail of one entry of acme's, one of globex's and one of the whole platform."""
    with filled.writing() as connection:
        for tenant_id in ("acme", "globex", None):
            trail.record(connection, entry(tenant_id, f"of {tenant_id}"))
    return filled


def test_a_tenant_reads_its_own_entries_and_those_of_all_the_newest_first(told: Database) -> None:
    with told.reading() as connection:
        of_acme = trail.entries(connection, "acme", Page(100)).items
        of_globex = trail.entries(connection, "globex", Page(100)).items

    assert [entry.subject for entry in of_acme] == ["of None", "of acme"]
    assert [entry.subject for entry in of_globex] == ["of None", "of globex"]


def test_the_count_is_of_what_the_tenant_may_read(told: Database) -> None:
    with told.reading() as connection:
        part = trail.entries(connection, "acme", Page(1))

        assert (len(part.items), part.count(), part.has_previous()) == (2, 2, False)


def test_a_page_goes_on_behind_the_entry_it_is_given(told: Database) -> None:
    with told.reading() as connection:
        newest, oldest = trail.entries(connection, "acme", Page(100)).items
        assert newest.id is not None
        behind = trail.entries(connection, "acme", Page(100, after=(newest.id,)))

        assert list(behind.items) == [oldest]
        assert behind.has_previous()


def test_an_entry_is_undone_with_the_change_it_tells_of(told: Database) -> None:
    with told.writing() as connection:
        trail.record(connection, entry("acme", "undone"))
        connection.rollback()

    with told.reading() as connection:
        assert trail.entries(connection, "acme", Page(100)).count() == 2

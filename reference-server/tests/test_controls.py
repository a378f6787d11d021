"""Switches as they stand and are turned, and the trail: whose entries are read, in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from intelgraph_server import controls
from intelgraph_server.controls import AuditEntry, Switch
from intelgraph_server.database.keyset import Page
from intelgraph_server.generated.enums import SwitchName

if TYPE_CHECKING:
    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)


def switch(*, is_on: bool, by: str = "ada") -> Switch:
    return Switch(
        name=SwitchName.CHECKOUT, is_on=is_on, changed_by=by, changed_at=NOW, reason="because"
    )


def test_what_nobody_ever_switched_is_on(database: Database) -> None:
    with database.reading() as connection:
        found = controls.all_switches(connection)
        are_on = [controls.is_on(connection, name) for name in SwitchName]

    assert found == [Switch(name=name) for name in SwitchName]
    assert are_on == [True] * 4


def test_a_switch_is_read_as_it_was_written_and_the_others_stay(database: Database) -> None:
    with database.writing() as connection:
        assert controls.turn(connection, switch(is_on=False)) is True

    with database.reading() as connection:
        first, *others = controls.all_switches(connection)
        is_on = controls.is_on(connection, SwitchName.CHECKOUT)

    assert (first, is_on) == (switch(is_on=False), False)
    assert others == [Switch(name=name) for name in list(SwitchName)[1:]]


def test_a_switch_goes_both_ways(database: Database) -> None:
    for is_on in (False, True, False, True):
        with database.writing() as connection:
            assert controls.turn(connection, switch(is_on=is_on)) is True
            assert controls.is_on(connection, SwitchName.CHECKOUT) is is_on


def test_what_stands_already_is_not_written_again(database: Database) -> None:
    with database.writing() as connection:
        controls.turn(connection, switch(is_on=False))
        again = controls.turn(connection, switch(is_on=False, by="bob"))
        first = controls.all_switches(connection)[0]

    assert again is False
    assert first.changed_by == "ada"


def test_of_two_who_switch_at_once_one_changes_it_and_the_other_finds_it_changed(
    database: Database,
) -> None:
    changed: dict[str, bool] = {}

    def second() -> None:
        with database.writing() as connection:
            changed["second"] = controls.turn(connection, switch(is_on=False, by="second"))

    waiting = Thread(target=second)
    with database.writing() as connection:
        changed["first"] = controls.turn(connection, switch(is_on=False, by="first"))
        waiting.start()
        waiting.join(0.3)
        is_waiting = waiting.is_alive()
    waiting.join()

    assert is_waiting
    assert changed == {"first": True, "second": False}


def entry(tenant_id: str | None, subject: str) -> AuditEntry:
    return AuditEntry(
        tenant_id=tenant_id, at=NOW, actor="ada", action="thing.done", subject=subject
    )


@pytest.fixture
def told(filled: Database) -> Database:
    """A trail of one entry of acme's, one of globex's and one of the whole platform."""
    with filled.writing() as connection:
        for tenant_id in ("acme", "globex", None):
            controls.record(connection, entry(tenant_id, f"of {tenant_id}"))
    return filled


def test_a_tenant_reads_its_own_entries_and_those_of_all_the_newest_first(told: Database) -> None:
    with told.reading() as connection:
        of_acme = controls.entries(connection, "acme", Page(100)).items
        of_globex = controls.entries(connection, "globex", Page(100)).items

    assert [entry.subject for entry in of_acme] == ["of None", "of acme"]
    assert [entry.subject for entry in of_globex] == ["of None", "of globex"]


def test_the_count_is_of_what_the_tenant_may_read(told: Database) -> None:
    with told.reading() as connection:
        part = controls.entries(connection, "acme", Page(1))

        assert (len(part.items), part.count(), part.has_previous()) == (2, 2, False)


def test_a_page_goes_on_behind_the_entry_it_is_given(told: Database) -> None:
    with told.reading() as connection:
        newest, oldest = controls.entries(connection, "acme", Page(100)).items
        assert newest.id is not None
        behind = controls.entries(connection, "acme", Page(100, after=(newest.id,)))

        assert list(behind.items) == [oldest]
        assert behind.has_previous()


def test_an_entry_is_undone_with_the_change_it_tells_of(told: Database) -> None:
    with told.writing() as connection:
        controls.record(connection, entry("acme", "undone"))
        connection.rollback()

    with told.reading() as connection:
        assert controls.entries(connection, "acme", Page(100)).count() == 2

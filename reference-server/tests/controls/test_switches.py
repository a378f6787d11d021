"""Switches in SQL: what stands when nobody wrote a row, and two who switch at once."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

from intelgraph_server.controls import switches
from intelgraph_server.controls.switches import Switch, SwitchName

if TYPE_CHECKING:
    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)


def switch(*, is_on: bool, by: str = "ada") -> Switch:
    return Switch(
        name=SwitchName.CHECKOUT, is_on=is_on, changed_by=by, changed_at=NOW, reason="because"
    )


def test_what_nobody_ever_switched_is_on(database: Database) -> None:
    with database.reading() as connection:
        found = switches.all_switches(connection)
        are_on = [switches.is_on(connection, name) for name in SwitchName]

    assert found == [Switch(name=name) for name in SwitchName]
    assert are_on == [True] * 4


def test_a_switch_is_read_as_it_was_written_and_the_others_stay(database: Database) -> None:
    with database.writing() as connection:
        assert switches.write(connection, switch(is_on=False)) is True

    with database.reading() as connection:
        first, *others = switches.all_switches(connection)
        is_on = switches.is_on(connection, SwitchName.CHECKOUT)

    assert (first, is_on) == (switch(is_on=False), False)
    assert others == [Switch(name=name) for name in list(SwitchName)[1:]]


def test_a_switch_goes_both_ways(database: Database) -> None:
    for is_on in (False, True, False, True):
        with database.writing() as connection:
            assert switches.write(connection, switch(is_on=is_on)) is True
            assert switches.is_on(connection, SwitchName.CHECKOUT) is is_on


def test_what_stands_already_is_not_written_again(database: Database) -> None:
    with database.writing() as connection:
        switches.write(connection, switch(is_on=False))
        again = switches.write(connection, switch(is_on=False, by="bob"))
        first = switches.all_switches(connection)[0]

    assert again is False
    assert first.changed_by == "ada"


def test_of_two_who_switch_at_once_one_changes_it_and_the_other_finds_it_changed(
    database: Database,
) -> None:
    changed: dict[str, bool] = {}

    def second() -> None:
        with database.writing() as connection:
            changed["second"] = switches.write(connection, switch(is_on=False, by="second"))

    waiting = Thread(target=second)
    with database.writing() as connection:
        changed["first"] = switches.write(connection, switch(is_on=False, by="first"))
        waiting.start()
        waiting.join(0.3)
        is_waiting = waiting.is_alive()
    waiting.join()

    assert is_waiting
    assert changed == {"first": True, "second": False}

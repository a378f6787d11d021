"""Answers by their keys: kept with what they tell of, each for its owner, and for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from intelgraph_server import kept_answers
from intelgraph_server.database.tables import KEPT_ANSWERS
from intelgraph_server.kept_answers import KeptAnswer

if TYPE_CHECKING:
    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
OWN = ("acme", "ada", "key-1")
ANSWER = KeptAnswer(
    tenant_id="acme",
    subject="ada",
    key="key-1",
    fingerprint="f",
    permissions=["billing.write"],
    body={"data": {"z": 1.5, "a": ["é", "\u0000", None]}},
    created_at=NOW,
)


def keep(database: Database, answer: KeptAnswer = ANSWER) -> None:
    with database.writing() as connection:
        kept_answers.keep(connection, answer)


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(KEPT_ANSWERS)).scalar_one()


def test_an_answer_is_found_as_it_was_kept_with_its_members_in_order(database: Database) -> None:
    keep(database)

    with database.writing() as connection:
        found = kept_answers.find(connection, *OWN, NOW)

    assert found == ANSWER
    assert str(found.body) == str(ANSWER.body)


@pytest.mark.parametrize("own", [("globex", "ada", "key-1"), ("acme", "bob", "key-1")])
def test_a_key_of_another_is_another_key(database: Database, own: tuple[str, str, str]) -> None:
    keep(database)

    with database.writing() as connection:
        assert kept_answers.find(connection, *own, NOW) is None
        assert kept_answers.lock(connection, *own)


def test_there_is_never_a_second_answer_by_one_key(database: Database) -> None:
    keep(database)

    with pytest.raises(IntegrityError):
        keep(database, replace(ANSWER, fingerprint="other"))


def test_an_answer_that_is_too_old_is_not_given_and_makes_room(database: Database) -> None:
    keep(database)

    with database.writing() as connection:
        assert kept_answers.find(connection, *OWN, NOW + timedelta(seconds=1)) is None
    assert count(database) == 0


def test_what_is_forgotten_is_what_is_old(database: Database) -> None:
    keep(database)
    keep(database, replace(ANSWER, key="key-2", created_at=NOW + timedelta(hours=1)))

    with database.writing() as connection:
        kept_answers.forget(connection, NOW + timedelta(minutes=1))

    assert count(database) == 1


def test_a_key_is_its_callers_until_the_transaction_ends(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time, and no need of a lock")
    with database.writing() as first, database.writing() as second:
        assert kept_answers.lock(first, *OWN)
        assert not kept_answers.lock(second, *OWN)
        assert kept_answers.lock(second, "acme", "ada", "key-2")
        first.commit()
        assert kept_answers.lock(second, *OWN)

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, event, insert, inspect, select, table, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, StatementError

from intelgraph_server.database.columns import METADATA
from intelgraph_server.database.engine import Database, DatabaseError, is_unavailable
from intelgraph_server.database.migrate import (
    HEAD,
    create_tables,
    current_revision,
    make_ready,
    migrate,
)
from intelgraph_server.database.tables import ENTITIES, PLUGINS, RELATIONS, TENANTS
from intelgraph_server.seed import DEFAULT_CLOCK, DEFAULT_SEED, seed_demo

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORY = Path(__file__).parent / "history"
TRUST_TILES_OF_1_0 = table(
    "trust_tiles", *map(column, ("tenant_id", "kind", "position", "status", "updated_at"))
)
TILE_OF_1_0 = {
    "tenant_id": "acme",
    "kind": "UPTIME",
    "position": 1,
    "status": "OK",
    "updated_at": DEFAULT_CLOCK,
}


@pytest.fixture
def migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", "intelgraph_server:database/migrations")
    config.set_main_option("path_separator", "os")
    return config


def test_the_migrations_and_the_tables_agree(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, METADATA) == []


def test_a_migrated_database_has_the_constraints_of_the_tables(
    database: Database, new_database: Callable[[], str]
) -> None:
    other = Database(new_database())
    create_tables(other)

    assert schema_of(database) == schema_of(other)
    assert {"residency_audit", "residency_of_tenants"} <= schema_of(other).keys()
    other.close()


def schema_of(database: Database) -> dict[str, object]:
    with database.reading() as connection:
        inspector = inspect(connection)
        return {
            table: (
                sorted(check["name"] or "" for check in inspector.get_check_constraints(table)),
                sorted(fk["constrained_columns"] for fk in inspector.get_foreign_keys(table)),
                inspector.get_pk_constraint(table)["constrained_columns"],
                sorted(index["name"] or "" for index in inspector.get_indexes(table)),
            )
            for table in METADATA.tables
        } | {
            view: " ".join(inspector.get_view_definition(view).split())
            for view in inspector.get_view_names()
        }


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_migration_runs_the_statements_that_it_ran_when_it_was_released(
    new_database: Callable[[], str], migrations: Config, revision: str
) -> None:
    database, ran = Database(new_database()), list[str]()
    released = HISTORY / f"{revision}.{database.engine.dialect.name}.sql"
    event.listen(database.engine, "before_cursor_execute", lambda *told: ran.append(told[2]))

    with database.writing() as connection:
        migrations.attributes["connection"] = connection
        command.upgrade(migrations, f"{int(revision) - 1:04}" if revision != "0001" else "base")
        ran.clear()
        command.upgrade(migrations, revision)
    database.close()
    changes = (s.strip() for s in ran if s.split()[0] in {"CREATE", "ALTER", "DROP", "INSERT"})
    statements = "".join(f"{s.expandtabs(2)};\n" for s in changes).replace(" \n", "\n")
    if not released.exists():
        released.write_text(statements, "utf-8")
        pytest.fail(f"{released.name} is written now: read it before you commit it")

    # Is this red, a table has changed that a migration shares: write it out there as it stood.
    assert statements == released.read_text("utf-8")


def test_the_newest_migration_is_the_one_the_server_asks_for(migrations: Config) -> None:
    assert ScriptDirectory.from_config(migrations).get_heads() == [HEAD]


def test_the_newest_migration_can_be_undone_and_done_again(
    database: Database, migrations: Config
) -> None:
    before = schema_of(database)

    with database.writing() as connection:
        migrations.attributes["connection"] = connection
        command.downgrade(migrations, "-1")
        assert current_revision(connection) != HEAD
    migrate(database)

    assert schema_of(database) == before


def test_a_database_of_release_1_0_keeps_its_rows_when_it_is_brought_up_to_date(
    new_database: Callable[[], str], migrations: Config
) -> None:
    old, fresh = Database(new_database()), Database(new_database())
    with old.writing() as connection:
        migrations.attributes["connection"] = connection
        command.upgrade(migrations, "0001")
        connection.execute(insert(TENANTS).values(id="acme", name="Acme"))
        connection.execute(insert(TRUST_TILES_OF_1_0).values(TILE_OF_1_0))
    with pytest.raises(DatabaseError, match="run `intelgraph-server migrate`"):
        make_ready(old)

    migrate(old)
    migrate(fresh)

    make_ready(old)
    assert schema_of(old) == schema_of(fresh)
    with old.reading() as connection:
        assert connection.execute(select(TENANTS.c.id)).scalars().all() == ["acme"]
        assert not inspect(connection).has_table("trust_tiles")
    old.close()
    fresh.close()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)

    with database.reading() as connection:
        assert current_revision(connection) == HEAD


def test_an_empty_database_is_made_ready(new_database: Callable[[], str]) -> None:
    database = Database(new_database())

    make_ready(database)

    with database.reading() as connection:
        assert current_revision(connection) == HEAD
    database.close()


def test_a_database_of_another_revision_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(DatabaseError) as caught:
        make_ready(database)

    assert str(caught.value) == (
        f"the database is at revision 0000, this server needs {HEAD};"
        " run `intelgraph-server migrate`"
    )


def test_a_database_of_somebody_else_is_refused(new_database: Callable[[], str]) -> None:
    database = Database(new_database())
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))

    with pytest.raises(DatabaseError, match="is at revision none"):
        make_ready(database)
    database.close()


def test_a_relation_cannot_lead_into_another_tenant(database: Database) -> None:
    with database.writing() as connection:
        seed_demo(connection, DEFAULT_SEED, DEFAULT_CLOCK)

    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(
            insert(RELATIONS).values(
                tenant_id="globex",
                id="rel_x",
                source_id="per_grace",
                target_id="per_ada",
                kind="USES",
                confidence=1.0,
            )
        )


@pytest.mark.parametrize("price", ["0.10", "149.995", "12345678901234567890.123456789", "1000"])
def test_an_amount_keeps_every_digit(database: Database, price: str) -> None:
    row = dict.fromkeys((column.name for column in PLUGINS.c), "a") | {
        "price": Decimal(price),
        "published_at": DEFAULT_CLOCK,
    }

    with database.writing() as connection:
        connection.execute(insert(PLUGINS), [row])
        read = connection.execute(select(PLUGINS.c.price)).scalar_one()

    assert str(read) == price


def test_an_instant_comes_back_in_utc_to_the_microsecond(database: Database) -> None:
    there = datetime(2026, 4, 15, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=2)))

    with database.writing() as connection:
        seed_demo(connection, DEFAULT_SEED, there)
        read = connection.execute(
            select(ENTITIES.c.updated_at).where(ENTITIES.c.id == "per_ada")
        ).scalar_one()

    assert read == there - timedelta(hours=1)
    assert read.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_not_stored(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), database.writing() as link:
        seed_demo(link, DEFAULT_SEED, DEFAULT_CLOCK.replace(tzinfo=None))


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(TENANTS).values(id="a", name="a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with database.reading() as connection:
        assert connection.execute(select(TENANTS)).all() == []


def test_a_read_sees_one_state_however_long_it_takes(database: Database) -> None:
    with database.reading() as connection:
        before = connection.execute(select(TENANTS)).all()
        writer = threading.Thread(target=add_tenant, args=(database,))
        writer.start()
        writer.join()
        after = connection.execute(select(TENANTS)).all()

    assert before == after == []


def test_a_reading_transaction_of_postgresql_cannot_write(database: Database) -> None:
    # SQLite has no such transactions; there the stores' discipline must do.
    if not database.is_sqlite:
        with (
            pytest.raises(InternalError, match="read-only"),
            database.reading() as connection,
        ):
            connection.execute(insert(TENANTS).values(id="a", name="a"))


def add_tenant(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(TENANTS).values(id="a", name="a"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "the database URL is malformed; write sqlite:///file.db or postgresql://"),
        ("mysql://a@b/c", "the database URL names 'mysql'; use sqlite or postgresql"),
        ("sqlite://", "the SQLite URL names no file; write sqlite:///file.db"),
        ("sqlite:///:memory:", "the SQLite URL names no file; write sqlite:///file.db"),
        ("sqlite+none:///a.db", "the database URL names an unknown driver: sqlite+none"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained(url: str, message: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        Database(url)

    assert str(caught.value).startswith(message)


def test_a_busy_sqlite_is_unavailable_but_a_wrong_statement_is_not(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with database.writing(), database.engine.connect() as other:
        other.exec_driver_sql("COMMIT")
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked") as busy:
            other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="no such table") as wrong:
            other.exec_driver_sql("SELECT * FROM nowhere_at_all")
    database.close()

    assert is_unavailable(busy.value)
    assert not is_unavailable(wrong.value)

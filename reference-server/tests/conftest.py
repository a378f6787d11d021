"""Databases to test on, and a way to ask the server without a socket.

SQLite is always there. PostgreSQL is the server of `INTELGRAPH_TEST_POSTGRES`, or else
one that is started here from the system's own programs; each use gets its own database.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import httpx
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.engine import create_engine

from intelgraph_server.app import create_services
from intelgraph_server.database.engine import Database
from intelgraph_server.database.migrate import migrate
from intelgraph_server.seed import DEFAULT_CLOCK, DEFAULT_SEED, seed_demo
from intelgraph_server.settings import Settings
from intelgraph_server.testing import Demo, demo_server

if TYPE_CHECKING:
    from intelgraph_server.services import Services

URL_VARIABLE = "INTELGRAPH_TEST_POSTGRES"
REQUIRE_VARIABLE = "INTELGRAPH_REQUIRE_POSTGRES"
NOT_RUN = (
    f"PostgreSQL: not run ({URL_VARIABLE} is not set,"
    " and no server programs are under /usr/lib/postgresql)"
)
ROOM = 2 << 30  # Bytes; one server has a dozen databases at a time, of 8 MB.
SIGNING_KEY = "a key for tests that is long enough to sign with"

NewDatabase: TypeAlias = Callable[..., str]
Ask: TypeAlias = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Databases:
    """How a backend makes a database and takes it away."""

    create: NewDatabase
    drop: Callable[[str], None]


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


def fast_place() -> str | None:
    """Where files are in memory, if there is room: to copy a database is to write 300 files."""
    memory = Path("/dev/shm")  # noqa: S108 - A folder of a name of its own is made there.
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return str(memory) if is_roomy else None


def has_postgres() -> bool:
    return bool(os.environ.get(URL_VARIABLE)) or postgres_programs() is not None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not has_postgres():
        terminalreporter.section("databases")
        terminalreporter.write_line(NOT_RUN, red=True, bold=True)


@contextmanager
def started_postgres(programs: Path) -> Iterator[str]:
    """A PostgreSQL of our own, on a Unix socket in a folder of its own."""
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    # initdb refuses root, so root becomes the user that the system package made.
    prefix = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="intelgraph-pg-", dir=fast_place()))
    if prefix:
        shutil.chown(folder, user)
    cluster = folder / "cluster"

    def run(*command: str) -> None:
        subprocess.run([*prefix, *command], check=True, capture_output=True, cwd=folder)

    options = f"-F -c listen_addresses='' -c unix_socket_directories='{folder}'"
    run(f"{programs}/initdb", "-D", f"{cluster}", "-A", "trust", "--no-sync", "-E", "UTF8")
    run(f"{programs}/pg_ctl", "-D", f"{cluster}", "-o", options, "-l", f"{folder}/log", "-w",
        "start")  # fmt: skip
    try:
        yield f"postgresql://{user}@/postgres?host={folder}"
    finally:
        run(f"{programs}/pg_ctl", "-D", f"{cluster}", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    programs = postgres_programs()
    if os.environ.get(URL_VARIABLE):
        yield os.environ[URL_VARIABLE]
    elif programs is not None:
        with started_postgres(programs) as url:
            yield url
    elif os.environ.get(REQUIRE_VARIABLE) == "1":
        pytest.fail(f"{REQUIRE_VARIABLE} is 1, but there is no PostgreSQL")
    else:
        pytest.skip(NOT_RUN)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Literal["sqlite", "postgresql"]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def databases(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """Makes databases, empty or like a closed one, and drops them."""
    if backend == "sqlite":
        yield _files(tmp_path_factory.mktemp("sqlite"))
        return
    url = make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    names = (f"intelgraph_test_{os.getpid()}_{number}" for number in count())

    def create(like: str | None = None) -> str:
        name = next(names)
        template = "" if like is None else f" TEMPLATE {make_url(like).database}"
        with engine.connect() as connection:
            # Without a log of each page, which nobody would read, it takes half as long.
            is_new = (engine.dialect.server_version_info or (0,)) >= (15,)
            strategy = " STRATEGY FILE_COPY" if template and is_new else ""
            connection.execute(text(f"CREATE DATABASE {name}{template}{strategy}"))
        return url.set(database=name).render_as_string(hide_password=False)

    def drop(made: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {make_url(made).database} WITH (FORCE)"))

    yield Databases(create, drop)
    engine.dispose()


@contextmanager
def dropped_after_use(databases: Databases) -> Iterator[NewDatabase]:
    """Makes a database each time it is called, and drops them all at the end."""
    made: list[str] = []

    def create(like: str | None = None) -> str:
        made.append(databases.create(like))
        return made[-1]

    yield create
    for url in made:
        databases.drop(url)


@pytest.fixture
def new_database(databases: Databases) -> Iterator[NewDatabase]:
    """Makes a database for this test alone, empty or like a closed one; gives its URL."""
    with dropped_after_use(databases) as create:
        yield create


@pytest.fixture(scope="session")
def kept_database(databases: Databases) -> Iterator[NewDatabase]:
    """As `new_database`, for all tests of a run."""
    with dropped_after_use(databases) as create:
        yield create


def _files(folder: Path) -> Databases:
    numbers = count()

    def create(like: str | None = None) -> str:
        path = folder / f"{next(numbers)}.db"
        if like is not None:
            shutil.copyfile(str(make_url(like).database), path)
        return f"sqlite:///{path}"

    def drop(made: str) -> None:
        """Goes with its folder."""

    return Databases(create, drop)


@pytest.fixture(scope="session")
def migrated_url(kept_database: NewDatabase) -> str:
    """A migrated database without rows, to be copied."""
    database = Database(kept_database())
    migrate(database)
    return closed(database)


@pytest.fixture(scope="session")
def filled_url(kept_database: NewDatabase, migrated_url: str) -> str:
    """A database with the demonstration data, to be copied."""
    database = Database(kept_database(migrated_url))
    with database.writing() as connection:
        seed_demo(connection, DEFAULT_SEED, DEFAULT_CLOCK)
    return closed(database)


def closed(database: Database) -> str:
    database.close()
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def database(new_database: NewDatabase, migrated_url: str) -> Iterator[Database]:
    """A migrated database without rows, for this test alone."""
    database = Database(new_database(migrated_url))
    yield database
    database.close()


@pytest.fixture
def filled(new_database: NewDatabase, filled_url: str) -> Iterator[Database]:
    """A database with the demonstration data, for this test alone."""
    database = Database(new_database(filled_url))
    yield database
    database.close()


@pytest.fixture(scope="session")
def seeded_url(kept_database: NewDatabase, filled_url: str) -> str:
    """A database with the demonstration data; tests only read it."""
    return kept_database(filled_url)


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the issuer's key and certificates are; one for all tests of a run."""
    return tmp_path_factory.mktemp("identity") / "intelgraph.pem"


@pytest.fixture
def settings(seeded_url: str, tmp_path: Path, identity: Path) -> Settings:
    return Settings(
        database_url=seeded_url,
        signing_key=SIGNING_KEY,
        clock=DEFAULT_CLOCK,
        faults=True,
        public_url="http://test",
        lake_url=f"file://{tmp_path}/lake",
        identity=identity,
    )


@pytest.fixture
def services(settings: Settings) -> Services:
    """What the jobs and resolvers of a server share, with a clock that stands still."""
    return create_services(settings, lambda: DEFAULT_CLOCK)


@pytest.fixture
def demo(settings: Settings) -> Iterator[Demo]:
    with demo_server(settings) as demo:
        yield demo


@pytest.fixture
async def http(demo: Demo) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(demo.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


@pytest.fixture
def ask(demo: Demo, http: httpx.AsyncClient) -> Ask:
    """Sends a query as one of the demonstration tenants; gives the body of the reply."""

    async def ask(query: str, *, tenant: str = "acme", **variables: object) -> Any:
        headers = {"Authorization": f"Bearer {demo.token(tenant)}"}
        body = {"query": query, "variables": variables}
        return (await http.post("/graphql", json=body, headers=headers)).json()

    return ask

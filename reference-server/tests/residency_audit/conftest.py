"""A server with its own database, a worker whose clock moves, and the servers it delivers to."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server, socket
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import func, select

from intelgraph_server import lake as lake_store
from intelgraph_server.database.tables import JOBS
from intelgraph_server.jobs import Worker
from intelgraph_server.residency_audit import DOMAIN, reports, store
from intelgraph_server.residency_audit.model import (
    ReportDelivery,
    ResidencyReport,
    ResidencySchedule,
)
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intelgraph_server.app import Server
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services
    from intelgraph_server.testing import Demo

SIGNING_KEY = "a key for tests that is long enough to sign with"


@pytest.fixture
def settings(filled: Database, tmp_path: Path, identity: Path) -> Settings:
    """A seeded database for one test alone, because these tests write."""
    return Settings(
        database_url=filled.engine.url.render_as_string(hide_password=False),
        signing_key=SIGNING_KEY,
        clock=DEFAULT_CLOCK,
        public_url="http://localhost",
        lake_url=f"file://{tmp_path}/lake",
        identity=identity,
    )


@dataclass
class House:
    """A server, and its jobs done by hand at any time."""

    server: Server
    services: Services
    now: datetime = DEFAULT_CLOCK

    def schedule(self, tenant_id: str = "acme", **changes: Any) -> ResidencySchedule:
        wanted = {"next_run_at": self.now, "locale": "en", "email": None, "webhook_url": None}
        with self.server.database.writing() as connection:
            made = store.replace_schedule(
                connection, tenant_id, ResidencySchedule(**wanted | changes)
            )
            reports.enqueue_run(connection, tenant_id, made)
        return made

    def work(self, **later: float) -> int:
        """Does what is due so much later; gives how many jobs were run."""
        self.now += timedelta(**later)
        jobs = DOMAIN.jobs
        return Worker(self.server.database, self.services, lambda: self.now, jobs).run_due()

    async def works(self, **later: float) -> int:
        """As the server does it: in a thread beside the loop."""
        return await anyio.to_thread.run_sync(lambda: self.work(**later))

    def with_settings(self, **changes: Any) -> None:
        settings = replace(self.services.settings, **changes)
        self.services = replace(self.services, settings=settings)

    def report(
        self, report_id: str = "2026-Q1-en", tenant_id: str = "acme"
    ) -> ResidencyReport | None:
        with self.server.database.reading() as connection:
            return store.REPORTS.one(connection, tenant_id, id=report_id)

    def pdf(self, report_id: str = "2026-Q1-en", tenant_id: str = "acme") -> bytes:
        with self.server.database.reading() as connection:
            kept = lake_store.find(connection, tenant_id, f"residency/{report_id}.pdf")
        assert kept
        return self.services.lake.get(kept.sha256)

    def deliveries(self, report_id: str = "2026-Q1-en") -> list[ReportDelivery]:
        with self.server.database.reading() as connection:
            found = store.DELIVERIES.by(connection, "acme", "report_id", [report_id])
            return found[report_id]

    def pending(self, kind: str = reports.RUN) -> int:
        query = select(func.count()).where(JOBS.c.kind == kind, JOBS.c.ended_at.is_(None))
        with self.server.database.reading() as connection:
            return connection.execute(query).scalar_one()


@pytest.fixture
def house(demo: Demo) -> House:
    return House(demo.server, demo.server.services)


@dataclass
class Inbox:
    """A web server that keeps what it gets and answers as it is told, at last with 200."""

    answers: list[int] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def listening(inbox: Inbox) -> Iterator[ThreadingHTTPServer]:
    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            inbox.requests.append((self.path, headers, body))
            self.send_response(inbox.answers.pop(0) if inbox.answers else 200)
            self.send_header("Location", f"{inbox.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        inbox.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    with listening(inbox):
        yield inbox


@dataclass
class Post:
    """A mail server that keeps what it gets and answers as it is told, at last with 250."""

    answers: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    passwords: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(  # noqa: N802 - As aiosmtpd calls it.
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        self.messages.append(envelope.content)
        answer = self.answers.pop(0) if self.answers else "250 kept as 4711"
        if answer.startswith("250"):
            self.taken.append(envelope.content)
        return answer


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else is given meanwhile."""
    with socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield int(kept.getsockname()[1])


class MailServer(Controller):
    """One whose port is its own before it listens."""

    def __init__(self, post: Post, **options: Any) -> None:
        self._listener = create_server(("127.0.0.1", 0))
        post.port = self._listener.getsockname()[1]
        options = {"hostname": "127.0.0.1", "port": post.port, "ready_timeout": 60.0, **options}
        super().__init__(post, **options)

    def _create_server(self) -> Any:
        listener, context = self._listener, self.ssl_context
        return self.loop.create_server(self._factory_invoker, sock=listener, ssl=context)


@contextmanager
def mail_server(post: Post, **options: Any) -> Iterator[None]:
    controller = MailServer(post, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    with mail_server(post):
        yield post


@pytest.fixture
def asking_post() -> Iterator[Post]:
    """A mail server without TLS that asks for a password, and takes any."""
    post = Post()

    def authenticate(*given: Any) -> AuthResult:
        post.passwords.append((given[-1].login, given[-1].password))
        return AuthResult(success=True)

    with mail_server(post, authenticator=authenticate, auth_require_tls=False):
        yield post


@pytest.fixture
def stranger(house: House) -> ssl.SSLContext:
    """TLS with a certificate under no authority that a client knows."""
    house.services.identity.sign(b"makes the file")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(house.services.settings.identity)
    return context


@pytest.fixture
def strange_inbox(stranger: ssl.SSLContext) -> Iterator[Inbox]:
    inbox = Inbox()
    with listening(inbox) as server:
        server.socket = stranger.wrap_socket(server.socket, server_side=True)
        inbox.url = f"https://localhost:{server.server_port}"
        yield inbox


@pytest.fixture
def strange_post(stranger: ssl.SSLContext) -> Iterator[Post]:
    post = Post()
    with mail_server(post, tls_context=stranger):
        yield post

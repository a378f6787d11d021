"""The steps that acceptance and soak have in common, each taken as an integrator would take it.

Everything goes through the Python client, the pages of the payment sandbox, real sockets, and
recipients that are servers of their own.
"""

from __future__ import annotations

import base64
import contextlib
import http.server
import io
import threading
import time
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from aiosmtpd.controller import Controller
from reference_server import running

from intelgraph import IntelGraph, RetryPolicy
from intelgraph.generated.enums import SignalKind
from intelgraph.generated.inputs import PushMeasurementInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from email.message import Message
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session
    from reference_server import ReferenceServer

    from intelgraph.generated.fragments import Order

T = TypeVar("T")
PATIENCE = 120.0  # Seconds; the machine may be busy.
PLUGIN = "plg_geo_enrichment"
STEP = timedelta(seconds=10)
LEARNT = 240  # Calm measurements of each signal before anything happens.
CALM = {SignalKind.INGEST_LAG: 5.0, SignalKind.API_P95: 120.0, SignalKind.ERROR_RATE: 0.002}


def client_of(server: ReferenceServer, tenant: str = "acme", **options: Any) -> IntelGraph:
    return IntelGraph(url=server.url, api_key=server.tokens[tenant], **options)


def impatient() -> RetryPolicy:
    """Retries without waiting, for stories in which time is not the point."""
    return RetryPolicy(base_delay=0.01, throttled_delay=0.01, max_delay=0.01)


@contextlib.contextmanager
def kept_server(
    folder: Path, *options: str, clock: str | None = None, **environment: str
) -> Iterator[ReferenceServer]:
    """A server on a database in the folder, which the next one may go on with."""
    at = ("--clock", clock) if clock else ()
    database = ("--database-url", f"sqlite:///{folder}/story.db", "--seed-demo", "--with-parent")
    with running((*database, *at, "--faults", *options), environment) as server:
        yield server


def until(question: Callable[[], T | None], within: float = PATIENCE) -> T:
    """The first answer that is not None, asked again and again for a while."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        answer = question()
        if answer is not None:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"nothing came of it within {within:.0f} s")


def pay(page: str, *, deliver: bool = True) -> None:
    """Opens a payment page of the sandbox and presses its button."""
    with httpx.Client(follow_redirects=False, timeout=PATIENCE) as browser:
        shown = browser.get(page)
        assert shown.status_code == 200, shown.text
        assert "SANDBOX" in shown.text.upper()
        assert '<form method="post"' in shown.text
        paid = browser.post(page, data={} if deliver else {"deliver": "false"})
        assert paid.status_code < 400, paid.text


def open_order(client: IntelGraph) -> Order:
    """The one order that waits for its payment."""
    orders = [edge.node for edge in client.list_orders(first=100).edges]
    (order,) = (order for order in orders if order.status == "CREATED")
    return order


def order_that_is(client: IntelGraph, order_id: str, status: str) -> Order:
    def look() -> Order | None:
        order = client.get_order(id=order_id)
        return order if order is not None and order.status == status else None

    return until(look)


def buy(client: IntelGraph, plugin_id: str = PLUGIN) -> Order:
    """From the checkout to the invoice."""
    page = client.create_checkout(plugin_id=plugin_id)
    order = open_order(client)
    pay(page)

    def look() -> Order | None:
        found = client.get_order(id=order.id)
        return found if found is not None and found.invoice is not None else None

    return until(look)


def push(client: IntelGraph, start: datetime, rows: Iterable[dict[SignalKind, float]]) -> datetime:
    """Pushes a row of the signals every ten seconds; gives the instant behind the last."""
    for row in rows:
        for kind, value in row.items():
            measured = PushMeasurementInput(kind=kind, value=value, measured_at=start)
            client.push_measurement(input=measured)
        start += STEP
    return start


def calm(count: int, **other: float) -> list[dict[SignalKind, float]]:
    """Values that wobble a little, as measurements do."""
    return [
        {k: other.get(k, v * (1 + 0.02 * ((n * 7) % 5 - 2))) for k, v in CALM.items()}
        for n in range(count)
    ]


def download(link: str) -> bytes:
    reply = httpx.get(link, timeout=PATIENCE)
    assert reply.status_code == 200, reply.text
    return reply.content


def wheel(name: str, version: str, *requirements: str) -> str:
    """A Python wheel in base64, as small as one can be."""
    content = io.BytesIO()
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requirements]
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(metadata) + "\n")
    return base64.b64encode(content.getvalue()).decode()


@dataclass
class Recipients:
    """An SMTP server and a web server, and what both of them were sent."""

    smtp_url: str
    webhook_url: str
    mails: list[Message] = field(default_factory=list)
    webhooks: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextlib.contextmanager
def recipients() -> Iterator[Recipients]:
    """Servers on this machine that take e-mail and webhooks until the block ends."""
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Webhooks)
    own = Recipients("", f"http://127.0.0.1:{web.server_port}/hook")
    web.own = own  # type: ignore[attr-defined]
    threading.Thread(target=web.serve_forever, daemon=True).start()
    mail = Controller(_Mails(own), hostname="127.0.0.1", port=_free_port(), ready_timeout=PATIENCE)
    mail.start()
    own.smtp_url = f"smtp://127.0.0.1:{mail.port}"
    try:
        yield own
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()


def _free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class _Mails:
    def __init__(self, own: Recipients) -> None:
        self.own = own

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        import email  # noqa: PLC0415

        content = envelope.content
        assert isinstance(content, bytes)
        self.own.mails.append(email.message_from_bytes(content))
        return "250 taken by the sink"


class _Webhooks(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.own.webhooks.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass

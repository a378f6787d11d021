"""A link on which replies are lost, and many changes over it: how often does each take effect?

The link takes a request, has the server answer it, and then may cut the connection before the
reply or within it, as a network does. What is lost follows from a seed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import story

from intelgraph import IntelGraph, IntelGraphError, RetryPolicy
from intelgraph.generated.operations import CREATE_CHECKOUT
from intelgraph_server.observe.objectives import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reference_server import ReferenceServer

    from intelgraph import Operation

THREADS = 6
LOST = 0.25  # Of all replies; as many again are cut in their middle.
# The link is worse than any that the budget of retries was made for.
PATIENT = RetryPolicy(
    max_attempts=1000,
    base_delay=0.01,
    throttled_delay=0.01,
    max_delay=0.5,
    # A busy machine takes its time to replace a server.
    deadline=None,
    budget=None,
)
# As a client would send it that retries without a key.
KEYLESS = replace(CREATE_CHECKOUT, keyed=False, retry_safe=True)
UNBOUNDED = 10**9
ORDERS = "SELECT count(*) FROM marketplace_orders"
PAGES = "SELECT count(*) FROM sandbox_objects WHERE kind = 'checkout.session'"


@dataclass
class Link:
    """The way to a server that may be replaced by another; counts what is lost."""

    upstream: str
    draw: random.Random
    url: str = ""
    lost: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fate(self) -> float:
        with self.lock:
            drawn = self.draw.random()
            self.lost += drawn < 2 * LOST
            return drawn


@contextlib.contextmanager
def link_to(server: ReferenceServer, seed: int = 1) -> Iterator[Link]:
    web = ThreadingHTTPServer(("127.0.0.1", 0), _Passing)
    draw = random.Random(seed)  # noqa: S311 - what is drawn is no secret.
    link = Link(server.url, draw, f"http://127.0.0.1:{web.server_port}/graphql")
    web.link = link  # type: ignore[attr-defined]
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield link
    finally:
        web.shutdown()
        web.server_close()


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        link: Link = self.server.link  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        there = HTTPConnection(urlsplit(link.upstream).netloc, timeout=story.PATIENCE)
        try:
            there.request("POST", self.path, body, dict(self.headers))
            reply = there.getresponse()
            content = reply.read()
        except (OSError, HTTPException):
            self.close_connection = True
            return
        finally:
            there.close()
        fate = link.fate()
        if fate < LOST:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in {"date", "server", "connection"}:
                self.send_header(name, value)
        self.end_headers()
        if fate < 2 * LOST:
            self.close_connection = True
            content = content[: len(content) // 2]
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def generous_server(folder: Path) -> Iterator[ReferenceServer]:
    """A server on the folder's database whose budgets nothing here can use up."""
    declared = json.loads(FILE.read_text("utf-8"))
    declared["budgets"] = dict.fromkeys(declared["budgets"], UNBOUNDED)
    objectives = folder / "objectives.json"
    objectives.write_text(json.dumps(declared), "utf-8")
    # Whatever takes a server's place is reached where that was, and sells at the same terms.
    address = {"INTELGRAPH_PUBLIC_URL": "http://127.0.0.1:8800"}
    with story.kept_server(folder, "--objectives", str(objectives), **address) as server:
        yield server


def changes(
    folder: Path,
    count: int,
    *,
    operation: Operation[Any] = CREATE_CHECKOUT,
    policy: RetryPolicy = PATIENT,
    kills: int = 0,
) -> dict[str, int]:
    """So many checkouts over the link, the server killed and replaced so many times on the way."""
    pages, failed = set[str](), list[IntelGraphError]()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(generous_server(folder))
        before = _rows(folder)
        link = stack.enter_context(link_to(server))
        key = server.tokens["acme"]
        client = IntelGraph(url=link.url, api_key=key, retry_policy=policy)
        stack.callback(client.close)

        def change() -> None:
            try:
                pages.add(client.execute(operation, {"pluginId": story.PLUGIN}).create_checkout)
            except IntelGraphError as error:
                failed.append(error)

        with ThreadPoolExecutor(THREADS) as pool:
            running = [pool.submit(change) for _ in range(count)]
            for kill in range(kills):
                running[count * (kill + 1) // (kills + 1)].result()
                os.kill(server.pid, signal.SIGKILL)
                server = stack.enter_context(generous_server(folder))
                link.upstream = server.url
        after = _rows(folder)
    orders, opened = (new - old for new, old in zip(after, before, strict=True))
    return {
        "changes": count,
        "replies lost": link.lost,
        "kills": kills,
        "different answers": len(pages),
        "calls without an answer": len(failed),
        "effects": orders,
        "duplicate effects": orders - count,
        "payment pages": opened,
    }


def _rows(folder: Path) -> tuple[int, int]:
    """How many orders there are, and how many payment pages the provider has opened."""
    return _count(folder / "story.db", ORDERS), _count(folder / "story.db.sandbox", PAGES)


def _count(file: Path, query: str) -> int:
    # The sandbox makes its file when it is first asked.
    if not file.exists():
        return 0
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(query).fetchone()[0])

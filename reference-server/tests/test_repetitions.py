"""The same request many times at once, over sockets and to two processes: one effect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import cycle
from threading import Barrier, Event
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import select

from intelgraph_server.auth import Tokens
from intelgraph_server.database.billing_tables import MARKETPLACE_ORDERS
from intelgraph_server.database.engine import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY = "a key for tests that is long enough to sign with"
CHECKOUT = 'mutation{createCheckout(pluginId:"plg_ship_tracker")}'
MANY = 50
PATIENCE = 120  # Seconds, for a machine that is busy with other tests.


@pytest.fixture
def database(new_database: Callable[..., str], filled_url: str) -> Iterator[Database]:
    database = Database(new_database(filled_url))
    yield database
    database.close()


@pytest.fixture
def servers(database: Database, tmp_path: Path) -> Iterator[list[str]]:
    """Two processes on one database."""
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "intelgraph_server", "serve", "--port", "0"]
    environment = os.environ | {"INTELGRAPH_SIGNING_KEY": KEY}
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, "--with-parent", "--database-url", url],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    cwd=tmp_path,
                    env=environment,
                )
            )
            for _ in range(2)
        ]
        for process in processes:
            stack.callback(process.terminate)
        yield [json.loads(process.stdout.readline())["url"] for process in processes]


def test_a_request_that_comes_50_times_at_once_has_one_effect(
    database: Database, servers: list[str]
) -> None:
    token = Tokens(KEY, lambda: datetime.now(UTC)).issue(
        tenant_id="acme",
        permissions=["billing.write"],
        subject="ada",
        lifetime=timedelta(hours=1),
    )
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "once"}
    together, pause = Barrier(MANY), Event()

    def insist(url: str) -> httpx.Response:
        together.wait(PATIENCE)
        while (reply := ask(url)).status_code in {409, 503}:
            assert reply.headers["retry-after"] == "1"
            pause.wait(0.1)
        return reply

    def ask(url: str) -> httpx.Response:
        return httpx.post(url, json={"query": CHECKOUT}, headers=headers, timeout=PATIENCE)

    with ThreadPoolExecutor(MANY) as pool:
        urls = [url for url, _ in zip(cycle(servers), range(MANY), strict=False)]
        replies = list(pool.map(insist, urls))

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert sum("idempotency-replayed" not in reply.headers for reply in replies) == 1
    assert len(orders(database)) == 1


def orders(database: Database) -> list[Any]:
    """What was ordered beside what the demonstration data holds."""
    new = MARKETPLACE_ORDERS.c.created_at > datetime.now(UTC) - timedelta(hours=1)
    with database.reading() as connection:
        return list(connection.execute(select(MARKETPLACE_ORDERS).where(new)).mappings())

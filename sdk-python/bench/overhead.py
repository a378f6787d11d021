"""What one small call costs over raw httpx; prints one JSON object.

CPU is measured on the same in-memory transport, wall time against the server that
INTELGRAPH_URL names. Each round measures every rival once, in turn, so that a busy machine
hurts all alike; the medians of the rounds are reported.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import gql
import httpx
from gql.transport.httpx import HTTPXTransport

from intelgraph import IntelGraph

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 21
CALLS = 200
REMOTE_CALLS = 60
WARM_UP_CALLS = 50

DOCUMENT = (
    "query TrustTiles{trustTiles{...TrustTile}}"
    "fragment TrustTile on TrustTile{kind status updatedAt}"
)
KINDS = ("slo", "uptime", "error_rate", "security")
TILES = [{"kind": k, "status": "met", "updatedAt": "2026-04-15T09:30:00Z"} for k in KINDS]
REPLY = json.dumps({"data": {"trustTiles": TILES}}).encode()
MEDIA_TYPE = {"content-type": "application/graphql-response+json"}

Rivals = dict[str, "Callable[[], object]"]


def answer(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=MEDIA_TYPE, content=REPLY)


def raw_call(client: httpx.Client, url: str, token: str) -> Callable[[], object]:
    """The least that a careful person would write by hand."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    body = {"query": DOCUMENT}

    def call() -> object:
        reply = client.post(url, headers=headers, content=json.dumps(body))
        return json.loads(reply.content)["data"]["trustTiles"]

    return call


def gql_call(url: str, token: str, transport: httpx.BaseTransport | None) -> Callable[[], object]:
    headers = {"authorization": f"Bearer {token}"}
    options: dict[str, Any] = {"transport": transport} if transport else {}
    session = gql.Client(transport=HTTPXTransport(url, headers=headers, **options)).connect_sync()
    request = gql.gql(DOCUMENT)
    return lambda: session.execute(request)


def in_memory() -> Rivals:
    url, transport = "http://server.test/graphql", httpx.MockTransport(answer)
    http_client = httpx.Client(transport=transport)
    ours = IntelGraph(
        url=url, api_key="key", http_client=http_client, hooks=[deque(maxlen=9).append]
    )
    return {
        "httpx": raw_call(httpx.Client(transport=transport), url, "key"),
        "intelgraph": ours.trust_tiles,
        "gql": gql_call(url, "key", transport),
    }


def on_a_server(url: str, token: str) -> Rivals:
    return {
        "httpx": raw_call(httpx.Client(), url, token),
        "intelgraph": IntelGraph(
            url=url, api_key=token, hooks=[deque(maxlen=9).append]
        ).trust_tiles,
        "gql": gql_call(url, token, None),
    }


def measure(rivals: Rivals, calls: int, clock: Callable[[], float]) -> dict[str, float]:
    """The median microseconds of one call of each rival."""
    for call in rivals.values():
        for _ in range(WARM_UP_CALLS):
            call()
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        for name, call in rivals.items():
            started = clock()
            for _ in range(calls):
                call()
            seconds[name].append((clock() - started) / calls)
    return {name: round(statistics.median(s) * 1e6, 1) for name, s in seconds.items()}


def main() -> None:
    cpu = measure(in_memory(), CALLS, time.process_time)
    server = on_a_server(os.environ["INTELGRAPH_URL"], os.environ["INTELGRAPH_API_KEY"])
    wall = measure(server, REMOTE_CALLS, time.perf_counter)
    result = {"replyBytes": len(REPLY), "cpuMicroseconds": cpu, "wallMicroseconds": wall}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()

"""What the generated models of one package cost on a megabyte, beside `json.loads` in its process.

Takes the package's name and a file with the reply; prints one JSON object of milliseconds.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 21


def main(name: str, place: str) -> None:
    body = Path(place).read_bytes()
    package = import_module(name)
    client = package.Client(
        url="http://server.test/graphql", http_client=httpx.Client(transport=transport(body))
    )
    raw = httpx.Client(transport=transport(body))
    rivals: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(body),
        "decode": decoder(package, body),
        "httpx": lambda: raw.post("http://server.test/graphql", json={}).json(),
        "call": client.issues,
    }
    sys.stdout.write(json.dumps(measure(rivals)))


def transport(body: bytes) -> httpx.MockTransport:
    head = {"content-type": "application/json"}
    return httpx.MockTransport(lambda _: httpx.Response(200, headers=head, content=body))


def decoder(package: Any, body: bytes) -> Callable[[], object]:
    """As the package's own client reads a reply's body."""
    if hasattr(package, "Issues"):
        return lambda: package.Issues.model_validate(json.loads(body)["data"])
    data = package.operations.IssuesData
    text = json.dumps(json.loads(body)["data"], ensure_ascii=False).encode()
    return lambda: data.model_validate_json(text)


def measure(rivals: dict[str, Callable[[], object]]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        for name, run in rivals.items():
            gc.collect()
            started = time.process_time()
            result = run()
            taken[name].append(time.process_time() - started)
            # To let go of what was read is no part of reading it.
            del result
    return {name: round(statistics.median(times) * 1000, 2) for name, times in taken.items()}


if __name__ == "__main__":
    main(*sys.argv[1:])

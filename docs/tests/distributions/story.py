"""One story on the installed package, which every Python tells alike: what came of each call."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from typing import Any

import intelgraph
from intelgraph import AsyncIntelGraph, IntelGraph, OperationError, RetryPolicy
from intelgraph.generated.inputs import RecordDatasetInput


def order(faults: str, fault: dict[str, object]) -> None:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(faults, json.dumps(fault).encode(), headers)  # noqa: S310
    urllib.request.urlopen(request).close()  # noqa: S310 - the server's own address.


def story(url: str, key: str, faults: str) -> dict[str, Any]:
    events: list[str] = []
    policy = RetryPolicy(base_delay=0.001)
    hooks = [lambda event: events.append(type(event).__name__)]
    from_the_first = {"last-event-id": "0"}
    with IntelGraph(url=url, api_key=key, retry_policy=policy, hooks=hooks) as client:
        entity = client.get_entity(id="per_ada")
        order(faults, {"next": 1, "status": 503})
        events.clear()
        given = RecordDatasetInput(id="dat_python", region="eu-west-3")
        mutation = client.record_dataset(input=given).id
        retries = events.count("RetryScheduled")
        error = refused(client)
        heard = client.with_options(headers=from_the_first).incident_changed()
        subscription = next(heard).template
        heard.close()
    return {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "version": intelgraph.__version__,
        "query": entity and entity.name,
        "awaited": asyncio.run(awaited(url, key)),
        "mutation": mutation,
        "retries": retries,
        "error": error,
        "subscription": subscription,
    }


def refused(client: IntelGraph) -> list[object]:
    try:
        client.record_dataset(input=RecordDatasetInput(id="dat_python", region="nowhere"))
    except OperationError as error:
        return [error.code, error.request_id is not None]
    return []


async def awaited(url: str, key: str) -> str | None:
    async with AsyncIntelGraph(url=url, api_key=key) as client:
        entity = await client.get_entity(id="per_ada")
        return entity.name if entity else None


if __name__ == "__main__":
    print(json.dumps(story(*sys.argv[1:])))  # noqa: T201 - a program's answer.

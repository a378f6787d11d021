"""Calls every operation of whichever client is installed, sync and async, and tells what came.

Run as a program, so that a released wheel can stand in for the client of this repository.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys

import intelgraph
from intelgraph import AsyncIntelGraph, IntelGraph
from intelgraph.generated import Client

ARGUMENTS: dict[str, dict[str, str | int]] = {
    "get_entity": {"id": "org_meridian"},
    "get_plugin": {"id": "plg_case_handover"},
    "invoices": {},
    "list_entities": {"first": 2},
    "list_invoices": {"first": 2},
    "list_plugins": {"first": 2},
    "list_relations": {"id": "org_helios", "first": 2},
    "trust_tiles": {},
}


def methods() -> list[str]:
    return [name for name, _ in inspect.getmembers(Client, inspect.isfunction) if is_own(name)]


def is_own(name: str) -> bool:
    return name in vars(Client) and not name.startswith("_")


async def call_all() -> dict[str, list[str]]:
    answers: dict[str, list[str]] = {}
    with IntelGraph() as client:
        async with AsyncIntelGraph() as async_client:
            for name in methods():
                told = getattr(client, name)(**ARGUMENTS[name])
                awaited = await getattr(async_client, name)(**ARGUMENTS[name])
                answers[name] = [repr(told), repr(awaited)]
    return answers


if __name__ == "__main__":
    report = {
        "version": intelgraph.__version__,
        "file": intelgraph.__file__,
        "answers": asyncio.run(call_all()),
    }
    json.dump(report, sys.stdout)

"""Calls every operation of whichever client is installed, sync and async, and tells what came.

Run as a program, so that a released wheel can stand in for the client of this repository.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from typing import Any

import intelgraph
from intelgraph import AsyncIntelGraph, IntelGraph
from intelgraph.generated import Client

# Inputs are plain mappings: a released client may not have their classes.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "get_entity": {"id": "org_meridian"},
    "get_plugin": {"id": "plg_case_handover"},
    "invoices": {},
    "list_datasets": {"first": 2},
    "list_entities": {"first": 2},
    "list_invoices": {"first": 2},
    "list_plugins": {"first": 2},
    "list_relations": {"id": "org_helios", "first": 2},
    "record_dataset": {"input": {"id": "dat_new", "region": "eu-west-3"}},
    "record_export": {
        "input": {
            "id": "exp_new",
            "datasetId": "dat_drafts",
            "destRegion": "eu",
            "exportedAt": "2026-04-14T00:00:00Z",
        }
    },
    "residency_audit": {"first": 2},
    "residency_summary": {},
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

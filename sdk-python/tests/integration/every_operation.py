"""Calls every operation of whichever client is installed, sync and async, and tells what came.

Run as a program, so that a released wheel can stand in for the client of this repository. With
the name of a package, it is that package's generated clients which are called.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
from typing import Any

import intelgraph
from intelgraph import AsyncIntelGraph, IntelGraph

GENERATED = importlib.import_module(sys.argv[1] if sys.argv[1:] else "intelgraph.generated")
Client = GENERATED.Client

# Inputs are plain mappings: a released client may not have their classes. The operations are
# called in this order, because some answer only after others.
INSTANT = "2026-04-14T00:00:00Z"
PLUGIN = {"pluginId": "plg_new", "version": "1.0.0"}
# The smallest ZIP file there is.
ARTIFACT = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="
ARGUMENTS: dict[str, dict[str, Any]] = {
    "get_entity": {"id": "org_meridian"},
    "list_entities": {"first": 2},
    "list_relations": {"id": "org_helios", "first": 2},
    "get_plugin": {"id": "plg_case_handover"},
    "list_plugins": {"first": 2},
    "register_plugin": {
        "input": PLUGIN
        | {
            "name": "New",
            "summary": "Does what is new.",
            "publisher": "Acme",
            "kind": "EXPORT",
            "priceUSD": "1.00",
            "artifact": ARTIFACT,
        }
    },
    "publish_plugin": {"plugin_id": "plg_new", "version": "1.0.0"},
    "create_checkout": {"plugin_id": "plg_case_handover"},
    "list_orders": {"first": 2},
    "get_order": {"id": "de379687-525f-5b2f-9a21-b76947ea902b"},
    "invoices": {},
    "list_invoices": {"first": 2},
    "download_invoice": {"id": "inv_acme_0001"},
    "record_usage": {
        "input": {"id": "use", "pluginId": "plg_geo_enrichment", "quantity": 1, "usedAt": INSTANT}
    },
    "list_reconciliations": {"first": 2},
    "list_datasets": {"first": 2},
    "record_dataset": {"input": {"id": "dat_new", "region": "eu-west-3"}},
    "record_export": {
        "input": {
            "id": "exp_new",
            "datasetId": "dat_drafts",
            "destRegion": "eu",
            "exportedAt": INSTANT,
        }
    },
    "residency_audit": {"first": 2},
    "residency_summary": {},
    "schedule_residency_reports": {"input": {"locale": "en"}},
    "residency_schedule": {},
    "residency_webhook_secret": {},
    "list_residency_reports": {"first": 2},
    "trust_tiles": {},
    "trust_items": {},
    "trust_page": {},
    "set_trust_page": {"is_public": True},
    "public_trust": {"slug": "acme"},
    "publish_evidence": {
        "input": {
            "id": "new",
            "topic": "CONTROL",
            "title": "New",
            "mediaType": "text/plain",
            "content": "bmV3",
        }
    },
    "download_evidence_bundle": {"version": "v15"},
    "set_anomaly_enrollment": {"is_enrolled": True},
    "push_measurement": {"input": {"kind": "API_P95", "value": 1.0, "measuredAt": INSTANT}},
    "signals": {},
    "list_alerts": {"first": 2},
    "list_incidents": {"first": 2},
    "switches": {},
    "set_switch": {"input": {"name": "CHECKOUT", "isOn": True, "reason": "It works."}},
    "audit_trail": {"first": 2},
}
# What these answer on needs a story first, which `examples/` tells in both languages.
TOLD_ELSEWHERE = {
    "acknowledge_incident",
    "download_residency_report",
    "incident_changed",
    "refund_order",
    "void_order",
}
# A new page or file each time.
NEW_EACH_TIME = {"create_checkout", "download_evidence_bundle"}


def methods() -> list[str]:
    """The operations of the installed client, in the order of the arguments."""
    own = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if is_own(name)}
    strangers = own - ARGUMENTS.keys() - TOLD_ELSEWHERE
    if strangers:
        raise KeyError(f"not tried: {sorted(strangers)}")
    return [name for name in ARGUMENTS if name in own]


def is_own(name: str) -> bool:
    # Iterators call the operation that they are named after.
    return name in vars(Client) and not name.startswith(("_", "iter_"))


def clients() -> tuple[Any, Any]:
    """The package's own clients, or those of a generated package, which have no defaults."""
    if not sys.argv[1:]:
        return IntelGraph(), AsyncIntelGraph()
    where = {"url": os.environ["INTELGRAPH_URL"], "api_key": os.environ["INTELGRAPH_API_KEY"]}
    return GENERATED.Client(**where), GENERATED.AsyncClient(**where)


async def call_all() -> dict[str, list[str]]:
    answers: dict[str, list[str]] = {}
    blocking, awaiting = clients()
    with blocking as client:
        async with awaiting as async_client:
            for name in methods():
                told = getattr(client, name)(**ARGUMENTS[name])
                awaited = await getattr(async_client, name)(**ARGUMENTS[name])
                if name in NEW_EACH_TIME:
                    told, awaited = (answer.split("/")[2:4] for answer in (told, awaited))
                answers[name] = [repr(told), repr(awaited)]
    return answers


if __name__ == "__main__":
    report = {
        "version": intelgraph.__version__,
        "file": intelgraph.__file__,
        "generated": GENERATED.__file__,
        "answers": asyncio.run(call_all()),
    }
    json.dump(report, sys.stdout)

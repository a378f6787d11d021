"""The conformance vectors keep their format before any runtime is held to them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from repository import files, text

VECTORS = [
    name
    for name in files()
    if name.startswith(("schema/conformance/client/", "schema/conformance/server/"))
]
# How many vectors each file has at least: what is promised once is not dropped in silence.
FEWEST = {
    "client/call_options": 10,
    "client/error_mapping": 34,
    "client/fixtures": 24,
    "client/idempotency_keys": 12,
    "client/pagination": 30,
    "client/persisted_documents": 13,
    "client/request_encoding": 12,
    "client/response_decoding": 14,
    "client/retry_budget": 19,
    "client/retry_decisions": 73,
    "client/retry_delays": 15,
    "client/subscriptions": 28,
    "client/telemetry_events": 9,
    "client/webhooks": 68,
    "client/wire_modes": 32,
    "server/anomaly": 16,
    "server/authorization": 13,
    "server/billing": 23,
    "server/entities": 23,
    "server/graphql_over_http": 33,
    "server/idempotency": 26,
    "server/limits": 9,
    "server/persisted_documents": 13,
    "server/residency_audit": 29,
    "server/trust_portal": 3,
}
SCHEMA = json.loads(text("schema/conformance/vector.schema.json"))


def vectors(name: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads(text(name))["vectors"])


def test_there_are_vectors_for_clients_and_for_servers() -> None:
    assert {name.split("/")[2] for name in VECTORS} == {"client", "server"}


def test_no_vector_goes_unnoticed() -> None:
    found = {
        name.removeprefix("schema/conformance/").removesuffix(".json"): len(vectors(name))
        for name in VECTORS
    }

    assert found.keys() == FEWEST.keys()
    assert {name: count for name, count in found.items() if count < FEWEST[name]} == {}


@pytest.mark.parametrize("name", VECTORS)
def test_a_file_of_vectors_fits_the_schema_of_the_format(name: str) -> None:
    validator = Draft202012Validator(SCHEMA)

    faults = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(json.loads(text(name)))]

    assert faults == []
    assert json.loads(text(name))["behaviour"] == Path(name).stem


def test_a_vector_is_known_by_its_name_alone() -> None:
    names = Counter(vector["name"] for name in VECTORS for vector in vectors(name))

    assert [name for name, times in names.items() if times > 1] == []


def test_no_vector_is_about_one_language() -> None:
    words = ("python", "typescript", "javascript", "pydantic", "fetch")
    said = [
        (vector["name"], word)
        for name in VECTORS
        for vector in vectors(name)
        for word in words
        if word in vector["name"].lower()
    ]

    assert said == []

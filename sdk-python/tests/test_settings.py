from __future__ import annotations

import uuid
from dataclasses import replace

from intelgraph._options import endpoint
from intelgraph._settings import Settings, new_id

ENDPOINT = endpoint(
    url="https://api.example/graphql",
    api_key="k",
    headers=None,
    timeout=10.0,
    max_response_bytes=1000,
)


def test_ids_are_random_uuids_of_their_own() -> None:
    made = [uuid.UUID(new_id()) for _ in range(200)]

    assert len(set(made)) == 200
    assert {(each.version, each.variant) for each in made} == {(4, uuid.RFC_4122)}


def test_a_copy_goes_on_with_what_was_learned_of_the_server() -> None:
    mine = Settings(ENDPOINT)

    copy = replace(mine, endpoint=replace(ENDPOINT, timeout=1.0), idempotency_key="k")

    assert copy.wire is mine.wire


def test_settings_do_not_show_the_credential() -> None:
    assert "Bearer" not in repr(Settings(ENDPOINT))

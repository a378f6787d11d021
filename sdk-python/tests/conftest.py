"""What the tests share: an operation, and an environment without the user's settings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from intelgraph import Operation

# Other work on the same machine must not fail a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "LOG", "URL", "WEBHOOK_SECRET"):
        monkeypatch.delenv(f"INTELGRAPH_{name}", raising=False)


@pytest.fixture
def get_thing() -> Operation[dict[str, Any]]:
    """A persisted query whose data is any JSON object."""
    return Operation(
        name="GetThing",
        kind="query",
        op_id="getThing:v1",
        document_id="sha256:abc",
        document="query GetThing($id:ID){thing(id:$id)}",
        retry_safe=True,
        data=dict[str, Any],
    )

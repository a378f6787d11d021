"""Calls that are full of secrets, to look for in what is told of them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import Failure, IntelGraphError, Operation, RetryPolicy
from intelgraph.runtime import BaseClient
from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from intelgraph import Hook

SECRET: Operation[dict[str, Any]] = Operation(
    name="Secret",
    kind="query",
    op_id="secret:v1",
    document_id="sha256:5ec7e7",
    document='query Secret($id:ID){secret(id:$id,note:"canary-document"){canary}}',
    retry_safe=True,
    data=dict[str, Any],
)
OUTCOMES = (
    reply(status=503, text="canary-body"),
    reply({"data": {"secret": "canary-data"}}, headers={"x-canary": "canary-reply"}),
    reply(
        {
            "data": None,
            "errors": [
                {
                    "message": "canary-message",
                    "path": ["canary-path"],
                    "extensions": {"code": "Canary canary-code", "more": "canary-extension"},
                }
            ],
        }
    ),
    reply(status=500, text="canary-text"),
    reply(text='{"data": canary-json', headers={"content-type": "text/canary-type"}),
    Failure("read", ValueError("canary-cause")),
)


@pytest.fixture
def secret_calls() -> Callable[[Hook], None]:
    """Tells a hook of calls that go well, are tried again, and fail in every way."""

    def make(hook: Hook) -> None:
        client = BaseClient(
            url="http://localhost:4000/graphql?key=canary-query#canary-fragment",
            api_key="canary-key",
            headers={"x-tenant": "canary-header"},
            retry_policy=RetryPolicy(max_attempts=2, base_delay=0.0),
            hooks=[hook],
            transport=FakeTransport([*OUTCOMES, OUTCOMES[-1]]),
        )
        for _ in OUTCOMES[1:]:
            with suppress(IntelGraphError):
                client.execute(SECRET, {"id": "canary-variable"})

    return make

"""A transport that answers from a script, for the tests of code that uses a client.

    transport = FakeTransport([reply({"data": {"trustTiles": []}})])
    client = IntelGraph(api_key=None, transport=transport)

    assert client.trust_tiles() == []
    assert transport.requests[0].json["documentId"].startswith("sha256:")

It serves blocking and awaiting clients alike, opens no sockets and needs no patching.
"""

from __future__ import annotations

import json as jsonlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ._exchange import Failure, FailureKind, Reply, Request

__all__ = ["FakeTransport", "Outcome", "failure", "reply"]

Outcome: TypeAlias = Reply | Failure | Callable[[Request], Reply | Failure]
"""What a request meets: a reply, a failure, or a function of the request that gives one."""


def reply(
    json: object = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    text: str | None = None,
) -> Reply:
    """A reply with `json` as its body, or with `text` as it stands."""
    body = jsonlib.dumps(json) if text is None else text
    given = {name.lower(): value for name, value in (headers or {}).items()}
    media_type = {"content-type": "application/graphql-response+json"}
    return Reply(status, media_type | given, body.encode())


def failure(kind: FailureKind) -> Failure:
    """No reply: `connect` sent nothing, `timeout` had no reply in time, `read` broke off."""
    return Failure(kind)


class FakeTransport:
    """Answers requests with scripted outcomes, in order, and keeps the requests.

    `requests` is what was sent so far. A request past the end of the script raises
    AssertionError, since a test that sends more than it says has found something.
    """

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self.requests: list[Request] = []
        self._outcomes = deque(outcomes)

    def add(self, *outcomes: Outcome) -> None:
        """Lengthen the script."""
        self._outcomes.extend(outcomes)

    @property
    def outcomes_left(self) -> int:
        """How much of the script has not been asked for."""
        return len(self._outcomes)

    def send(self, request: Request) -> Reply | Failure:
        self.requests.append(request)
        if not self._outcomes:
            raise AssertionError(f"request {len(self.requests)} is not in the script")
        outcome = self._outcomes.popleft()
        return outcome if isinstance(outcome, Reply | Failure) else outcome(request)

    async def send_async(self, request: Request) -> Reply | Failure:
        return self.send(request)

    def close(self) -> None:
        """Do nothing, since there is nothing to close."""

    async def close_async(self) -> None:
        """Do nothing, since there is nothing to close."""

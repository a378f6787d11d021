"""A transport that answers from a script, for the tests of code that uses a client.

    transport = FakeTransport([reply({"data": {"trustTiles": []}})])
    client = IntelGraph(api_key=None, transport=transport)

    assert client.trust_tiles() == []
    assert transport.requests[0].json["documentId"].startswith("sha256:")

It serves blocking and awaiting clients alike, opens no sockets and needs no patching.
"""

from __future__ import annotations

import base64
import hmac
import json as jsonlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TypeAlias, get_args

from intelgraph._errors import ConfigurationError
from intelgraph._exchange import Failure, FailureKind, Reply, Request

__all__ = ["Events", "FakeTransport", "Outcome", "events", "failure", "reply", "webhook"]


class Events:
    """An event stream of a script: its bytes in pieces, taken as they are read, and how it ends."""

    status = 200

    def __init__(
        self,
        chunks: Iterable[bytes],
        end: Failure | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        given = {name.lower(): value for name, value in (headers or {}).items()}
        self.headers = {"content-type": "text/event-stream"} | given
        self.is_closed = False
        self._chunks = iter(chunks)
        self._end = end

    def receive(self) -> bytes | Failure | None:
        """The next piece, and in the end how it ends: None where the server just stops."""
        return next(self._chunks, self._end)

    def close(self) -> None:
        self.is_closed = True


class _AwaitedEvents:
    def __init__(self, own: Events) -> None:
        self._own = own
        self.status, self.headers = own.status, own.headers

    async def receive(self) -> bytes | Failure | None:
        return self._own.receive()

    async def close(self) -> None:
        self._own.close()


Outcome: TypeAlias = Reply | Failure | Events | Callable[[Request], Reply | Failure | Events]
"""What a request meets: a reply, a failure, events, or a function that gives one of these."""


def events(*responses: object, first_id: int = 1, is_complete: bool = True) -> Events:
    """A stream of responses, numbered from an id on; complete, or broken off behind the last."""
    chunks = [
        f"id: {number}\nevent: next\ndata: {jsonlib.dumps(response)}\n\n".encode()
        for number, response in enumerate(responses, first_id)
    ]
    if is_complete:
        chunks.append(b"event: complete\ndata:\n\n")
    return Events(chunks, None if is_complete else Failure("read"))


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
    if kind not in get_args(FailureKind):
        raise ValueError(f"a failure is of the kind connect, timeout or read, not {kind!r}")
    return Failure(kind)


def webhook(
    content: object, *, secret: str, webhook_id: str = "dlv_test", sent: float | None = None
) -> tuple[bytes, dict[str, str]]:
    """The body and the headers with which a server tells `content`, signed; just now unless told.

    They are what `webhooks.unwrap` takes, in its order, for the tests of who receives webhooks.
    Raises ConfigurationError for a secret that nothing can be signed with.
    """
    body = jsonlib.dumps(content).encode()
    at = int(time.time() if sent is None else sent)
    key = _key(secret)
    proof = hmac.digest(key, f"{webhook_id}.{at}.".encode() + body, "sha256")
    return body, {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }


def _key(secret: object) -> bytes:
    key = b""
    if isinstance(secret, str):
        with suppress(ValueError):
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if not key:
        raise ConfigurationError("secret= is not whsec_ and the base64 of some bytes.")
    return key


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
        outcome = self.open(request)
        if isinstance(outcome, Events):
            raise AssertionError(f"request {len(self.requests)} is no subscription")  # noqa: TRY004
        return outcome

    def open(self, request: Request) -> Events | Reply | Failure:
        self.requests.append(request)
        if not self._outcomes:
            raise AssertionError(f"request {len(self.requests)} is not in the script")
        outcome = self._outcomes.popleft()
        return outcome(request) if callable(outcome) else outcome

    async def open_async(self, request: Request) -> _AwaitedEvents | Reply | Failure:
        opened = self.open(request)
        return _AwaitedEvents(opened) if isinstance(opened, Events) else opened

    async def send_async(self, request: Request) -> Reply | Failure:
        return self.send(request)

    def close(self) -> None:
        """Do nothing, since there is nothing to close."""

    async def close_async(self) -> None:
        """Do nothing, since there is nothing to close."""

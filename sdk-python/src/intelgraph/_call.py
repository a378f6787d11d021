"""One call without I/O: a generator that yields wishes and is resumed with what came of them.

`_drive.py` grants the wishes, blocking or awaiting. Nothing here knows sockets or event
loops, and clocks and randomness are given, so that both clients are one implementation,
tested once. What the call goes through is told to hooks; with none, nothing is told.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias

from ._errors import IntelGraphError, OperationError
from ._exchange import Failure, Reply, Request
from ._inputs import encode_variables
from ._messages import Attempt, failure_error
from ._operation import D, Operation
from ._retry import FailedAttempt, RetryPolicy
from ._wire import KEY_HEADER, MISS_CODES, encode_body, encode_json, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._events import Hooks
    from ._wire import Endpoint


class Send(NamedTuple):
    """The wish to send a request, granted with its reply or failure."""

    request: Request


class Sleep(NamedTuple):
    """The wish to let time pass, granted with None."""

    delay: float
    """Seconds."""


Wish: TypeAlias = Send | Sleep
Outcome: TypeAlias = Reply | Failure | None
Call: TypeAlias = Generator[Wish, Outcome, D]


def new_id() -> str:
    """A random UUID."""
    import uuid  # noqa: PLC0415 - most clients tell nobody, and need no ids.

    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for all calls of a client."""

    endpoint: Endpoint
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    hooks: Hooks | None = None
    """None tells nothing, so that no event need be made."""
    retryable_codes: frozenset[str] = frozenset()
    clock: Callable[[], float] = time.monotonic
    """Seconds that only ever go forward."""
    wall_clock: Callable[[], float] = time.time
    """Unix time, to understand the dates of `Retry-After`."""
    random: Callable[[], float] = random.random
    """From 0 to below 1."""
    new_id: Callable[[], str] = new_id
    """Unique text, for calls that need an id."""
    idempotency_key: str | None = None
    """Goes before the key that a keyed mutation has of its own."""


def call(operation: Operation[D], variables: Mapping[str, object], settings: Settings) -> Call[D]:
    """Attempts until one succeeds or the policy ends them; returns data or raises."""
    run = Run(operation, encode_json(encode_variables(variables, operation.serializers)), settings)
    run.begin()
    try:
        data = yield from _attempts(run)
    except BaseException as error:
        run.end(error)
        raise
    run.end(None)
    return data


def _attempts(run: Run[D]) -> Call[D]:
    while True:
        run.begin_attempt()
        try:
            data = yield from _attempt(run)
        except BaseException as error:
            run.end_attempt(error)
            delay = run.delay_before_retry(error)
            if delay is None:
                raise
        else:
            run.end_attempt(None)
            return data
        yield Sleep(delay)


def _attempt(run: Run[D]) -> Call[D]:
    """Send an operation by its id, and once more with its text if the server asks for it."""
    try:
        return run.read((yield run.send(with_document=False)))
    except OperationError as error:
        if run.operation.document_id is None or error.code not in MISS_CODES:
            raise
    return run.read((yield run.send(with_document=True)))


class Run(Generic[D]):
    """How far a call has come, and what its hooks are told of it."""

    def __init__(self, operation: Operation[D], variables: str, settings: Settings) -> None:
        self.operation = operation
        self._variables = variables
        self._settings = settings
        call_id = settings.new_id() if settings.hooks or self._makes_key() else ""
        self._telling = settings.hooks and settings.hooks.of_call(operation, call_id)
        self._own_headers = self._with_key(settings.endpoint.headers, call_id)
        self._added: Mapping[str, str] = {}
        self._started = self._attempt_started = settings.clock()
        self._number = 0
        self._status: int | None = None
        self._headers: Mapping[str, str] = {}
        self.is_reading_event = False

    def _makes_key(self) -> bool:
        return self.operation.keyed and self._settings.idempotency_key is None

    def _with_key(self, headers: Mapping[str, str], call_id: str) -> Mapping[str, str]:
        """The headers, with the key under which the server knows a repeated request again."""
        given = self._settings.idempotency_key
        if self.operation.kind == "mutation" and given is not None:
            return {**headers, KEY_HEADER: given}
        # A header that the caller gave by hand stays.
        return {KEY_HEADER: call_id, **headers} if self._makes_key() else headers

    def send(self, *, with_document: bool) -> Send:
        body = encode_body(self.operation, self._variables, with_document=with_document)
        deadline = self._settings.policy.deadline
        elapsed = self._settings.clock() - self._started
        time_left = None if deadline is None else deadline - elapsed
        endpoint = self._settings.endpoint
        headers = {**self._added, **self._own_headers} if self._added else self._own_headers
        return Send(endpoint.request(body, headers=headers, time_left=time_left))

    def read(self, outcome: Outcome) -> D:
        attempt = self._attempt()
        if isinstance(outcome, Reply):
            from ._decode import read_reply  # noqa: PLC0415 - pydantic is slow to import.

            self._status, self._headers = outcome.status, outcome.headers
            return read_reply(outcome, attempt)
        self._status, self._headers = None, {}
        if isinstance(outcome, Failure):
            raise failure_error(outcome, attempt)
        raise TypeError(f"a transport returns a Reply or a Failure, not {outcome!r}")

    def _attempt(self) -> Attempt[D]:
        settings = self._settings
        return Attempt(
            self.operation,
            settings.endpoint.host,
            self._number,
            settings.policy.max_attempts,
            settings.clock() - self._started,
            settings.retryable_codes,
        )

    def check_opened(self, outcome: object) -> None:
        """Tells the status of an opened stream; raises what a reply or a failure means."""
        if isinstance(outcome, Reply | Failure | None):
            self.read(outcome)
        if isinstance(outcome, Reply):
            # It has data, and is not what was asked for all the same.
            told = "it is one reply and no stream of events"
            self.read(Reply(outcome.status, outcome.headers, b"", told))
        self._status = getattr(outcome, "status", None)
        self._headers = getattr(outcome, "headers", {})

    def read_event(self, text: str) -> D:
        """The typed data of an event, which is a GraphQL response."""
        head = {"content-type": "application/json", **self._request_id()}
        self.is_reading_event = True
        data = self.read(Reply(self._status or 200, head, text.encode()))
        self.is_reading_event = False
        return data

    def start_over(self) -> None:
        """Forgets the attempts so far: the one that failed has been a good one for a while."""
        self._number = 1
        self._started = self._settings.clock()

    def _request_id(self) -> dict[str, str]:
        request_id = self._headers.get("x-request-id")
        return {} if request_id is None else {"x-request-id": request_id}

    def delay_before_retry(self, error: BaseException) -> float | None:
        if not isinstance(error, IntelGraphError):
            return None
        failed = FailedAttempt(
            number=self._number,
            error=error,
            is_repeatable=self._is_repeatable(),
            retryable_codes=self._settings.retryable_codes,
            retry_after=retry_after(self._headers, self._settings.wall_clock),
            started=self._started,
            now=self._settings.clock(),
        )
        delay = self._settings.policy.delay_before_retry(failed, self._settings.random)
        if delay is not None and self._telling:
            self._telling.retry_scheduled(self._number, delay)
        return delay

    def _is_repeatable(self) -> bool:
        # To come back to a subscription repeats nothing.
        is_harmless = self.operation.retry_safe or self.operation.kind == "subscription"
        return is_harmless or KEY_HEADER in self._own_headers

    def begin(self) -> None:
        if self._telling:
            self._telling.call_started()

    def begin_attempt(self) -> None:
        self._number += 1
        self._status, self._headers = None, {}
        if self._telling:
            self._attempt_started = self._settings.clock()
            url = self._settings.endpoint.url
            self._added = self._telling.attempt_started(self._number, "POST", url)

    def end_attempt(self, error: BaseException | None) -> None:
        if self._telling:
            duration = self._settings.clock() - self._attempt_started
            request_id = self._headers.get("x-request-id")
            self._telling.attempt_finished(self._number, self._status, request_id, error, duration)

    def end(self, error: BaseException | None) -> None:
        if self._telling:
            duration = self._settings.clock() - self._started
            self._telling.call_finished(duration, self._status, self._number - 1, error)

"""One call without I/O: a generator that yields wishes and is resumed with what came of them.

`_drive.py` grants the wishes, blocking or awaiting. Nothing here knows sockets or event
loops, and clocks and randomness are given, so that both clients are one implementation,
tested once. What the call goes through is told to hooks; with none, nothing is told.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Generic, NamedTuple, NoReturn, TypeAlias

from ._errors import IntelGraphError, OperationError
from ._exchange import Failure, Reply, Request
from ._inputs import encode_variables
from ._messages import Attempt, failure_error
from ._operation import D, Operation
from ._retry import FailedAttempt
from ._settings import Success
from ._wire import KEY_HEADER, encode_json, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._errors import ErrorDetail
    from ._settings import Settings
    from ._wire import Form, Message


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
    """Send an operation, and again in other words as long as the server asks for them."""
    while True:
        try:
            return run.read((yield run.send()))
        except OperationError as error:
            if not run.says_otherwise(error):
                raise


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
        self._began = self._started = self._attempt_started = settings.clock()
        self._form: Form
        self._message: Message
        self._number = 0
        self._reply: Reply | None = None
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

    def send(self) -> Send:
        deadline = self._settings.policy.deadline_over(self._settings.endpoint.given_timeout)
        elapsed = self._settings.clock() - self._started
        time_left = None if deadline is None else deadline - elapsed
        endpoint = self._settings.endpoint
        headers = {**self._added, **self._own_headers} if self._added else self._own_headers
        return Send(endpoint.request(self._message, headers=headers, time_left=time_left))

    def says_otherwise(self, error: OperationError) -> bool:
        """Whether the attempt goes on in other words, which it then has ready."""
        form = self._settings.wire.after(self._form, error.errors[0])
        if form is not None:
            self._say(form, is_first=False)
        return form is not None

    def _say(self, form: Form, *, is_first: bool) -> None:
        wire, url = self._settings.wire, self._settings.endpoint.url
        self._form = form
        self._message = wire.message(url, self.operation, self._variables, form, is_first=is_first)

    def read(self, outcome: Outcome) -> D:
        if isinstance(outcome, Reply):
            from ._decode import read_reply  # noqa: PLC0415 - pydantic is slow to import.

            self._status, self._headers = outcome.status, outcome.headers
            self._reply = outcome
            return read_reply(outcome, self.operation, self._attempt, self._takes_beside)
        self._status, self._headers = None, {}
        if isinstance(outcome, Failure):
            raise failure_error(outcome, self._attempt())
        raise TypeError(f"a transport returns a Reply or a Failure, not {outcome!r}")

    def _takes_beside(self, errors: tuple[ErrorDetail, ...]) -> bool:
        """Whether data is the answer although these came with it."""
        if not errors or self._settings.errors != "partial":
            return False
        # A miss is none, whatever stands beside it; but an event cannot be asked for again.
        return self.is_reading_event or self._settings.wire.after(self._form, errors[0]) is None

    def lost(self, failure: Failure | None) -> NoReturn:
        """Raises that an open stream has broken off; what opened it stays told."""
        broken = Failure("read", None if failure is None else failure.cause)
        raise failure_error(broken, self._attempt(), self._head())

    def _attempt(self) -> Attempt[D]:
        settings = self._settings
        return Attempt(
            self.operation,
            settings.endpoint.host,
            self._number,
            settings.policy.max_attempts,
            settings.clock() - self._began,
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
        opened = self._head()
        head = {"content-type": "application/json", **self._request_id()}
        self.is_reading_event = True
        data = self.read(Reply(opened.status, head, text.encode()))
        self.is_reading_event = False
        self._headers = opened.headers
        return data

    def _head(self) -> Reply:
        return Reply(self._status or 200, self._headers, b"")

    def start_over(self) -> None:
        """Forgets the attempts so far: the one that failed has been a good one for a while."""
        self._refund()
        self._number = 1
        self._started = self._settings.clock()

    def _refund(self) -> None:
        retries = self._number - 1
        self._settings.budget.refund(retries * self._settings.policy.retry_cost)

    def _request_id(self) -> dict[str, str]:
        request_id = self._headers.get("x-request-id")
        return {} if request_id is None else {"x-request-id": request_id}

    def delay_before_retry(self, error: BaseException, least: float = 0.0) -> float | None:
        if not isinstance(error, IntelGraphError):
            return None
        asked = retry_after(self._headers, self._settings.wall_clock) or 0.0
        failed = FailedAttempt(
            number=self._number,
            error=error,
            is_repeatable=self._is_repeatable(),
            retryable_codes=self._settings.retryable_codes,
            retry_after=max(asked, least),
            started=self._started,
            now=self._settings.clock(),
            timeout=self._settings.endpoint.given_timeout,
        )
        policy, random = self._settings.policy, self._settings.random
        delay = policy.delay_before_retry(failed, random, self._settings.budget)
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
        self._say(self._settings.wire.first(self.operation), is_first=True)
        if self._telling:
            self._attempt_started = self._settings.clock()
            method = "POST" if self._message.url is None else "GET"
            url = self._settings.endpoint.url
            self._added = self._telling.attempt_started(self._number, method, url)

    def end_attempt(self, error: BaseException | None) -> None:
        if self._telling:
            duration = self._settings.clock() - self._attempt_started
            request_id = self._headers.get("x-request-id")
            self._telling.attempt_finished(self._number, self._status, request_id, error, duration)

    def end(self, error: BaseException | None) -> None:
        if error is None:
            self._refund()
        observe = self._settings.observe
        if observe is not None and error is None and self._reply is not None:
            elapsed = self._settings.clock() - self._started
            observe(Success(self._reply, self._number, elapsed))
        if self._telling:
            duration = self._settings.clock() - self._began
            self._telling.call_finished(duration, self._status, self._number - 1, error)

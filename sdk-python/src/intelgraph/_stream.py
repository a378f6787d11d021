"""One subscription without I/O: connections until the server says that no more comes.

Like a call, it yields wishes and is resumed with what came of them. What was read is emitted
before more is wished for, so a slow reader slows the server down instead of filling memory. A
connection that breaks is made again behind the last event that was read, so none is missed.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias

from ._call import Run, Sleep
from ._errors import IntelGraphError, OperationError
from ._exchange import Failure, Reply, Request
from ._inputs import encode_variables
from ._operation import D, Operation
from ._sse import EVENTS_TYPE, EventParser
from ._wire import encode_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._call import Send
    from ._settings import Settings


class Opened(Protocol):
    """The head of a stream whose body is still to come."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Open:
    """The wish to connect, granted with an open stream, or with the reply or failure instead."""

    request: Request


@dataclass(frozen=True, slots=True)
class Receive:
    """The wish for the next bytes, granted with them, with None at the end, or with a failure."""


@dataclass(frozen=True, slots=True)
class Emit(Generic[D]):
    """The wish to hand data on, granted with None once the reader wants more."""

    data: D


StreamWish: TypeAlias = Open | Receive | Emit[D] | Sleep
StreamOutcome: TypeAlias = Opened | Reply | Failure | bytes | None
Stream: TypeAlias = Generator[StreamWish[D], StreamOutcome, None]

# A connection that lasted so long was a good one, even if nothing happened on it.
LASTING = 5.0


def stream(
    operation: Operation[D], variables: Mapping[str, object], settings: Settings
) -> Stream[D]:
    """Emits the data of every event; returns when the server completes the subscription."""
    run = Run(operation, encode_json(encode_variables(variables, operation.serializers)), settings)
    run.begin()
    try:
        yield from _connections(run, EventParser(), settings)
    except GeneratorExit:
        # Whoever stops reading has what they wanted.
        run.end(None)
        raise
    except BaseException as error:
        run.end(error)
        raise
    run.end(None)


def _connections(run: Run[D], parser: EventParser, settings: Settings) -> Stream[D]:
    while True:
        run.begin_attempt()
        connected = math.inf
        last_id = parser.last_id
        try:
            yield from _connect(run, last_id)
            connected = settings.clock()
            yield from _events(run, parser)
        except IntelGraphError as error:
            run.end_attempt(error)
            if run.is_reading_event:
                # What an event says is the reader's to know, and no reason to connect again.
                raise
            if parser.last_id != last_id or settings.clock() - connected > LASTING:
                run.start_over()
            delay = run.delay_before_retry(error, parser.wait)
            if delay is None:
                raise
        except BaseException as error:
            run.end_attempt(None if isinstance(error, GeneratorExit) else error)
            raise
        else:
            run.end_attempt(None)
            return
        parser = EventParser(parser.last_id, parser.wait)
        yield Sleep(delay)


def _connect(run: Run[D], last_id: str | None) -> Stream[D]:
    while True:
        try:
            run.check_opened((yield Open(_request(run.send(), last_id))))
        except OperationError as error:
            if not run.says_otherwise(error):
                raise
        else:
            return


def _events(run: Run[D], parser: EventParser) -> Stream[D]:
    """What comes on a connection, up to the event that completes the subscription."""
    while True:
        chunk = yield Receive()
        if not isinstance(chunk, bytes):
            # So is an end that was not announced, and a silence.
            run.lost(chunk if isinstance(chunk, Failure) else None)
        for event in parser.feed(chunk):
            if event.type == "complete":
                return
            if event.type == "next":
                yield Emit(run.read_event(event.data))


def _request(send: Send, last_id: str | None) -> Request:
    headers: dict[str, Any] = {**send.request.headers, "accept": EVENTS_TYPE}
    if last_id is not None:
        # A header is text of as many characters as it has bytes, and these are of UTF-8.
        headers["last-event-id"] = last_id.strip(" \t").encode().decode("latin-1")
    return replace(send.request, headers=headers)

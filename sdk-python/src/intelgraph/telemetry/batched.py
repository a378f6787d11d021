"""The platform's telemetry, sent to a server in lists by a thread that no call waits for.

The queue is bounded and full rather than slow: what finds no room in it is dropped and counted,
as OpenTelemetry's batch processor does. The sender makes no calls, so that no hook hears of it.
"""

from __future__ import annotations

import atexit
import logging
import os
from collections import deque
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Condition, Event, RLock, Thread
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urljoin
from weakref import WeakMethod

from intelgraph._errors import ConfigurationError
from intelgraph._events import CallFinished
from intelgraph._inputs import UNSET, Unset
from intelgraph._options import api_key_or_default, endpoint, url_or_default
from intelgraph._retry import RetryPolicy
from intelgraph._transport import HttpxTransport

from ._delivery import MOST_BYTES, MOST_EVENTS, Delivery, bodies
from .json_lines import telemetry

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from intelgraph._events import Event as CallEvent
    from intelgraph._exchange import Transport

    from .json_lines import Telemetry

__all__ = ["Batched"]

logger = logging.getLogger("intelgraph")


class Batched:
    """A hook that posts finished calls to the platform's telemetry, a hundred at most at once.

    `url` is where telemetry is taken: `telemetry` beside the GraphQL address of the environment
    unless told. `api_key` is INTELGRAPH_API_KEY when left out. A list is sent every `interval`
    seconds, or as soon as it is full; at most `max_queue` events wait, and what comes then is
    dropped. `timeout` bounds each post, and `retry_policy` says how often one is tried that the
    server did not take. A `transport` stays the caller's to close.

    One sink serves any number of clients, threads and event loops. What waits when a program ends
    is sent for at most five seconds; a process that was forked off begins with an empty queue.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | Unset | None = UNSET,
        interval: float = 5.0,
        max_queue: int = 2048,
        timeout: float = 10.0,
        retry_policy: RetryPolicy | None = None,
        transport: Transport | None = None,
    ) -> None:
        if not 0 < interval < float("inf"):
            raise ConfigurationError(f"interval= is a number of seconds above 0, not {interval!r}.")
        if max_queue < 1:
            raise ConfigurationError(f"max_queue= is at least 1, not {max_queue!r}.")
        target = endpoint(
            url=url or urljoin(url_or_default(None), "telemetry"),
            api_key=api_key_or_default(api_key),
            headers=None,
            timeout=timeout,
            max_response_bytes=MOST_BYTES,
        )
        self._delivery: Final = Delivery(target, retry_policy or RetryPolicy(), self._pause)
        self._interval: Final = interval
        self._limit: Final = max_queue
        self._full: Final = min(MOST_EVENTS, max_queue)
        self._given_transport: Final = transport
        self._is_closed = False
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=partial(_if_alive, WeakMethod(self._begin)))

    def _begin(self) -> None:
        # A fork leaves threads behind, and locks as they were just then.
        self._waiting: deque[Telemetry] = deque()
        # Reentrant, for a stream that is collected while it is held ends its call by it.
        self._lock: Condition = Condition(RLock())
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._give_up = Event()
        self._thread: Thread | None = None
        self._taken_in = self._sent = self._dropped = 0
        self._refused = 0
        self._is_failing = False

    @property
    def sent(self) -> int:
        """How many events the server took."""
        return self._sent

    @property
    def dropped(self) -> int:
        """How many events found no room, or were not taken."""
        return self._refused + self._dropped

    def __call__(self, event: CallEvent) -> None:
        if not isinstance(event, CallFinished):
            return
        with self._lock:
            if self._is_closed or len(self._waiting) >= self._limit:
                self._refused += 1
                return
            self._waiting.append(telemetry(event))
            self._taken_in += 1
            is_full = len(self._waiting) == self._full
            if self._thread is None:
                self._start()
        if is_full:
            self._wake.put(None)

    def flush(self, timeout: float = 5.0) -> bool:
        """Send what waits now; returns whether it was settled in so many seconds.

        It blocks: a coroutine awaits it by `asyncio.to_thread`, and `close` as well.
        """
        with self._lock:
            end = self._taken_in
            self._wake.put(None)
            return self._lock.wait_for(lambda: self._settled >= end, timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Send what waits, for at most so many seconds, and drop what comes later."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            thread = self._thread
        atexit.unregister(self.close)
        if thread is None:
            return
        self._wake.put(None)
        thread.join(timeout)
        self._give_up.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError("Batched holds a credential and a thread, and cannot be pickled")

    def _start(self) -> None:
        self._thread = Thread(target=self._run, name="intelgraph-telemetry", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            # No thread begins while the interpreter ends.
            self._is_closed = True
            self._settle(len(self._waiting), "the program ends")
            self._waiting.clear()
        else:
            atexit.register(self.close)

    @property
    def _settled(self) -> int:
        return self._sent + self._dropped

    def _run(self) -> None:
        transport = self._given_transport or HttpxTransport(None)
        is_last = False
        while not is_last:
            with suppress(Empty):
                self._wake.get(timeout=self._interval)
            with self._lock:
                is_last, end = self._is_closed, self._taken_in
            # What comes meanwhile waits for others, for many posts of few would help nobody.
            while self._settled < end:
                self._send(transport)
        if self._given_transport is None:
            transport.close()

    def _send(self, transport: Transport) -> None:
        with self._lock:
            count = min(MOST_EVENTS, len(self._waiting))
            events = [self._waiting.popleft() for _ in range(count)]
        for length, body in bodies(events):
            self._settle(length, self._post(body, transport))

    def _post(self, body: bytes, transport: Transport) -> str | None:
        if self._give_up.is_set():
            return "the program ends"
        try:
            return self._delivery.send(body, transport)
        except Exception as error:  # noqa: BLE001 - a transport of the caller's may raise anything.
            return f"its transport raised {type(error).__name__}"

    def _pause(self, delay: float) -> bool:
        return self._give_up.wait(delay)

    def _settle(self, count: int, reason: str | None) -> None:
        with self._lock:
            if reason is None:
                self._sent += count
            else:
                self._dropped += count
            is_news = reason is not None and not self._is_failing
            self._is_failing = reason is not None
            self._lock.notify_all()
        if is_news:
            # Once for each outage, because a server that is away stays so for a while.
            host = self._delivery.endpoint.host
            logger.warning("Telemetry for %s is dropped: %s.", host, reason)


def _if_alive(method: WeakMethod[Callable[[], None]]) -> None:
    found = method()
    if found is not None:
        found()

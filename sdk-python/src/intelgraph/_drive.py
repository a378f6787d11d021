"""The two loops that grant a call's wishes: one blocks, the other awaits.

Whatever interrupts them, such as a cancellation, is thrown into the call, so that its hooks
hear of the end, and then passes through untouched; nothing of the call stays behind.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._call import Send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ._call import Call, Outcome, Wish
    from ._exchange import AsyncTransport, Transport
    from ._operation import D


async def sleep_async(delay: float) -> None:
    """Let other tasks run for some seconds."""
    # Who awaits has asyncio loaded; who blocks need not load it.
    import asyncio  # noqa: PLC0415 - see above.

    await asyncio.sleep(delay)


def drive(call: Call[D], transport: Transport, sleep: Callable[[float], None] = time.sleep) -> D:
    """Grant each wish by blocking until it is done."""
    outcome: Outcome = None
    try:
        while True:
            try:
                wish = call.send(outcome)
            except StopIteration as stop:
                data: D = stop.value
                return data
            try:
                outcome = _grant(wish, transport, sleep)
            except BaseException as error:
                call.throw(error)
                raise
    finally:
        call.close()


async def drive_async(
    call: Call[D],
    transport: AsyncTransport,
    sleep: Callable[[float], Awaitable[None]] = sleep_async,
) -> D:
    """Grant each wish by awaiting it."""
    outcome: Outcome = None
    try:
        while True:
            try:
                wish = call.send(outcome)
            except StopIteration as stop:
                data: D = stop.value
                return data
            try:
                outcome = await _grant_async(wish, transport, sleep)
            except BaseException as error:
                call.throw(error)
                raise
    finally:
        call.close()


def _grant(wish: Wish, transport: Transport, sleep: Callable[[float], None]) -> Outcome:
    if isinstance(wish, Send):
        return transport.send(wish.request)
    sleep(wish.delay)
    return None


async def _grant_async(
    wish: Wish, transport: AsyncTransport, sleep: Callable[[float], Awaitable[None]]
) -> Outcome:
    if isinstance(wish, Send):
        return await transport.send_async(wish.request)
    await sleep(wish.delay)
    return None

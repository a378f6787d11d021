"""The two loops that grant a subscription's wishes, as `_drive.py` grants a call's.

What interrupts them is thrown into the stream, for its hooks to hear; a reader that leaves is none.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._call import Sleep
from ._drive import sleep_async
from ._exchange import Failure, Reply
from ._stream import Emit, Open

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

    from ._exchange import AsyncConnection, AsyncStreamingTransport, Connection, StreamingTransport
    from ._operation import D
    from ._stream import Stream, StreamOutcome


def drive_stream(
    stream: Stream[D],
    transport: StreamingTransport,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[D]:
    """Grant each wish by blocking; hand on what is emitted, and wait for whoever reads it."""
    outcome: StreamOutcome = None
    connection: Connection | None = None
    try:
        while True:
            try:
                wish = stream.send(outcome)
            except StopIteration:
                return
            outcome = None
            if isinstance(wish, Emit):
                yield wish.data
            elif isinstance(wish, Sleep):
                sleep(wish.delay)
            elif isinstance(wish, Open):
                if connection is not None:
                    connection.close()
                opened = transport.open(wish.request)
                connection = None if isinstance(opened, Reply | Failure) else opened
                outcome = opened
            elif connection is not None:
                outcome = connection.receive()
    except BaseException as error:
        _interrupt(stream, error)
        raise
    finally:
        stream.close()
        if connection is not None:
            connection.close()


async def drive_stream_async(
    stream: Stream[D],
    transport: AsyncStreamingTransport,
    sleep: Callable[[float], Awaitable[None]] = sleep_async,
) -> AsyncGenerator[D]:
    """Grant each wish by awaiting it; hand on what is emitted, and wait for whoever reads it."""
    outcome: StreamOutcome = None
    connection: AsyncConnection | None = None
    try:
        while True:
            try:
                wish = stream.send(outcome)
            except StopIteration:
                return
            outcome = None
            if isinstance(wish, Emit):
                yield wish.data
            elif isinstance(wish, Sleep):
                await sleep(wish.delay)
            elif isinstance(wish, Open):
                if connection is not None:
                    await connection.close()
                opened = await transport.open_async(wish.request)
                connection = None if isinstance(opened, Reply | Failure) else opened
                outcome = opened
            elif connection is not None:
                outcome = await connection.receive()
    except BaseException as error:
        _interrupt(stream, error)
        raise
    finally:
        stream.close()
        if connection is not None:
            await connection.close()


def _interrupt(stream: Stream[D], error: BaseException) -> None:
    if not isinstance(error, GeneratorExit):
        stream.throw(error)

"""The two loops that grant a call's wishes: one blocks, the other awaits.

Both close the call when they are left early, as by a cancellation, so that nothing of it
stays behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._call import Call
    from ._operation import D
    from ._transport import AsyncTransport, Transport


def drive(call: Call[D], transport: Transport) -> D:
    """Grant each wish by blocking until it is done."""
    outcome = None
    try:
        while True:
            try:
                wish = call.send(outcome)
            except StopIteration as stop:
                data: D = stop.value
                return data
            outcome = transport.send(wish.request)
    finally:
        call.close()


async def drive_async(call: Call[D], transport: AsyncTransport) -> D:
    """Grant each wish by awaiting it."""
    outcome = None
    try:
        while True:
            try:
                wish = call.send(outcome)
            except StopIteration as stop:
                data: D = stop.value
                return data
            outcome = await transport.send_async(wish.request)
    finally:
        call.close()

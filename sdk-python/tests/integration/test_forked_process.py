"""A client that is forked with its process opens connections of its own."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
from typing import Any

import pytest
from test_connections import CLIENTS, counting_server

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


def tiles(made: Any, loop: asyncio.AbstractEventLoop) -> Any:
    answer = made.trust_tiles()
    return loop.run_until_complete(answer) if inspect.isawaitable(answer) else answer


@CLIENTS
def test_a_forked_process_calls_over_a_connection_of_its_own(client: Any) -> None:
    loop = asyncio.new_event_loop()
    with counting_server() as (url, seen):
        made = client(url=url, api_key=None)
        copy = made.with_options(timeout=5)
        assert tiles(made, loop) == []
        child = os.fork()
        if child == 0:
            # It waits in vain where the parent gets its answer.
            signal.alarm(10)
            own = asyncio.new_event_loop()
            os._exit(0 if tiles(copy, own) == tiles(made, own) == [] else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        # Those of the parent are none the worse for it.
        assert tiles(made, loop) == []
        closed = made.close()
        if inspect.isawaitable(closed):
            loop.run_until_complete(closed)

    loop.close()
    assert seen.connections == 2

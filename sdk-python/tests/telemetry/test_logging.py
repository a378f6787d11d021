from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import AsyncIntelGraph, ConfigurationError, IntelGraph, RetryPolicy
from intelgraph.telemetry.logging import LEVELS, Logging
from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intelgraph import Event, Failure, Hook, Reply, Request

TILES = reply({"data": {"trustTiles": []}})
BUSY = reply(status=503, text="")
AT_ONCE = RetryPolicy(base_delay=0.0)


@pytest.fixture(autouse=True)
def logger() -> Iterator[logging.Logger]:
    """The package's logger, which is afterwards as it was."""
    logger = logging.getLogger("intelgraph")
    level, handlers, propagate = logger.level, list(logger.handlers), logger.propagate
    yield logger
    logger.setLevel(level)
    logger.handlers[:] = handlers
    logger.propagate = propagate


@pytest.mark.parametrize("logger", ["portal", print, 5])
def test_what_is_no_logger_is_refused(logger: Any) -> None:
    with pytest.raises(TypeError, match="logger is one of the module logging"):
        Logging(logger)


def levels_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.levelname for record in caplog.records]


def test_a_line_has_as_much_weight_as_what_it_tells(caplog: pytest.LogCaptureFixture) -> None:
    transport = FakeTransport([BUSY, TILES, reply(status=404, text="")])
    options: Any = {"api_key": None, "transport": transport, "retry_policy": AT_ONCE}
    client = IntelGraph(hooks=[Logging()], **options)
    caplog.set_level(logging.INFO, logger="intelgraph")

    client.trust_tiles()
    with pytest.raises(Exception, match="404"):
        client.trust_tiles()

    assert levels_of(caplog) == ["WARNING", "INFO", "ERROR"]


def test_a_record_has_its_facts_as_fields(caplog: pytest.LogCaptureFixture) -> None:
    client = IntelGraph(
        api_key=None, transport=FakeTransport([TILES]), hooks=[Logging(logging.getLogger("mine"))]
    )
    caplog.set_level(logging.INFO, logger="mine")

    client.trust_tiles()

    (record,) = caplog.records
    facts = vars(record)["intelgraph"]
    assert list(facts) == ["op", "call", "attempts", "status", "ms", "host"]
    assert (record.name, facts["op"], facts["status"]) == ("mine", "trustTiles:v1", 200)


def test_nothing_of_a_call_is_kept_behind_its_end(caplog: pytest.LogCaptureFixture) -> None:
    hook = Logging()
    told: list[Event] = []
    client = IntelGraph(api_key=None, transport=FakeTransport([TILES]), hooks=[hook, told.append])
    caplog.set_level(logging.INFO, logger="intelgraph")
    client.trust_tiles()

    hook(told[-1])

    first, second = [record.getMessage() for record in caplog.records]
    assert "host=" in first
    assert "host=" not in second


async def test_a_call_that_is_cancelled_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    class Endless:
        def __init__(self) -> None:
            self.is_asked = asyncio.Event()

        async def send_async(self, _request: Request) -> Reply | Failure:
            self.is_asked.set()
            return await asyncio.Future()

    transport = Endless()
    client = AsyncIntelGraph(api_key=None, transport=transport, hooks=[Logging()])
    caplog.set_level(logging.INFO, logger="intelgraph")

    task = asyncio.ensure_future(client.trust_tiles())
    await transport.is_asked.wait()
    task.cancel()
    await asyncio.wait([task])

    assert levels_of(caplog) == ["INFO"]
    assert "TrustTiles cancelled: " in caplog.text
    assert "error=CancelledError" in caplog.text


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_secret_is_logged_on_any_level(
    level: str, caplog: pytest.LogCaptureFixture, secret_calls: Callable[[Hook], None]
) -> None:
    caplog.set_level(LEVELS[level], logger="intelgraph")

    secret_calls(Logging())

    assert "Secret failed: op=secret:v1" in caplog.text
    everything = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "canary" not in everything


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_the_environment_turns_logging_on(
    client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("INTELGRAPH_LOG", "Info")

    made = client(api_key=None, transport=FakeTransport([TILES]))
    calling = made.trust_tiles()
    if client is AsyncIntelGraph:
        asyncio.run(calling)

    assert levels_of(caplog) == ["INFO"]


def test_what_is_logged_goes_to_stderr_where_nobody_takes_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logger: logging.Logger
) -> None:
    monkeypatch.setenv("INTELGRAPH_LOG", "info")
    logger.propagate = False

    for _ in range(2):
        IntelGraph(api_key=None, transport=FakeTransport([TILES])).trust_tiles()

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["INFO intelgraph"] * 2
    assert out == ""


def test_one_who_takes_what_is_logged_is_enough(
    monkeypatch: pytest.MonkeyPatch, logger: logging.Logger
) -> None:
    monkeypatch.setenv("INTELGRAPH_LOG", "info")
    stream = io.StringIO()
    mine = logging.StreamHandler(stream)
    logger.addHandler(mine)

    IntelGraph(api_key=None, transport=FakeTransport([TILES]), hooks=[Logging()]).trust_tiles()

    assert logger.handlers == [mine]
    assert len(stream.getvalue().splitlines()) == 1


def test_a_level_that_is_none_is_refused_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INTELGRAPH_LOG", "loud")

    with pytest.raises(
        ConfigurationError, match="debug, info, warning, error or empty, not 'loud'"
    ):
        IntelGraph(api_key=None)

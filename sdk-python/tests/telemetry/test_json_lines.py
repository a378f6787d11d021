from __future__ import annotations

import io

import pytest

from intelgraph import CallFinished, CallStarted, IntelGraph
from intelgraph.telemetry.json_lines import JsonLines, telemetry
from intelgraph.testing import FakeTransport, reply


def test_a_finished_call_is_one_line_in_the_platforms_form() -> None:
    stream = io.StringIO()

    JsonLines(stream)(CallFinished("GetEntity", "getEntity:v1", "call-1", 0.142, 200, 1, None))

    assert stream.getvalue() == (
        '{"opId":"getEntity:v1","durationMs":142,"status":200,"retries":1}\n'
    )


def test_a_line_is_written_at_once_so_that_threads_do_not_mix_theirs() -> None:
    written: list[str] = []

    class Stream:
        def write(self, text: str, /) -> object:
            return written.append(text)

    JsonLines(Stream())(CallFinished("GetEntity", "getEntity:v1", "call-1", 0.142, 200, 1, None))

    assert len(written) == 1
    assert written[0].endswith("}\n")


def test_other_events_are_not_written() -> None:
    stream = io.StringIO()

    JsonLines(stream)(CallStarted("GetEntity", "getEntity:v1", "call-1", "query"))

    assert stream.getvalue() == ""


def test_what_is_not_known_is_null() -> None:
    event = CallFinished("anonymous", None, "call-1", 0.0, None, 0, None)

    assert telemetry(event) == {"opId": None, "durationMs": 0, "status": None, "retries": 0}


@pytest.mark.parametrize(
    ("seconds", "milliseconds"),
    [(0.1415, 142), (0.1414999, 141), (0.0005, 1), (0.00049, 0), (0.5005, 501), (2.0, 2000)],
)
def test_a_duration_is_in_whole_milliseconds_with_halves_rounded_up(
    seconds: float, milliseconds: int
) -> None:
    event = CallFinished("GetEntity", None, "call-1", seconds, 200, 0, None)

    assert telemetry(event)["durationMs"] == milliseconds


def test_it_is_a_hook() -> None:
    stream = io.StringIO()
    transport = FakeTransport([reply({"data": {"trustTiles": []}})])

    IntelGraph(api_key=None, transport=transport, hooks=[JsonLines(stream)]).trust_tiles()

    assert stream.getvalue().startswith('{"opId":"trustTiles:v1","durationMs":')

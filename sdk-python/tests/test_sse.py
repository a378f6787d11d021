from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph._sse import EventParser, ServerEvent


def parsed(*chunks: bytes) -> list[ServerEvent]:
    parser = EventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def test_an_event_has_a_type_an_id_and_its_lines_of_data() -> None:
    assert parsed(b"id: 7\nevent: next\ndata: a\ndata: b\n\n") == [ServerEvent("next", "a\nb", "7")]


def test_without_a_type_an_event_is_a_message_and_without_data_it_is_none() -> None:
    assert parsed(b"data:x\n\n", b"event: next\n\n", b"data\n\n") == [
        ServerEvent("message", "x", None),
        ServerEvent("message", "", None),
    ]


def test_comments_and_unknown_fields_say_nothing() -> None:
    assert parsed(b": alive\n\n", b"colour: red\ndata: x\n\n") == [
        ServerEvent("message", "x", None)
    ]


def test_the_id_stays_until_it_is_told_anew_and_an_empty_one_forgets_it() -> None:
    events = parsed(b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0y\ndata: d\n\n")

    assert [event.id for event in events] == ["1", "1", None, None]


def test_an_id_counts_once_its_event_came_whole_with_data_or_without() -> None:
    parser = EventParser("1")

    list(parser.feed(b"id: 2\nevent: next\ndata: a\n"))
    assert parser.last_id == "1"
    list(parser.feed(b"\nid: 3\n\n"))

    assert parser.last_id == "3"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_of_the_standard_ends_a_line(end: str) -> None:
    # A bare carriage return may be half of a line end, so the last one waits for what follows.
    assert parsed(f"data: x{end}{end}".encode(), b": y\n") == [ServerEvent("message", "x", None)]


def test_a_byte_order_mark_is_no_part_of_the_stream_and_bad_bytes_are_replaced() -> None:
    assert parsed(b"\xef\xbb\xbfdata: \xff\n\n") == [ServerEvent("message", "\ufffd", None)]


def test_the_server_says_how_long_to_wait() -> None:
    parser = EventParser()

    list(parser.feed(b"retry: 1500\nretry: soon\n\n"))

    assert parser.wait == 1.5


def test_a_carriage_return_ends_its_line_at_once() -> None:
    events = [ServerEvent("message", "a", None)]

    assert parsed(b"data: a\r\r") == events
    assert parsed(b"data: a\r", b"", b"\n\r") == events


STREAM = "id: 1\r\nevent: next\ndata: é🙂\n\n: x\rdata: two\r\n\r\ndata: a\ndata: b\n\n".encode()


@given(st.lists(st.integers(0, len(STREAM)), max_size=8).map(sorted))
def test_however_the_bytes_are_cut_the_events_are_the_same(cuts: list[int]) -> None:
    edges = [0, *cuts, len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(edges)]

    assert parsed(*pieces) == parsed(STREAM)

from __future__ import annotations

import datetime as dt
import time
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph import (
    Operation,
)
from intelgraph._wire import encode_body, retry_after

# Wednesday, 15 April 2026, midnight in UTC.
MIDNIGHT = 1776211200.0


def test_a_persisted_operation_travels_as_its_id(get_thing: Operation[Any]) -> None:
    body = encode_body(get_thing, '{"id":"1"}', with_document=False)

    assert body == b'{"documentId":"sha256:abc","variables":{"id":"1"}}'


def test_the_text_stands_between_the_id_and_the_variables(get_thing: Operation[Any]) -> None:
    body = encode_body(get_thing, '{"id":"1"}', with_document=True)

    assert body == (
        b'{"documentId":"sha256:abc","query":"query GetThing($id:ID){thing(id:$id)}",'
        b'"variables":{"id":"1"}}'
    )


def test_without_variables_there_is_no_member_for_them(get_thing: Operation[Any]) -> None:
    assert encode_body(get_thing, "{}", with_document=False) == b'{"documentId":"sha256:abc"}'


def test_text_is_sent_in_utf_8_as_it_is() -> None:
    operation = Operation("A", "query", None, None, '{a(b:"é\n")}', retry_safe=True, data=dict)

    body = encode_body(operation, "{}", with_document=False)

    assert body == '{"query":"{a(b:\\"é\\n\\")}"}'.encode()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "1250", "retry-after": "2"}, 1.25),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2.0),
        # The three forms of RFC 9110, 5.6.7.
        ({"retry-after": "Wed, 15 Apr 2026 00:00:07 GMT"}, 7.0),
        ({"retry-after": "Wednesday, 15-Apr-26 00:00:07 GMT"}, 7.0),
        ({"retry-after": "Wed Apr 15 00:00:07 2026"}, 7.0),
        ({"retry-after": "Tue, 14 Apr 2026 23:59:00 GMT"}, 0.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 99 Apr 2026 00:00:07 GMT"}, None),
        ({"retry-after": "9" * 400}, None),
    ],
    ids=repr,
)
def test_retry_after_is_read_in_all_its_forms(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers, lambda: MIDNIGHT) == seconds


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set")
def test_a_date_that_names_no_zone_means_utc_wherever_the_client_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        seconds = retry_after({"retry-after": "Wed Apr 15 00:00:07 2026"}, lambda: MIDNIGHT)
    time.tzset()

    assert seconds == 7.0


@given(st.text(), st.text())
def test_whatever_retry_after_says_is_a_wait_that_can_be_waited(ms: str, value: str) -> None:
    seconds = retry_after({"retry-after-ms": ms, "retry-after": value}, lambda: MIDNIGHT)

    assert seconds is None or 0 <= seconds < 1e12


@given(st.datetimes(min_value=dt.datetime(1970, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_any_date_is_read_to_the_second(date: dt.datetime) -> None:
    header = format_datetime(date, usegmt=True)

    seconds = retry_after({"retry-after": header}, lambda: 0.0)

    assert seconds == max(0.0, date.replace(microsecond=0).timestamp())

from __future__ import annotations

import datetime as dt
import time
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph import ConfigurationError, ErrorDetail, Operation
from intelgraph._wire import Form, Message, Wire, retry_after
from intelgraph.runtime import BaseClient
from intelgraph.testing import FakeTransport, reply
from intelgraph.wire import apq, persisted, text

URL = "https://api.example/graphql"

# Wednesday, 15 April 2026, midnight in UTC.
MIDNIGHT = 1776211200.0


def said(
    wire: Wire, operation: Operation[Any], variables: str = "{}", *misses: ErrorDetail
) -> Message | None:
    """What is said first, or after errors."""
    form: Form | None = wire.first(operation)
    for error in misses:
        assert form is not None
        form = wire.after(form, error)
    if form is None:
        return None
    return wire.message(URL, operation, variables, form, is_first=not misses)


def error_of(code: str | None, message: str = "no") -> ErrorDetail:
    return ErrorDetail(message, code, None, {})


MISS = error_of("PERSISTED_DOCUMENT_NOT_FOUND")


def test_a_persisted_operation_travels_as_its_id(get_thing: Operation[Any]) -> None:
    assert said(Wire(), get_thing, '{"id":"1"}') == Message(
        b'{"documentId":"sha256:abc","variables":{"id":"1"}}'
    )


def test_the_text_stands_between_the_id_and_the_variables(get_thing: Operation[Any]) -> None:
    assert said(Wire(), get_thing, '{"id":"1"}', MISS) == Message(
        b'{"documentId":"sha256:abc","query":"query GetThing($id:ID){thing(id:$id)}",'
        b'"variables":{"id":"1"}}'
    )


def test_without_variables_there_is_no_member_for_them(get_thing: Operation[Any]) -> None:
    assert said(Wire(), get_thing) == Message(b'{"documentId":"sha256:abc"}')


def test_text_is_sent_in_utf_8_as_it_is() -> None:
    operation = Operation("A", "query", None, None, '{a(b:"é\n")}', retry_safe=True, data=dict)

    assert said(Wire(), operation) == Message('{"query":"{a(b:\\"é\\n\\")}"}'.encode())


def test_the_public_modes_are_persisted_apq_and_text(get_thing: Operation[Any]) -> None:
    assert said(persisted(), get_thing) == said(Wire(), get_thing)
    assert said(text(), get_thing) == Message(b'{"query":"query GetThing($id:ID){thing(id:$id)}"}')
    assert said(apq(), get_thing) == Message(
        b'{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}'
    )


def test_a_url_is_written_as_encode_uri_component_writes_it() -> None:
    document = '{a(b:"-_.!~*\'() /?:@&=+$,#[]%é🦊")}'
    operation = Operation("A", "query", None, None, document, retry_safe=True, data=dict)

    message = said(text(get=True), operation)

    # As Node prints it.
    assert message == Message(
        b"",
        f"{URL}?query=%7Ba(b%3A%22-_.!~*'()%20%2F%3F%3A%40%26%3D%2B%24%2C%23%5B%5D%25%C3%A9"
        "%F0%9F%A6%8A%22)%7D",
    )


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://a.example/g?tenant=1", "https://a.example/g?tenant=1&documentId=sha256%3Aabc"),
        ("https://a.example/g#top", "https://a.example/g?documentId=sha256%3Aabc"),
    ],
)
def test_what_a_url_asks_for_already_stays(url: str, asked: str, get_thing: Operation[Any]) -> None:
    wire = persisted(get=True)

    message = wire.message(url, get_thing, "{}", wire.first(get_thing), is_first=True)

    assert message.url == asked


def test_a_url_may_have_as_many_characters_as_it_is_told(get_thing: Operation[Any]) -> None:
    asked = f"{URL}?documentId=sha256%3Aabc"

    fits = said(persisted(get=True, max_url_length=len(asked)), get_thing)
    is_longer = said(persisted(get=True, max_url_length=len(asked) - 1), get_thing)

    assert fits == Message(b"", asked)
    assert is_longer == Message(b'{"documentId":"sha256:abc"}')


@pytest.mark.parametrize("length", [0, -1, 65_537, "9", None])
@pytest.mark.parametrize("mode", [persisted, apq, text])
def test_a_length_that_no_url_can_have_is_refused(mode: Any, length: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"is from 1 to 65536, not {length!r}"):
        mode(get=True, max_url_length=length)


@pytest.mark.parametrize(
    "refusal",
    [error_of("PERSISTED_QUERY_NOT_SUPPORTED"), error_of(None, "PersistedQueryNotSupported")],
    ids=["code", "message"],
)
def test_a_server_that_refuses_hashes_is_sent_texts_from_then_on(
    refusal: ErrorDetail, get_thing: Operation[Any]
) -> None:
    wire = apq(get=True)

    first = said(wire, get_thing, "{}", refusal)
    later = said(wire, get_thing)

    assert first == Message(b'{"query":"query GetThing($id:ID){thing(id:$id)}"}')
    assert later == Message(b"", f"{URL}?query=query%20GetThing(%24id%3AID)%7Bthing(id%3A%24id)%7D")


def test_a_refusal_that_follows_a_miss_is_heard_too(get_thing: Operation[Any]) -> None:
    missed = error_of(None, "PersistedQueryNotFound")

    message = said(apq(), get_thing, "{}", missed, error_of("PERSISTED_QUERY_NOT_SUPPORTED"))

    assert message == Message(b'{"query":"query GetThing($id:ID){thing(id:$id)}"}')


def test_what_one_client_learns_of_its_server_holds_for_no_other(get_thing: Operation[Any]) -> None:
    shared = apq()
    refusal = reply({"errors": [{"message": "PersistedQueryNotSupported"}]})
    data = reply({"data": {"thing": 1}})
    transport = FakeTransport([refusal, data, data, data])
    first, second = (BaseClient(url=URL, wire=shared, transport=transport) for _ in range(2))

    first.execute(get_thing)
    first.with_options(timeout=1).execute(get_thing)
    second.execute(get_thing)

    by = [next(iter(request.json)) for request in transport.requests]
    assert by == ["extensions", "query", "query", "extensions"]


def test_a_request_does_not_show_what_is_asked_nor_who_asks(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})] * 2)
    client = BaseClient(url=URL, api_key="s3cret", wire=persisted(get=True), transport=transport)

    client.execute(get_thing, {"id": "hidden"})
    client.with_options(timeout=5.0).execute("mutation($id: ID) { put(id: $id) }", {"id": "hidden"})

    shown = [repr(request) for request in transport.requests]
    assert shown == [
        f"Request(method='GET', url='{URL}', timeout=10.0)",
        f"Request(method='POST', url='{URL}', timeout=5.0)",
    ]


def test_another_thing_than_a_mode_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"made by a function of intelgraph\.wire, not 'apq'"):
        BaseClient(url=URL, wire="apq", transport=FakeTransport())  # type: ignore[arg-type]


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

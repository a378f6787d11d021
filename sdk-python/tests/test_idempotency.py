"""Keys that let a server know a repeated mutation again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from intelgraph import ConfigurationError, Operation, RetryPolicy, TransportError
from intelgraph._call import call
from intelgraph._drive import drive
from intelgraph._events import Hooks
from intelgraph._options import endpoint
from intelgraph._settings import Settings
from intelgraph.runtime import AsyncBaseClient, BaseClient
from intelgraph.testing import FakeTransport, failure, reply

URL = "https://api.example/graphql"
ENDPOINT = endpoint(url=URL, api_key=None, headers=None, timeout=10.0, max_response_bytes=1000)
KEY = "idempotency-key"
QUICK = RetryPolicy(base_delay=0.0)
DONE = reply({"data": {"buy": True}})

BUY: Operation[dict[str, Any]] = Operation(
    name="Buy",
    kind="mutation",
    op_id="buy:v1",
    document_id="sha256:abc",
    document="mutation Buy{buy}",
    retry_safe=False,
    data=dict[str, Any],
)
KEYED_BUY = replace(BUY, keyed=True)


def keys_sent(operation: Operation[Any], **settings: Any) -> list[str | None]:
    """The key of each request of a call whose first reply is lost."""
    transport = FakeTransport([failure("read"), DONE])
    made = Settings(ENDPOINT, policy=QUICK, **settings)
    drive(call(operation, {}, made), transport)
    return [request.headers.get(KEY) for request in transport.requests]


def test_a_keyed_mutation_is_repeated_under_one_key() -> None:
    ids = iter(["k1", "k2"])

    assert keys_sent(KEYED_BUY, new_id=lambda: next(ids)) == ["k1", "k1"]
    assert next(ids) == "k2"


def test_the_automatic_key_is_the_calls_one_id() -> None:
    ids = iter(["k1"])

    assert keys_sent(KEYED_BUY, new_id=lambda: next(ids), hooks=Hooks()) == ["k1", "k1"]


def test_a_given_key_goes_first_and_makes_any_mutation_repeatable() -> None:
    assert keys_sent(KEYED_BUY, idempotency_key="mine") == ["mine", "mine"]
    assert keys_sent(BUY, idempotency_key="mine") == ["mine", "mine"]


def test_a_key_that_was_given_as_a_header_stays() -> None:
    by_hand = replace(ENDPOINT, headers={**ENDPOINT.headers, KEY: "header"})

    for operation in (BUY, KEYED_BUY):
        transport = FakeTransport([failure("read"), DONE])
        drive(call(operation, {}, Settings(by_hand, policy=QUICK)), transport)
        assert [each.headers[KEY] for each in transport.requests] == ["header", "header"]


def test_a_key_that_was_given_as_an_option_goes_before_a_header() -> None:
    by_hand = replace(ENDPOINT, headers={**ENDPOINT.headers, KEY: "header"})
    transport = FakeTransport([DONE])

    drive(call(BUY, {}, Settings(by_hand, idempotency_key="option")), transport)

    assert transport.requests[0].headers[KEY] == "option"


def test_a_mutation_without_a_key_is_sent_once() -> None:
    with pytest.raises(TransportError) as caught:
        keys_sent(BUY)

    assert caught.value.attempts == 1


def test_a_query_carries_no_key(get_thing: Operation[Any]) -> None:
    assert keys_sent(get_thing, idempotency_key="mine") == [None, None]


def test_no_id_is_drawn_for_a_call_that_needs_none(get_thing: Operation[Any]) -> None:
    def refuse() -> str:
        raise AssertionError("an id was drawn")

    assert keys_sent(get_thing, new_id=refuse) == [None, None]
    assert keys_sent(KEYED_BUY, new_id=refuse, idempotency_key="mine") == ["mine", "mine"]


@pytest.mark.parametrize("client", [BaseClient, AsyncBaseClient])
def test_a_key_is_an_option_of_a_copy_and_can_be_taken_off_again(client: Any) -> None:
    made = client(url=URL, transport=FakeTransport())

    copy = made.with_options(idempotency_key="order-7")

    assert copy._settings.idempotency_key == "order-7"
    assert copy.with_options(timeout=5)._settings.idempotency_key == "order-7"
    assert copy.with_options(idempotency_key=None)._settings.idempotency_key is None
    assert made._settings.idempotency_key is None


@pytest.mark.parametrize("key", ["", " ", "a\nb", " a", "schlüssel", "ключ", 5, b"a"], ids=repr)
def test_a_key_that_cannot_be_sent_is_refused(key: Any) -> None:
    client = BaseClient(url=URL, transport=FakeTransport())

    with pytest.raises(ConfigurationError, match="idempotency_key= is text of printable ASCII"):
        client.with_options(idempotency_key=key)

from __future__ import annotations

from typing import Any

import pytest

from intelgraph import ConfigurationError, Failure, Reply, Request
from intelgraph.testing import Events, FakeTransport, events, failure, reply, webhook
from intelgraph.webhooks import unwrap

REQUEST = Request("POST", "https://api.example/", {"authorization": "secret"}, b"{}", None, 9)


def test_outcomes_are_given_in_order_and_requests_kept() -> None:
    transport = FakeTransport([reply({"data": {}}), failure("timeout")])

    first, second = transport.send(REQUEST), transport.send(REQUEST)

    assert isinstance(first, Reply)
    assert second == Failure("timeout")
    assert transport.requests == [REQUEST, REQUEST]


async def test_the_same_script_serves_an_awaiting_client() -> None:
    transport = FakeTransport([reply({"data": {}})])

    answer = await transport.send_async(REQUEST)

    assert isinstance(answer, Reply)
    assert answer.body == b'{"data": {}}'


def test_an_outcome_may_depend_on_its_request() -> None:
    transport = FakeTransport([lambda request: reply(request.json, status=201)])

    answer = transport.send(REQUEST)

    assert isinstance(answer, Reply)
    assert (answer.status, answer.body) == (201, b"{}")


def test_a_request_that_is_not_in_the_script_is_an_assertion_error() -> None:
    transport = FakeTransport()
    transport.add(reply({}))
    assert transport.outcomes_left == 1

    transport.send(REQUEST)

    with pytest.raises(AssertionError, match="request 2 is not in the script"):
        transport.send(REQUEST)


def test_a_reply_says_that_it_is_graphql_unless_told_otherwise() -> None:
    assert reply({}).headers["content-type"] == "application/graphql-response+json"
    assert reply({}, headers={"Content-Type": "text/html"}).headers["content-type"] == "text/html"


def test_neither_requests_nor_replies_show_what_they_carry() -> None:
    carrying = Request("POST", REQUEST.url, {"authorization": "secret"}, b"secret", None, 9)

    assert "secret" not in repr(carrying)
    assert "secret" not in repr(reply({"data": "secret"}, headers={"x": "secret"}))


def test_pieces_of_a_stream_are_taken_as_they_are_read_and_not_before() -> None:
    taken: list[int] = []
    opened = Events((taken.append(1) or b"x" for _ in range(9)), headers={"X-Request-Id": "r1"})
    assert taken == []

    assert opened.receive() == b"x"

    assert taken == [1]
    assert opened.headers["x-request-id"] == "r1"


def test_a_failure_of_another_kind_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="connect, timeout or read, not 'reset'"):
        failure("reset")  # type: ignore[arg-type]


def test_a_call_that_meets_events_is_told_so() -> None:
    with pytest.raises(AssertionError, match="request 1 is no subscription"):
        FakeTransport([events()]).send(REQUEST)


def test_what_opens_a_stream_may_depend_on_its_request() -> None:
    transport = FakeTransport([lambda request: events(request.json)])

    assert isinstance(transport.open(REQUEST), Events)
    assert transport.requests == [REQUEST]


def test_a_webhook_of_a_test_is_signed_as_standard_webhooks_does_it() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    webhook_id = "msg_p5jXN8AQM9LWM0D4loKWxJek"

    body, headers = webhook(
        {"test": 2432232314}, secret=secret, webhook_id=webhook_id, sent=1614265330
    )

    assert body == b'{"test": 2432232314}'
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["", "whsec_", "my secret", "whsec_x", None, b"whsec_aaaa"])
def test_a_webhook_is_not_signed_with_what_is_no_secret(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match="secret= is not whsec_"):
        webhook({}, secret=secret)


def test_a_webhook_of_a_test_is_genuine_and_was_sent_just_now() -> None:
    content = {"type": "a.b", "timestamp": "2026-04-15T00:00:00Z", "data": {"id": "x"}}
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    event = unwrap(*webhook(content, secret=secret), secret=secret)

    assert (event.id, event.type, event.data) == ("dlv_test", "a.b", {"id": "x"})

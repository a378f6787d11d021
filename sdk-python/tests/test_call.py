from __future__ import annotations

from typing import Any

import pytest

from intelgraph import Operation, OperationError
from intelgraph._call import Send, call
from intelgraph._wire import Endpoint
from intelgraph.testing import reply

ENDPOINT = Endpoint("https://api.example/graphql", "api.example:443", {"a": "b"}, 30.0, 1000)
MISS = reply({"errors": [{"message": "?", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}]})


def test_a_call_wishes_for_one_request_and_returns_its_data(get_thing: Operation[Any]) -> None:
    running = call(get_thing, {"id": "1"}, ENDPOINT)

    wish = next(running)
    with pytest.raises(StopIteration) as end:
        running.send(reply({"data": {"thing": 5}}))

    assert isinstance(wish, Send)
    assert (wish.request.method, wish.request.url) == ("POST", ENDPOINT.url)
    assert (wish.request.headers, wish.request.timeout) == ({"a": "b"}, 30.0)
    assert wish.request.json == {"documentId": "sha256:abc", "variables": {"id": "1"}}
    assert end.value.value == {"thing": 5}


def test_a_miss_is_asked_again_with_the_text_in_the_same_attempt(
    get_thing: Operation[Any],
) -> None:
    running = call(get_thing, {"id": "1"}, ENDPOINT)

    next(running)
    wish = running.send(MISS)

    assert wish.request.json == {
        "documentId": "sha256:abc",
        "query": get_thing.document,
        "variables": {"id": "1"},
    }


def test_a_second_miss_is_the_answer(get_thing: Operation[Any]) -> None:
    running = call(get_thing, {}, ENDPOINT)

    next(running)
    running.send(MISS)
    with pytest.raises(OperationError) as caught:
        running.send(MISS)

    assert caught.value.code == "PERSISTED_DOCUMENT_NOT_FOUND"
    assert caught.value.attempts == 1
    assert caught.value.__context__ is None


def test_a_variable_that_cannot_be_sent_fails_before_anything_is_sent(
    get_thing: Operation[Any],
) -> None:
    running = call(get_thing, {"id": object()}, ENDPOINT)

    with pytest.raises(TypeError, match="id: object has no JSON form"):
        next(running)


def test_a_transport_that_returns_something_else_is_a_type_error(
    get_thing: Operation[Any],
) -> None:
    running = call(get_thing, {}, ENDPOINT)

    next(running)
    with pytest.raises(TypeError, match="a transport returns a Reply or a Failure"):
        running.send("data")  # type: ignore[arg-type]

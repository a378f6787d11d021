from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import pytest

from intelgraph import (
    Operation,
    OperationError,
    Reply,
    ResponseError,
)
from intelgraph._decode import read_reply
from intelgraph._messages import Attempt
from intelgraph.runtime import UNKNOWN, Field, Model, Tag, Unknown, by_typename
from intelgraph.testing import reply


class Thing(Model):
    """A part of typed data."""

    name: str
    tags: list[str]


class GetThingData(Model):
    """Typed data."""

    things: list[Thing]


TYPED = Operation(
    name="GetThing",
    kind="query",
    op_id="getThing:v1",
    document_id="sha256:abc",
    document="query GetThing{things{name tags}}",
    retry_safe=True,
    data=GetThingData,
)
ATTEMPT = Attempt(TYPED, "api.example:443", number=1, limit=1)


def read(answer: Reply, attempt: Attempt[Any] = ATTEMPT) -> Any:
    return read_reply(answer, attempt.operation, lambda: attempt, lambda _: False)


def error_of(answer: Reply) -> ResponseError | OperationError:
    try:
        read(answer)
    except (ResponseError, OperationError) as error:
        return error
    raise AssertionError("it was read")


class Cat(Model):
    """An arm whose type is called like one of its fields."""

    type_of_object: Literal["cat"] = Field(alias="__typename")
    cat: list[str]
    tags: list[str]


class Zoo(Model):
    """Typed data with a union."""

    animal: Annotated[
        Annotated[Cat, Tag("cat")] | Annotated[Unknown, Tag(UNKNOWN)], by_typename("cat")
    ]


def test_a_type_that_is_called_like_a_field_is_no_part_of_a_path() -> None:
    attempt = Attempt(replace(TYPED, data=Zoo), "api.example:443", number=1, limit=1)
    animal = {"__typename": "cat", "cat": ["a", "b"], "tags": ["c", 1]}

    with pytest.raises(ResponseError) as caught:
        read(reply({"data": {"animal": animal}}), attempt)

    assert caught.value.path == ("animal", "tags", 1)


class Twins(Model):
    """Typed data with a key that is called like the attribute of another."""

    foo_bar: str | None = Field(default=None, alias="fooBar")
    foo_bar_2: str = Field(alias="foo_bar")


def test_a_key_that_is_called_like_the_attribute_of_another_is_only_itself() -> None:
    attempt = Attempt(replace(TYPED, data=Twins), "api.example:443", number=1, limit=1)

    came = read(reply({"data": {"foo_bar": "b"}}), attempt)

    assert (came.foo_bar, came.foo_bar_2) == (None, "b")


def test_data_whose_type_is_no_model_is_read_as_strictly() -> None:
    counts = replace(TYPED, data=dict[str, int])

    with pytest.raises(ResponseError) as caught:
        read(reply({"data": {"things": "5"}}), Attempt(counts, "api.example:443", 1, 1))

    assert caught.value.path == ("things",)


def test_data_is_read_into_its_type() -> None:
    answer = reply({"data": {"things": [{"name": "a", "tags": ["x"]}]}})

    assert read(answer).things[0].tags == ["x"]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "Application/JSON; charset=utf-8"},
        {"content-type": "application/graphql-response+json;charset=utf-8"},
        {"content-type": ""},
    ],
)
def test_json_is_read_whatever_its_media_type_says_beside(headers: dict[str, str]) -> None:
    answer = reply({"data": {"things": []}}, headers=headers)

    assert read(answer).things == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (reply(status=301, text="x"), "it redirects to another address"),
        (reply(text=""), "the body is empty"),
        (reply(text="<p>", headers={"content-type": "text/html"}), "the media type is text/html"),
        (reply(text="{"), "the body is not JSON"),
        (Reply(200, {}, b'{"data":"\xff"}'), "the body is not JSON"),
        (reply(text="[" * 100_000), "the body is not JSON"),
        (reply(5), "the JSON has neither data nor errors"),
        (reply({}), "the JSON has neither data nor errors"),
        (reply({"data": None}), "the JSON has neither data nor errors"),
        (reply({"errors": []}), "the JSON has neither data nor errors"),
        (reply({"data": []}), "the JSON has neither data nor errors"),
        (reply({"errors": "boom"}), "the JSON has neither data nor errors"),
        (reply({"data": {}, "errors": "boom"}), "the JSON has neither data nor errors"),
        (reply({"errors": ["boom"]}), "the JSON has neither data nor errors"),
        (Reply(200, {}, b"", "the body is larger than 9 bytes"), "the body is larger than 9 bytes"),
        (Reply(302, {}, b"", "the body is larger"), "it redirects to another address"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_graphql_is_told_apart(answer: Reply, problem: str) -> None:
    error = error_of(answer)

    assert type(error) is ResponseError
    assert str(error) == (
        f"GetThing got HTTP {answer.status} from api.example:443, "
        f"which is not a GraphQL response: {problem} (attempt 1 of 1)."
    )


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        ({"things": None}, ("things",), "a valid array"),
        ({"things": [{"tags": []}]}, ("things", 0, "name"), "Field required"),
        ({"things": [{"name": 1, "tags": []}]}, ("things", 0, "name"), "a valid string"),
        ({"things": [{"name": "", "tags": [1]}]}, ("things", 0, "tags", 0), "a valid string"),
    ],
)
def test_data_that_does_not_fit_is_an_error_with_its_response_path(
    data: object, path: tuple[str | int, ...], reason: str
) -> None:
    error = error_of(reply({"data": data}))

    assert type(error) is ResponseError
    assert error.path == path
    assert reason in str(error)


def test_an_error_of_wrong_data_never_tells_the_data() -> None:
    error = error_of(reply({"data": {"things": [{"name": ["a secret"], "tags": []}]}}))

    assert "secret" not in str(error)
    assert (error.__cause__, error.__context__) == (None, None)


def test_errors_beside_malformed_data_are_what_is_told() -> None:
    error = error_of(reply({"data": {"things": 5}, "errors": [{"message": "Boom"}]}))

    assert type(error) is OperationError
    assert error.data == {"things": 5}


def test_graphql_errors_are_kept_as_the_server_sent_them() -> None:
    sent = {"message": "No\n  more..", "path": ["things", 0], "extensions": {"code": "X", "n": 1}}

    error = error_of(reply({"data": {"things": None}, "errors": [sent]}))

    assert type(error) is OperationError
    assert error.errors[0].message == "No\n  more.."
    assert error.errors[0].extensions == {"code": "X", "n": 1}
    assert (
        str(error)
        == "GetThing failed on api.example:443 with X at things.0: No more. (attempt 1 of 1)."
    )


def test_a_malformed_graphql_error_is_read_as_far_as_it_goes() -> None:
    error = error_of(reply({"errors": [{"message": 5, "path": "x", "extensions": []}]}))

    assert type(error) is OperationError
    assert (error.errors[0].message, error.code, error.path) == ("", None, None)
    assert str(error) == "GetThing failed on api.example:443 (attempt 1 of 1)."


def test_a_byte_order_mark_before_the_json_is_ignored() -> None:
    answer = reply(text='\ufeff{"data":{"things":[]}}')

    assert read(answer).things == []


def test_an_error_carries_where_it_came_about() -> None:
    attempt = Attempt(TYPED, "api.example:443", number=2, limit=3)
    answer = reply({"errors": [{"message": "Boom"}]}, status=500, headers={"X-Request-Id": "r1"})

    with pytest.raises(OperationError) as caught:
        read(answer, attempt)

    assert (
        str(caught.value)
        == "GetThing failed on api.example:443: Boom (attempt 2 of 3, request id r1)."
    )
    assert (caught.value.operation, caught.value.op_id) == ("GetThing", "getThing:v1")
    assert (caught.value.attempts, caught.value.request_id, caught.value.status) == (2, "r1", 500)

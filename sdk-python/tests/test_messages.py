from __future__ import annotations

from typing import Any

import pytest

from intelgraph import (
    ConnectError,
    ErrorDetail,
    Failure,
    TimeoutError,  # noqa: A004 - ours.
    TransportError,
)
from intelgraph._messages import (
    Attempt,
    failure_error,
    not_graphql_error,
    operation_error,
    wrong_data_error,
)
from intelgraph._operation import ad_hoc_operation
from intelgraph.testing import reply

ATTEMPT = Attempt(ad_hoc_operation("query GetThing{thing}"), "api.example:443", number=2, limit=3)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("connect", ConnectError), ("timeout", TimeoutError), ("read", TransportError)],
)
def test_a_failure_becomes_the_error_of_its_kind(kind: Any, expected: type[TransportError]) -> None:
    cause = OSError("refused")

    error = failure_error(Failure(kind, cause), ATTEMPT)

    assert type(error) is expected
    assert error.__cause__ is cause
    assert "api.example:443" in str(error)
    assert error.status is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("connect", "GetThing could not connect to api.example:443"),
        ("timeout", "GetThing had no reply from api.example:443 within its timeout"),
        ("read", "GetThing lost the connection to api.example:443 before the reply was complete"),
    ],
)
def test_a_failure_is_told_in_one_line(kind: Any, text: str) -> None:
    assert str(failure_error(Failure(kind), ATTEMPT)) == f"{text} (attempt 2 of 3)."


def test_a_reply_is_told_with_its_status_and_request_id() -> None:
    answer = reply(status=502, headers={"x-request-id": "r1"})

    assert str(not_graphql_error(answer, ATTEMPT, "the body is empty")) == (
        "GetThing got HTTP 502 from api.example:443, which is not a GraphQL response: "
        "the body is empty (attempt 2 of 3, request id r1)."
    )


def test_wrong_data_is_told_with_its_path_if_it_has_one() -> None:
    at_path = wrong_data_error(reply({}), ATTEMPT, ("things", 0), "Field required")
    at_root = wrong_data_error(reply({}), ATTEMPT, (), "Field required")

    assert str(at_path) == (
        "GetThing got data from api.example:443 that does not fit its type at things.0: "
        "Field required (attempt 2 of 3)."
    )
    assert str(at_root) == (
        "GetThing got data from api.example:443 that does not fit its type: "
        "Field required (attempt 2 of 3)."
    )


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        (
            ErrorDetail("No.", "X", ("a", 1), {}),
            "GetThing failed on api.example:443 with X at a.1: No (attempt 2 of 3).",
        ),
        (
            ErrorDetail("Two\n lines..", None, None, {}),
            "GetThing failed on api.example:443: Two lines. (attempt 2 of 3).",
        ),
        (ErrorDetail("", None, None, {}), "GetThing failed on api.example:443 (attempt 2 of 3)."),
    ],
)
def test_graphql_errors_are_told_by_what_the_first_of_them_has(
    detail: ErrorDetail, text: str
) -> None:
    assert str(operation_error(reply({}), ATTEMPT, (detail,), None)) == text

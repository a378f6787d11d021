from __future__ import annotations

import inspect
import pickle

import pytest

import intelgraph
from intelgraph import ErrorDetail, IntelGraphError, OperationError, ResponseError, _errors

CLASSES = [
    value
    for value in vars(_errors).values()
    if inspect.isclass(value) and issubclass(value, Exception)
]


def test_the_tree_has_at_most_twelve_classes_and_one_root() -> None:
    assert len(CLASSES) <= 12
    assert all(issubclass(each, IntelGraphError) for each in CLASSES)


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_every_class_is_public_and_drawn_in_the_modules_docstring(error: type[Exception]) -> None:
    assert getattr(intelgraph, error.__name__) is error
    assert error.__name__ in (_errors.__doc__ or "")


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_an_error_survives_pickling_with_its_circumstances(error: type[IntelGraphError]) -> None:
    original = error("GetThing failed.", operation="GetThing", attempts=2, status=503)

    copy = pickle.loads(pickle.dumps(original))  # noqa: S301 - our own bytes.

    assert type(copy) is error
    assert str(copy) == "GetThing failed."
    assert (copy.operation, copy.attempts, copy.status) == ("GetThing", 2, 503)


def test_the_code_and_the_path_of_an_operation_error_are_those_of_its_first_error() -> None:
    first = ErrorDetail("no", "NOT_FOUND", ("thing",), {"code": "NOT_FOUND"})
    second = ErrorDetail("no", "FORBIDDEN", None, {})

    error = OperationError("GetThing failed.", errors=(first, second))

    assert (error.code, error.path) == ("NOT_FOUND", ("thing",))


def test_an_error_that_was_made_without_circumstances_has_none() -> None:
    error = ResponseError("wrong")

    assert (error.operation, error.op_id, error.attempts) == (None, None, 0)
    assert (error.request_id, error.status, error.path) == (None, None, None)

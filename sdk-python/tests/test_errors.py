from __future__ import annotations

import copy
import inspect
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import intelgraph
from intelgraph import ErrorDetail, IntelGraphError, OperationError, ResponseError, _errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from intelgraph._errors import Circumstances

ROOT = Path(__file__).parents[2]
CLASSES = [
    value
    for value in vars(_errors).values()
    if inspect.isclass(value) and issubclass(value, Exception)
]
WAYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda error: pickle.loads(pickle.dumps(error)),  # noqa: S301 - our own bytes.
}
CIRCUMSTANCES: Circumstances = {
    "operation": "GetThing",
    "op_id": "getThing:v1",
    "attempts": 2,
    "request_id": "r1",
    "status": 503,
    "elapsed": 1.5,
    "retryable": True,
}


def test_the_tree_has_at_most_twelve_classes_and_one_root() -> None:
    assert len(CLASSES) <= 12
    assert all(issubclass(each, IntelGraphError) for each in CLASSES)


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_every_class_is_public_and_drawn_in_the_modules_docstring(error: type[Exception]) -> None:
    assert getattr(intelgraph, error.__name__) is error
    assert error.__name__ in (_errors.__doc__ or "")


@pytest.mark.parametrize("way", WAYS, ids=WAYS)
@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_an_error_is_copied_and_pickled_with_its_circumstances(
    error: type[IntelGraphError], way: str
) -> None:
    original = error("GetThing failed.", **CIRCUMSTANCES)

    twin = WAYS[way](original)

    assert type(twin) is error
    assert twin is not original
    assert str(twin) == "GetThing failed."
    assert {name: getattr(twin, name) for name in CIRCUMSTANCES} == CIRCUMSTANCES
    assert twin.docs_url == original.docs_url


@pytest.mark.parametrize("way", WAYS, ids=WAYS)
def test_what_the_server_said_is_copied_and_pickled_as_well(way: str) -> None:
    detail = ErrorDetail("no", "NOT_FOUND", ("things", 0), {"code": "NOT_FOUND"})
    original = OperationError("no", errors=(detail,), data={"things": [None]}, status=200)

    twin = WAYS[way](original)

    assert (twin.errors, twin.data) == ((detail,), {"things": [None]})
    assert (twin.code, twin.path, twin.status) == ("NOT_FOUND", ("things", 0), 200)


def test_a_path_that_does_not_fit_is_pickled() -> None:
    twin = pickle.loads(pickle.dumps(ResponseError("no", path=("things", 0))))  # noqa: S301

    assert twin.path == ("things", 0)


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_the_documentation_has_a_section_for_every_class(error: type[IntelGraphError]) -> None:
    page, _, anchor = error("no").docs_url.partition("#")

    lines = (ROOT / page).read_text("utf-8").splitlines()

    assert anchor == error.__name__.lower()
    assert f"### {error.__name__}" in lines


def test_the_code_and_the_path_of_an_operation_error_are_those_of_its_first_error() -> None:
    first = ErrorDetail("no", "NOT_FOUND", ("thing",), {"code": "NOT_FOUND"})
    second = ErrorDetail("no", "FORBIDDEN", None, {})

    error = OperationError("GetThing failed.", errors=(first, second))

    assert (error.code, error.path) == ("NOT_FOUND", ("thing",))


def test_an_error_that_was_made_without_circumstances_has_none() -> None:
    error = ResponseError("wrong")

    assert (error.operation, error.op_id, error.attempts) == (None, None, 0)
    assert (error.request_id, error.status, error.path) == (None, None, None)
    assert (error.elapsed, error.retryable) == (0.0, False)

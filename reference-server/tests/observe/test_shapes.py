"""Shapes of JSON: what fits, and how a fault is told."""

from __future__ import annotations

import pytest

from intelgraph_server.observe.shapes import Number, Text, fault


@pytest.mark.parametrize("value", [1, 2.5, 3])
def test_a_number_within_its_bounds_fits(value: object) -> None:
    assert Number(1, 3).fits(value)


@pytest.mark.parametrize("value", [0.999, 3.001, None, True, "2", [], float("nan"), float("inf")])
def test_what_is_no_such_number_does_not_fit(value: object) -> None:
    assert not Number(1, 3).fits(value)


def test_a_whole_number_has_no_point_and_null_must_be_allowed() -> None:
    assert not Number(1, 3, is_whole=True).fits(2.0)
    assert Number(1, 3, may_be_null=True).fits(None)


@pytest.mark.parametrize(
    ("value", "fits"), [("a", True), ("abc", True), ("", False), ("abcd", False)]
)
def test_text_has_from_one_character_to_its_most(value: object, fits: bool) -> None:  # noqa: FBT001 - a parameter of the test.
    assert Text(3).fits(value) is fits


def test_the_first_fault_is_told_with_the_way_to_it() -> None:
    shape = {"a": {"b": {"c": Number(0, 1)}}}

    assert fault({"a": {"b": {"c": 1}}}, shape) is None
    assert fault({"a": {"b": {"c": 2}}}, shape) == "a.b.c is not a number from 0 to 1"
    assert fault({"a": {"b": 2}}, shape) == "a.b is not an object"
    assert fault({"a": {}}, shape) == "a does not have the members b and no others"

"""The file of objectives, and the place that is named when it is wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.observe.objectives import FILE, Number, ObjectivesError, Text, fault, load

if TYPE_CHECKING:
    from pathlib import Path


def test_the_objectives_that_come_with_the_server_are_well_formed() -> None:
    declared = load()

    assert declared.budgets["requestsPerMinute"] == 6000
    assert declared.objectives["slo"]["target"] == 0.99
    assert declared.alerts["residencyComplianceRatio"] == 0.95


def changed(path: str, value: object) -> dict[str, Any]:
    """The objectives with one member set, or taken away by None."""
    declared: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    *rooms, name = path.split(".")
    inside = declared
    for room in rooms:
        inside = inside[room]
    inside[name] = value
    if value is None:
        del inside[name]
    return declared


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("objectives.slo.target", 1.5, "objectives.slo.target is not a number from 0 to 1"),
        ("objectives.slo.target", "0.9", "objectives.slo.target is not a number from 0 to 1"),
        ("objectives.slo.latencyMs", 0, "objectives.slo.latencyMs is not a whole number from 1"),
        ("objectives.uptime", None, "objectives does not have the members slo, uptime, error_rate"),
        ("objectives.uptime", [], "objectives.uptime is not an object"),
        ("objectives.uptime.latencyMs", 1, "objectives.uptime does not have the members target"),
        ("budgets.requestsPerMinute", 0, "budgets.requestsPerMinute is not a whole number from 1"),
        ("budgets.requestsPerMinute", 1.5, "budgets.requestsPerMinute is not a whole number"),
        ("budgets.requestsPerMinute", True, "budgets.requestsPerMinute is not a whole number"),
        ("alerts.a11yViolations", -1, "alerts.a11yViolations is not a whole number from 0"),
        ("alerts.webhookFailureRatio", float("nan"), "alerts.webhookFailureRatio is not a number"),
        ("alerts.anomalyAlertsPerHour", float("inf"), "alerts.anomalyAlertsPerHour is not a"),
        ("alert", {}, "it does not have the members objectives, budgets, alerts and no others"),
    ],
)
def test_a_fault_is_told_with_its_place(
    path: str, value: object, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(changed(path, value)), "utf-8")

    with pytest.raises(ObjectivesError, match=re.escape(f"{file}: {told}")):
        load(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{\n  oops}", ": line 2 column 3"),
        (b'"\xff"', "is not JSON in UTF-8"),
        (b"[" * 100_000, "is not JSON in UTF-8"),
        (b"[]", "it is not an object"),
    ],
)
def test_what_is_no_object_of_json_is_refused(content: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(content)

    with pytest.raises(ObjectivesError, match=re.escape(told)):
        load(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ObjectivesError, match="cannot be read: No such file"):
        load(tmp_path / "absent.json")


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

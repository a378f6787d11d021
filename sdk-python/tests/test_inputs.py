from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph._inputs import encode_variables
from intelgraph._wire import encode_json
from intelgraph.runtime import UNSET, Input, Unset


class Kind(StrEnum):
    """An enum of the schema."""

    PERSON = "PERSON"


class Level(IntEnum):
    """An enum whose members are numbers."""

    LOW = 1


class Flag(Enum):
    """An enum that is nothing else."""

    ON = "ON"


class ThingFilter(Input):
    """An input as the generator prints it, referring to itself."""

    __slots__ = ("and_", "kinds", "name_contains")
    _wire_names = ("and", "kinds", "nameContains")

    def __init__(
        self,
        *,
        and_: list[ThingFilter] | Unset | None = UNSET,
        kinds: list[Kind] | Unset | None = UNSET,
        name_contains: str | Unset | None = UNSET,
    ) -> None:
        self.and_ = and_
        self.kinds = kinds
        self.name_contains = name_contains


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda items: st.lists(items, max_size=3) | st.dictionaries(TEXT, items, max_size=3),
    max_leaves=6,
)
NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,6}", fullmatch=True)


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_json_variables_arrive_as_they_were_given(variables: dict[str, object]) -> None:
    assert json.loads(encode_json(encode_variables(variables))) == variables


@given(st.dictionaries(NAMES, st.one_of(st.just(UNSET), st.none(), st.integers())))
def test_exactly_the_unset_variables_are_absent(variables: dict[str, object]) -> None:
    encoded = encode_variables(variables)

    assert encoded == {name: value for name, value in variables.items() if value is not UNSET}


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_arrives_as_the_same_instant(value: dt.datetime) -> None:
    text = encode_variables({"at": value})["at"]

    assert isinstance(text, str)
    assert dt.datetime.fromisoformat(text) == value.astimezone(dt.UTC)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_arrives_with_the_same_value(value: Decimal) -> None:
    text = encode_variables({"amount": value})["amount"]

    assert isinstance(text, str)
    assert Decimal(text) == value


def test_an_input_is_sent_by_its_wire_names_without_what_is_unset() -> None:
    thing_filter = ThingFilter(and_=[ThingFilter(kinds=[Kind.PERSON])], name_contains=None)

    encoded = encode_variables({"filter": thing_filter})

    assert encoded == {"filter": {"and": [{"kinds": ["PERSON"]}], "nameContains": None}}


class Opaque:
    """Something that nobody can send; its text is the same in every process."""

    def __repr__(self) -> str:
        return "Opaque()"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (Kind.PERSON, "PERSON"),
        (Level.LOW, 1),
        (Flag.ON, "ON"),
        (dt.date(2026, 4, 15), "2026-04-15"),
        (dt.time(9, 30), "09:30:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ((1, "a", [None]), [1, "a", [None]]),
        (MappingProxyType({"a": {"b": Decimal("1.50")}}), {"a": {"b": "1.50"}}),
        ({"a": UNSET, "b": None}, {"b": None}),
    ],
    ids=repr,
)
def test_a_native_value_is_sent_in_its_json_form(value: object, encoded: object) -> None:
    assert encode_variables({"value": value}) == {"value": encoded}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1, 2}, "value: set has no JSON form"),
        (b"x", "value: bytes has no JSON form"),
        ([Opaque()], r"value\[0\]: Opaque has no JSON form"),
        ({"a": [{"b": Opaque()}]}, r"value.a\[0\].b: Opaque has no JSON form"),
        ([UNSET], r"value\[0\]: Unset has no JSON form"),
        ({1: "a"}, "value.1: a JSON object's names are strings"),
        (ThingFilter(name_contains=Opaque()), "value.nameContains: Opaque has no JSON form"),  # type: ignore[arg-type]
    ],
    ids=repr,
)
def test_a_value_without_a_json_form_is_a_type_error_that_names_its_place(
    value: object, message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        encode_variables({"value": value})


@pytest.mark.parametrize("value", [dt.datetime(2026, 4, 15), Decimal("NaN")], ids=repr)  # noqa: DTZ001
def test_a_value_that_must_not_be_sent_is_a_value_error_that_names_its_place(
    value: object,
) -> None:
    with pytest.raises(ValueError, match=r"^filter\.at: "):
        encode_variables({"filter": {"at": value}})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_write_is_a_value_error(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode_json(encode_variables({"value": value}))


@pytest.mark.parametrize("variables", ["id", [("id", "1")], 5], ids=repr)
def test_variables_that_are_no_mapping_are_a_type_error(variables: Any) -> None:
    with pytest.raises(TypeError, match="variables are a mapping of names to values, not a "):
        encode_variables(variables)


def test_a_misspelt_input_field_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="name_contain"):
        ThingFilter(name_contain="x")  # type: ignore[call-arg]


def test_inputs_are_equal_by_their_fields_and_show_what_is_set() -> None:
    assert ThingFilter(kinds=None) == ThingFilter(kinds=None)
    assert ThingFilter(kinds=None) != ThingFilter()
    assert ThingFilter() != "ThingFilter()"
    assert repr(ThingFilter(kinds=None)) == "ThingFilter(kinds=None)"


def test_a_function_of_a_custom_scalar_writes_a_variable_and_each_item_of_a_list() -> None:
    values: dict[str, object] = {"n": 1, "all": [[2], None], "none": None, "unset": UNSET, "as": 3}
    serializers = dict.fromkeys(["n", "all", "none", "unset"], str)

    assert encode_variables(values, serializers) == {
        "n": "1",
        "all": [["2"], None],
        "none": None,
        "as": 3,
    }


def test_what_a_function_of_a_custom_scalar_raises_names_the_variable_and_no_value() -> None:
    with pytest.raises(TypeError, match=r"^size: int raised ValueError for a str$"):
        encode_variables({"size": "secret"}, {"size": int})


def test_a_value_that_contains_itself_is_told() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(ValueError, match=r"^loop: nested too deeply to be sent, or in itself$"):
        encode_variables({"n": 1, "loop": endless})

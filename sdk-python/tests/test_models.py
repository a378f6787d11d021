from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

import pytest
from pydantic import ValidationError

from intelgraph._models import to_camel
from intelgraph.runtime import UNKNOWN, Field, Model, Tag, Unknown, by_typename


class State(StrEnum):
    """An enum that the server may add to."""

    OPEN = "OPEN"


OpenState: TypeAlias = Annotated[State | str, Field(union_mode="left_to_right")]


class User(Model):
    """A listed arm."""

    typename: Literal["User"] = Field(alias="__typename")
    login_name: str


class Bot(Model):
    """An arm of two types."""

    typename: Literal["Bot", "App"] = Field(alias="__typename")


Actor: TypeAlias = Annotated[
    Annotated[User, Tag("User")] | Annotated[Bot, Tag("Bot")] | Annotated[Unknown, Tag(UNKNOWN)],
    by_typename("User", {"Bot": "Bot", "App": "Bot"}),
]


class Ticket(Model):
    """What the tests read."""

    open_count: int = 0
    amount_usd: float = Field(default=0.0, alias="amountUSD")
    state: OpenState | None = None
    actor: Actor | None = None


def read(json: str) -> Ticket:
    return Ticket.model_validate_json(json)


@pytest.mark.parametrize(
    ("name", "wire_name"),
    [
        ("id", "id"),
        ("page_info", "pageInfo"),
        ("ipv4_address", "ipv4Address"),
        ("sha256sum", "sha256sum"),
        ("line_1", "line1"),
    ],
)
def test_a_field_has_its_name_in_camel_case_on_the_wire(name: str, wire_name: str) -> None:
    assert to_camel(name) == wire_name


def test_fields_are_read_by_their_wire_names_and_made_by_their_own() -> None:
    assert read('{"openCount":2,"amountUSD":1.5}') == Ticket(open_count=2, amount_usd=1.5)


def test_a_member_that_is_not_listed_is_ignored() -> None:
    assert read('{"openCount":2,"new":{"deep":[1]}}') == Ticket(open_count=2)


def test_null_is_told_from_what_is_not_there() -> None:
    null, absent = read('{"state":null}'), read("{}")

    assert (null.state, absent.state) == (None, None)
    assert (null.model_fields_set, absent.model_fields_set) == ({"state"}, set())
    assert null.model_dump(by_alias=True, exclude_unset=True) == {"state": None}
    assert absent.model_dump(by_alias=True, exclude_unset=True) == {}


def test_a_result_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read("{}").open_count = 3  # type: ignore[misc]


def test_a_number_is_not_read_from_a_string() -> None:
    with pytest.raises(ValidationError):
        read('{"openCount":"2"}')


def test_a_float_field_takes_a_number_without_a_point() -> None:
    assert read('{"amountUSD":2}').amount_usd == 2.0


def test_a_listed_enum_value_is_a_member_and_an_unlisted_one_its_string() -> None:
    assert read('{"state":"OPEN"}').state is State.OPEN
    assert read('{"state":"TRIAGE"}').state == "TRIAGE"


def test_an_enum_field_takes_nothing_but_strings() -> None:
    with pytest.raises(ValidationError):
        read('{"state":5}')


def test_the_typename_chooses_the_arm_of_a_union() -> None:
    assert isinstance(read('{"actor":{"__typename":"User","loginName":"ada"}}').actor, User)
    assert isinstance(read('{"actor":{"__typename":"App"}}').actor, Bot)


def test_an_unlisted_typename_is_an_unknown_object() -> None:
    actor = read('{"actor":{"__typename":"Robot","wheels":4}}').actor

    assert isinstance(actor, Unknown)
    assert actor.typename == "Robot"


@pytest.mark.parametrize("actor", ['{"loginName":"ada"}', '{"__typename":5}'])
def test_an_object_without_a_typename_fits_no_arm(actor: str) -> None:
    with pytest.raises(ValidationError, match="__typename is missing"):
        read(f'{{"actor":{actor}}}')


@pytest.mark.parametrize("actor", ['"ada"', "[]", "5"])
def test_what_is_no_object_fits_no_arm(actor: str) -> None:
    with pytest.raises(ValidationError, match="Input should be an object"):
        read(f'{{"actor":{actor}}}')


def test_a_malformed_object_of_a_listed_type_does_not_become_unknown() -> None:
    with pytest.raises(ValidationError, match="loginName"):
        read('{"actor":{"__typename":"User"}}')


def test_a_union_can_be_made_from_its_arms() -> None:
    user = User(typename="User", login_name="ada")

    assert Ticket(actor=user).actor == user


@pytest.mark.parametrize("ticket", [Ticket(state=State.OPEN), Ticket(state="TRIAGE")])
def test_a_result_dumped_by_alias_is_the_json_it_was_read_from(ticket: Any) -> None:
    assert read(ticket.model_dump_json(by_alias=True)) == ticket


class Nested(Model):
    kept: int = Field(default=0)
    old: int = Field(deprecated="Use `kept`.")


class Wrapping(Model):
    nested: Nested
    later: Later | None = None


class Later(Nested):
    more: int = 0


def test_a_deprecated_field_warns_also_where_its_model_is_inside_another() -> None:
    wrapping = Wrapping.model_validate_json('{"nested": {"old": 1}, "later": {"old": 2}}')

    for model, value in ((wrapping.nested, 1), (wrapping.later or wrapping.nested, 2)):
        with pytest.warns(DeprecationWarning, match="Use `kept`") as caught:
            read = model.old
        assert (read, caught[0].filename) == (value, __file__)


def test_a_deprecated_field_is_silent_until_somebody_reads_it() -> None:
    wrapping = Wrapping.model_validate_json('{"nested": {"kept": 3, "old": 1}}')

    assert wrapping.nested.kept == 3
    assert wrapping == Wrapping.model_validate(wrapping.model_dump(by_alias=True))
    assert not hasattr(Nested, "old")
    with pytest.raises(ValidationError, match="frozen"):
        wrapping.nested.old = 4


class Page(Model):
    """An arm with a field that takes the name from its `__typename`."""

    typename_: Literal["Page"] = Field(alias="__typename")
    typename: list[str]


class Book(Model):
    """What holds one."""

    page: Annotated[
        Annotated[Page, Tag("Page")] | Annotated[Unknown, Tag(UNKNOWN)], by_typename("Page")
    ]


def test_an_arm_with_a_field_called_typename_is_written_back() -> None:
    text = '{"page":{"__typename":"Page","typename":["a"]}}'

    assert Book.model_validate_json(text).model_dump_json(by_alias=True) == text

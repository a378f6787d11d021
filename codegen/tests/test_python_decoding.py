"""The expected Python of some goldens at work: what it makes of JSON, and JSON of it."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from intelgraph import ResponseError
from intelgraph.runtime import UNSET, Operation
from intelgraph.testing import FakeTransport, reply

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the expected Python package of each case, as `expected_<case>`."""
    folder = tmp_path_factory.mktemp("packages")
    for case in CASES:
        shutil.copytree(GOLDEN / case / "expected" / "python", folder / f"expected_{case}")
    return folder


@pytest.fixture(autouse=True)
def _importable(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(packages)


@pytest.mark.parametrize("case", CASES)
def test_everything_that_a_package_names_is_there_and_builds(case: str) -> None:
    package = import_module(f"expected_{case}")

    for folder in (package.operations, package.fragments, package.inputs, package.enums):
        for name in folder.__all__:
            build(getattr(folder, name))
    assert set(package.__all__) >= {"AsyncClient", "Client"}


def test_an_unknown_name_of_a_package_is_an_attribute_error() -> None:
    package = import_module("expected_scalars")

    with pytest.raises(AttributeError, match="Nothing"):
        _ = package.operations.Nothing


def test_a_field_that_may_be_null_must_still_be_there() -> None:
    assert decode("scalars", "LAST_READING", '{"reading": null}').reading is None
    with pytest.raises(ValidationError, match="reading"):
        decode("scalars", "LAST_READING", "{}")


def test_a_field_of_the_wrong_type_is_an_error_at_its_place() -> None:
    board = '{"board": [[{"piece": "K"}, {"piece": 7}]]}'

    with pytest.raises(ValidationError) as caught:
        decode("lists_of_lists", "BOARD", board)

    assert caught.value.errors()[0]["loc"] == ("board", 0, 1, "piece")


def test_an_integer_is_a_float_but_no_text_is_a_number() -> None:
    text = '{"reading": {"id": "1", "attempts": 1, "value": 2, "unit": "K", "raw": true}}'

    assert decode("scalars", "LAST_READING", text).reading.value == 2.0
    with pytest.raises(ValidationError, match="attempts"):
        decode("scalars", "LAST_READING", text.replace('"attempts": 1', '"attempts": "1"'))


def test_a_known_member_of_an_enum_is_that_member_and_another_plain_text() -> None:
    enums = import_module("expected_enums").enums
    text = '{"doors": [{"state": "OPEN", "locks": ["bolt", "laser", null]}]}'

    door = decode("enums", "DOORS", text).doors[0]

    assert door.state is enums.DoorState.OPEN
    assert door.locks == [enums.LockKind.BOLT, "laser", None]
    assert type(door.locks[1]) is str


def test_aliases_are_attributes_and_keep_their_keys() -> None:
    second = '{"OWNER": "Bo", "kind": "Account", "__typename": "Account"}'
    text = f'{{"first": {{"dollars": 1, "balanceUSD": 1}}, "second_account": {second}}}'

    data = decode("aliases", "COMPARE_ACCOUNTS", text)

    assert (data.first.dollars, data.second_account.owner) == (1, "Bo")
    assert encoded(data) == TypeAdapter(Any).validate_json(text)


def test_an_object_of_a_listed_type_is_its_arm() -> None:
    operations = import_module("expected_interfaces_with_arms").operations
    park = '{"__typename": "Park", "name": "P", "price": 1.5}'

    place = decode("interfaces_with_arms", "PLACES", f'{{"places": [{park}]}}').places[0]

    assert isinstance(place, operations.PlacesPlacesCamp)
    assert isinstance(place, import_module("expected_interfaces_with_arms").fragments.PlaceName)
    assert place.typename == "Park"


def test_an_object_of_a_type_that_is_not_listed_has_what_all_have() -> None:
    text = '{"places": [{"__typename": "Moon", "name": "M", "craters": 9}]}'

    place = decode("interfaces_with_arms", "PLACES", text).places[0]

    assert (place.typename, place.name) == ("Moon", "M")


def test_an_unknown_member_of_a_union_spoils_nothing() -> None:
    text = (
        '{"search": [{"__typename": "Video"}, {"__typename": "Song", "title": "S", "length": 1}]}'
    )

    video, song = decode("unions", "SEARCH", text).search

    assert (video.typename, song.title) == ("Video", "S")


def test_a_known_member_of_a_union_must_be_complete() -> None:
    with pytest.raises(ValidationError, match="length"):
        decode("unions", "SEARCH", '{"search": [{"__typename": "Song", "title": "S"}]}')


@pytest.mark.parametrize("hit", ['{"title": "S"}', '{"__typename": 7}', '{"__typename": null}'])
def test_an_object_without_its_typename_is_an_error_at_its_place(hit: str) -> None:
    with pytest.raises(ValidationError) as caught:
        decode("unions", "SEARCH", f'{{"search": [{hit}]}}')

    assert caught.value.errors()[0]["loc"][:2] == ("search", 0)


def test_what_was_skipped_is_none() -> None:
    data = decode("skip_include", "VIEWER", '{"viewer": {"name": "V"}}')

    assert (data.viewer.email, data.viewer.last_seen) == (None, None)
    assert decode("skip_include", "MAYBE_VIEWER", "{}").viewer is None


def test_what_was_skipped_and_what_is_null_can_be_told_apart() -> None:
    viewer = decode("skip_include", "VIEWER", '{"viewer": {"name": "V", "lastSeen": null}}').viewer

    assert viewer.model_fields_set == {"name", "last_seen"}


def test_a_deprecated_field_warns_whoever_reads_it() -> None:
    user = decode("deprecated", "ME", '{"me": {"login": "bo", "fullName": "Bo"}}').me

    with pytest.warns(DeprecationWarning, match="No longer supported"):
        assert user.full_name == "Bo"


def test_mapped_scalars_are_native_values_and_others_json() -> None:
    event = (
        '{"id": "7f0e1ba4-2c41-4d8c-94b1-5b1c3f1f3f2a", "date": "2026-04-15", "price": "9.50",'
        ' "begins": "2026-04-15T09:30:00Z", "details": {"a": [1]}, "notes": [null, 1]}'
    )

    decoded = decode("custom_scalars_mapped", "EVENTS", f'{{"events": [{event}]}}').events[0]

    assert decoded.id == uuid.UUID("7f0e1ba4-2c41-4d8c-94b1-5b1c3f1f3f2a")
    assert decoded.date == dt.date(2026, 4, 15)
    assert decoded.begins == dt.datetime(2026, 4, 15, 9, 30, tzinfo=dt.UTC)
    assert decoded.price == Decimal("9.50")
    assert (decoded.details, decoded.notes) == ({"a": [1]}, [None, 1])


def test_names_that_were_changed_are_read_from_their_keys() -> None:
    thing = import_module("expected_name_collisions").fragments.Thing
    keys = [field.alias for field in thing.model_fields.values()]

    value = thing.model_construct(**dict.fromkeys(thing.model_fields, "x"))

    assert len(set(keys)) == len(keys)
    assert set(value.model_dump(by_alias=True, warnings=False)) == set(keys)


def test_a_misspelt_field_of_an_input_is_an_error() -> None:
    inputs = import_module("expected_inputs_recursive").inputs

    with pytest.raises(TypeError, match="nott"):
        inputs.Condition(nott=None)


def test_an_input_that_is_not_given_is_unset_and_not_none() -> None:
    inputs = import_module("expected_inputs_recursive").inputs

    condition = inputs.Condition(or_=[inputs.Condition(not_=None)])

    assert condition.and_ is UNSET
    assert condition.or_[0].not_ is None


def test_one_of_takes_exactly_one() -> None:
    inputs = import_module("expected_one_of").inputs

    assert inputs.UserBy(id="1").email is UNSET
    with pytest.raises(TypeError, match="exactly one"):
        inputs.UserBy()
    with pytest.raises(TypeError, match="exactly one"):
        inputs.UserBy(id="1", email="a@example.com")


def test_a_deprecated_root_field_does_not_warn_of_itself() -> None:
    assert decode("deprecated", "ME", '{"me": null}').me is None


def test_a_deprecated_operation_is_a_deprecated_method() -> None:
    client = import_module("expected_deprecated").Client

    assert client.me.__deprecated__ == "Use `viewer`; it also knows robots."
    assert not hasattr(client.viewer, "__deprecated__")


def test_a_mutation_may_be_repeated_when_all_its_fields_may() -> None:
    operations = import_module("expected_mutations_idempotent").operations

    constants = (operations.PAY_INVOICE, operations.RING, operations.PAY_AND_RING)
    assert [each.retry_safe for each in constants] == [True, False, False]


def test_a_mutation_is_keyed_when_all_that_may_not_be_repeated_keeps_its_answer() -> None:
    operations = import_module("expected_mutations_idempotent").operations

    constants = (operations.BUY, operations.PAY_AND_BUY, operations.BUY_AND_RING, operations.RING)
    assert [each.keyed for each in constants] == [True, True, False, False]
    assert [each.retry_safe for each in constants] == [False, False, False, False]


def test_retryable_codes_come_from_the_schema() -> None:
    errors = import_module("expected_error_codes.errors")
    client = import_module("expected_error_codes").Client

    assert client._retryable_codes == errors.RETRYABLE_CODES == {"RATE_LIMITED", "BUSY"}


def test_functions_of_the_users_own_read_and_write_custom_scalars() -> None:
    package = import_module("expected_custom_scalars_functions")
    data = {"balance": "123456789012345678901", "history": [["1", None], []], "share": "1/3"}
    answer = {"accounts": [data | {"lastLogin": None}]}
    transport = FakeTransport([reply({"data": answer})])
    client = package.Client(url="https://example.test", transport=transport)
    where = package.inputs.AccountFilter(
        balances=[2**64], not_=package.inputs.AccountFilter(share=None)
    )

    (account,) = client.accounts(
        at_least=7, ids=[[1], None], share_of=Fraction(2, 6), from_=None, where=where
    )

    assert account.balance == 123456789012345678901
    assert account.history == [[1, None], []]
    assert account.share == Fraction(1, 3)
    assert encoded(account) == answer["accounts"][0]
    assert transport.requests[0].json["variables"] == {
        "atLeast": "7",
        "ids": [["1"], None],
        "shareOf": "1/3",
        "from": None,
        "where": {"balances": ["18446744073709551616"], "not": {"share": None}},
    }


def test_what_a_function_refuses_is_told_with_its_path_and_without_its_value() -> None:
    package = import_module("expected_custom_scalars_functions")
    answer = {"data": {"accounts": [{"balance": "secret", "history": None}]}}
    client = package.Client(url="https://example.test", transport=FakeTransport([reply(answer)]))

    with pytest.raises(ResponseError, match="int raised ValueError") as caught:
        client.accounts()

    assert caught.value.path == ("accounts", 0, "balance")
    assert "accounts.0.balance" in str(caught.value)
    assert "secret" not in str(caught.value)


def build(thing: Any) -> None:
    if isinstance(thing, type) and issubclass(thing, BaseModel):
        thing.model_rebuild()
    elif not isinstance(thing, (type, Operation, FunctionType)):
        TypeAdapter(thing)


def decode(case: str, constant: str, text: str) -> Any:
    operations = import_module(f"expected_{case}").operations
    operation: Operation[BaseModel] = getattr(operations, constant)
    return operation.data.model_validate_json(text)


def encoded(model: BaseModel) -> object:
    return model.model_dump(mode="json", by_alias=True)

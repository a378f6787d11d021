from __future__ import annotations

import gc
import inspect
import json
import re
import weakref
from dataclasses import dataclass, make_dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import core_schema
from typing_extensions import TypedDict

from intelgraph import AsyncIntelGraph, IntelGraph, Operation, ResponseError
from intelgraph._operation import AD_HOC
from intelgraph.generated.fragments import EntityCard
from intelgraph.runtime import AsyncBaseClient, BaseClient, Model
from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

URL = "https://api.example/graphql"
DOCUMENT = "query GetBill($id: ID!) { bill(id: $id) { total lines { unitPrice } } }"
DATA = {"bill": {"total": "9.50", "lines": [{"unitPrice": 1}]}}


class PlainLine(BaseModel):
    """A model of a caller's own."""

    unit_price: int = Field(alias="unitPrice")


class PlainBill(BaseModel):
    """As above."""

    total: Decimal
    lines: list[PlainLine]


class PlainData(BaseModel):
    """As above."""

    bill: PlainBill


class OurLine(Model):
    """A model as generated code has them."""

    unit_price: int


class OurBill(Model):
    """As above."""

    total: Decimal
    lines: list[OurLine]


class OurData(Model):
    """As above."""

    bill: OurBill


class TypedLine(TypedDict):
    """A dict whose members have types."""

    unitPrice: int


class TypedBill(TypedDict):
    """As above."""

    total: Decimal
    lines: list[TypedLine]


class TypedData(TypedDict):
    """As above."""

    bill: TypedBill


@dataclass
class Line:
    """A dataclass of the standard library."""

    unitPrice: int  # noqa: N815 - as the schema spells it.


@dataclass
class Bill:
    """As above."""

    total: Decimal
    lines: list[Line]


class NamedData(NamedTuple):
    """A tuple whose members have names."""

    bill: Bill


READ: dict[Any, object] = {
    PlainData: PlainData(
        bill=PlainBill(total=Decimal("9.50"), lines=[PlainLine.model_validate({"unitPrice": 1})])
    ),
    OurData: OurData(bill=OurBill(total=Decimal("9.50"), lines=[OurLine(unit_price=1)])),
    TypedData: {"bill": {"total": Decimal("9.50"), "lines": [{"unitPrice": 1}]}},
    NamedData: NamedData(Bill(Decimal("9.50"), [Line(1)])),
    dict[str, TypedBill]: {"bill": {"total": Decimal("9.50"), "lines": [{"unitPrice": 1}]}},
}


async def execute(client: Any, *answers: object, asked: Any = DOCUMENT, data: Any) -> object:
    """What the last of some calls returns, one for each answer."""
    transport = FakeTransport([reply({"data": each}) for each in answers])
    made = client(url=URL, api_key=None, transport=transport)
    read: object = None
    for _ in answers:
        told = made.execute(asked, {"id": "1"}, data=data)
        read = await told if inspect.isawaitable(told) else told
    assert [each.json["variables"] for each in transport.requests] == [{"id": "1"}] * len(answers)
    return read


@pytest.mark.parametrize("client", [BaseClient, AsyncBaseClient, IntelGraph, AsyncIntelGraph])
@pytest.mark.parametrize("data", READ)
async def test_text_is_executed_for_the_type_that_is_given(client: Any, data: Any) -> None:
    read = await execute(client, DATA, data=data)

    assert read == READ[data]
    assert type(read) is type(READ[data])


@pytest.mark.parametrize("data", READ)
@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"bill": {"total": "9.50", "lines": [{"unitPrice": "one"}]}}, "bill.lines.0.unitPrice"),
        ({"bill": {"total": "9.50", "lines": [{}]}}, "bill.lines.0.unitPrice"),
        ({"bill": {"total": None, "lines": []}}, "bill.total"),
        ({"bill": None}, "bill"),
    ],
)
async def test_data_of_another_shape_is_an_error_at_its_response_path(
    data: Any, wrong: dict[str, Any], path: str
) -> None:
    with pytest.raises(ResponseError, match="GetBill got data from") as caught:
        await execute(BaseClient, wrong, data=data)

    assert f"does not fit its type at {path}: " in str(caught.value)


async def test_a_model_of_the_callers_is_read_by_the_names_that_it_says() -> None:
    class ByName(BaseModel):
        model_config = ConfigDict(validate_by_name=True, validate_by_alias=False)
        unit_price: int = Field(alias="unitPrice")

    class ByEither(BaseModel):
        model_config = ConfigDict(validate_by_name=True)
        unit_price: int = Field(alias="unitPrice")

    answer = {"unit_price": 1}

    assert await execute(BaseClient, answer, data=ByName) == ByName(unit_price=1)
    assert await execute(BaseClient, answer, data=ByEither) == ByEither(unit_price=1)
    with pytest.raises(ResponseError, match="at unitPrice"):
        await execute(BaseClient, answer, data=OurLine)


async def test_a_model_of_a_generated_client_is_a_type_too() -> None:
    card = {"__typename": "Person", "id": "1", "name": "Ada", "updatedAt": "2026-01-01T00:00:00Z"}
    read = await execute(BaseClient, {"entity": card}, data=dict[str, EntityCard])

    assert read == {"entity": EntityCard.model_validate_json(json.dumps(card))}


def test_the_raw_response_has_the_value_of_the_type() -> None:
    transport = FakeTransport([reply({"data": DATA})])
    client = BaseClient(url=URL, transport=transport)

    raw = client.with_raw_response(lambda c: c.execute(DOCUMENT, data=PlainData))

    assert raw.parse() == READ[PlainData]


@pytest.mark.parametrize("client", [BaseClient, AsyncBaseClient])
async def test_an_operation_has_a_type_already(
    client: Any, get_thing: Operation[dict[str, Any]]
) -> None:
    with pytest.raises(TypeError, match="GetThing is an Operation, whose data has a type already"):
        await execute(client, DATA, asked=get_thing, data=PlainData)


@pytest.mark.parametrize("asked", [None, 5, b"{ thing }"])
@pytest.mark.parametrize("client", [BaseClient, AsyncBaseClient])
async def test_what_is_neither_an_operation_nor_text_is_told(client: Any, asked: Any) -> None:
    expected = re.escape(f"execute() takes an Operation or GraphQL text, not {asked!r}")

    with pytest.raises(TypeError, match=expected):
        await execute(client, DATA, asked=asked, data=PlainData)


class NoData:
    """What pydantic knows nothing of."""


class Unresolved(TypedDict):
    """What has a member of a type that is nowhere."""

    bill: Nowhere  # type: ignore[name-defined]  # noqa: F821 # pyright: ignore[reportUndefinedVariable]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (NoData, "schema for <class"),
        (OurLine(unit_price=1), "schema for OurLine"),
        (5, "schema for 5"),
        ({}, "unhashable type: 'dict'"),
        (Unresolved, "name 'Nowhere' is not defined"),
    ],
)
@pytest.mark.parametrize("client", [BaseClient, AsyncBaseClient])
async def test_what_cannot_be_read_is_told_before_anything_is_sent(
    client: Any, data: Any, reason: str
) -> None:
    transport = FakeTransport([reply({"data": DATA})])
    made = client(url=URL, transport=transport)

    with pytest.raises(TypeError, match="data= is a type that pydantic can read") as caught:
        await made.execute("mutation { pay }", data=data)

    assert reason in str(caught.value)
    assert transport.requests == []


@pytest.mark.parametrize("is_generated", [True, False])
async def test_a_type_is_made_ready_once_for_all_its_calls(
    get_thing: Operation[Any], *, is_generated: bool
) -> None:
    class Counted:
        readied = 0

        @classmethod
        def __get_pydantic_core_schema__(
            cls, _source: object, _handler: GetCoreSchemaHandler
        ) -> core_schema.CoreSchema:
            cls.readied += 1
            return core_schema.dict_schema()

    asked, data = (replace(get_thing, data=Counted), None) if is_generated else (DOCUMENT, Counted)
    await execute(BaseClient, DATA, DATA, asked=asked, data=data)
    await execute(AsyncBaseClient, DATA, asked=asked, data=data)

    assert Counted.readied == 1


async def test_types_that_are_made_without_end_do_not_stay() -> None:
    first = make_dataclass("First", [("a", int)])
    gone = weakref.ref(first)
    assert await execute(BaseClient, {"a": 1}, data=first) == first(1)

    del first
    for number in range(AD_HOC):
        await execute(BaseClient, {"a": 1}, data=make_dataclass(f"Made{number}", [("a", int)]))
    gc.collect()

    assert gone() is None

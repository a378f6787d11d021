from __future__ import annotations

import keyword
from typing import Any

import pydantic
import pytest

from intelgraph.runtime import AsyncBaseClient, BaseClient, Model
from intelgraph_codegen.ir import Enum, EnumValue, Operation, Program
from intelgraph_codegen.ir import Model as ModelShape
from intelgraph_codegen.python.naming import (
    CLIENT_ATTRIBUTES,
    MODEL_ATTRIBUTES,
    attribute_names,
    class_names,
    is_wire_name,
    member_names,
    model_attributes,
    names_of,
)


@pytest.mark.parametrize(
    ("key", "attribute"),
    [
        ("id", "id"),
        ("fooBar", "foo_bar"),
        ("class", "class_"),
        ("None", "none"),
        ("match", "match"),
        ("_private", "private"),
        ("_", "field"),
        ("_1st", "field_1st"),
        ("__typename", "typename"),
        ("model_dump", "model_dump_"),
        ("modelDump", "model_dump_"),
        ("copy", "copy_"),
        ("json", "json_"),
        ("list", "list_"),
        ("str", "str_"),
    ],
)
def test_the_attribute_of_a_response_key(key: str, attribute: str) -> None:
    assert model_attributes([key], []) == [attribute]


def test_keys_that_become_equal_are_numbered_in_their_order() -> None:
    assert model_attributes(["foo_bar", "fooBar", "FooBar"], []) == [
        "foo_bar",
        "foo_bar_2",
        "foo_bar_3",
    ]


def test_an_inherited_attribute_is_taken() -> None:
    assert model_attributes(["fooBar"], ["foo_bar"]) == ["foo_bar_2"]


def test_typename_gives_way_to_a_field_of_that_name() -> None:
    assert model_attributes(["__typename", "typename"], []) == ["typename_", "typename"]


def test_no_attribute_hides_what_a_model_inherits() -> None:
    inherited = [name for name in dir(Model) if not name.startswith("_")]

    assert set(inherited) <= MODEL_ATTRIBUTES
    assert not any(hasattr(Model, name) for name in model_attributes(inherited, []))


def test_no_method_hides_what_a_client_inherits() -> None:
    inherited = {*dir(BaseClient), *dir(AsyncBaseClient)}

    assert {name for name in inherited if not name.startswith("_")} <= CLIENT_ATTRIBUTES


@pytest.mark.parametrize("name", keyword.kwlist)
def test_no_name_is_a_keyword(name: str) -> None:
    attribute = attribute_names([name], reserved=frozenset())[0]
    class_name = class_names([name])[0]

    assert not keyword.iskeyword(attribute)
    assert not keyword.iskeyword(class_name)


@pytest.mark.parametrize(
    ("value", "member"),
    [
        ("OPEN", "OPEN"),
        ("IN_MOTION", "IN_MOTION"),
        ("open", "OPEN"),
        ("inMotion", "IN_MOTION"),
        ("IPV4", "IPV4"),
        ("V2__BETA", "V2__BETA"),
        ("None", "NONE"),
        ("mro", "MRO"),
        ("name", "NAME"),
        ("_1", "VALUE_1"),
        ("_", "VALUE"),
        ("_sunder_", "SUNDER"),
    ],
)
def test_the_member_of_an_enum_value(value: str, member: str) -> None:
    assert member_names([value]) == [member]


def test_members_that_become_equal_are_numbered() -> None:
    assert member_names(["fooBar", "FOO_BAR"]) == ["FOO_BAR", "FOO_BAR_2"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("entity_card", "EntityCard"), ("None", "None_"), ("_1", "Type1"), ("int", "Int")],
)
def test_the_name_of_a_class(name: str, expected: str) -> None:
    assert class_names([name]) == [expected]


@pytest.mark.parametrize("attribute", ["page_info", "id", "sha256_sum", "amount_usd", "a_1"])
def test_the_wire_name_is_what_the_runtime_makes_of_an_attribute(attribute: str) -> None:
    definitions: dict[str, Any] = {attribute: (int, ...)}
    created = pydantic.create_model("Created", __base__=Model, **definitions)
    key = created.model_fields[attribute].alias

    assert key is not None
    assert is_wire_name(attribute, key)


def test_an_enum_is_a_module_of_its_own() -> None:
    names = names_of(a_program(enums=["doorState", "DoorState"]))

    places = [(module.path, module.main) for module in names.enums.values()]
    assert places == [
        ("enums/door_state.py", "DoorState"),
        ("enums/door_state_2.py", "DoorState2"),
    ]


def test_an_operation_has_a_constant_a_data_class_and_a_method() -> None:
    names = names_of(a_program(operations=["getEntity", "Class", "_1", "Execute", "Aux"]))

    modules = names.operations.values()
    assert [module.constant for module in modules] == [
        "GET_ENTITY",
        "CLASS",
        "OPERATION_1",
        "EXECUTE",
        "AUX",
    ]
    assert [module.main for module in modules][:3] == ["GetEntityData", "ClassData", "Type1Data"]
    assert [module.name for module in modules] == [
        "get_entity",
        "class_",
        "module_1",
        "execute",
        "aux_",
    ]
    assert list(names.methods.values()) == ["get_entity", "class_", "call_1", "execute_", "aux"]


def test_a_nested_shape_gives_way_to_the_names_that_its_module_is_there_for() -> None:
    names = names_of(a_program(operations=["A"], nested=[("A", "data"), ("A", "_")]))

    assert names.operations["A"].shapes == {
        ("A",): "AData",
        ("A", "data"): "AData2",
        ("A", "_"): "A2",
    }


def a_program(
    *,
    operations: list[str] | None = None,
    enums: list[str] | None = None,
    nested: list[tuple[str, ...]] | None = None,
) -> Program:
    return Program(
        scalars=(),
        enums=tuple(
            Enum(name, None, (EnumValue("A", None, None, is_retryable=False),))
            for name in enums or []
        ),
        inputs=(),
        fragments=(),
        operations=tuple(an_operation(name, nested or []) for name in operations or []),
        error_codes=None,
    )


def an_operation(name: str, nested: list[tuple[str, ...]]) -> Operation:
    shapes = [ModelShape(path, "T", None, (), (), ("T",)) for path in [*nested, (name,)]]
    return Operation(
        name=name,
        kind="query",
        source="operations.graphql",
        description=None,
        deprecated=None,
        variables=(),
        shapes=tuple(shapes),
        root=None,
        op_id=f"{name}:v1",
        document="{a}",
        document_id="sha256:0",
        is_retry_safe=True,
    )

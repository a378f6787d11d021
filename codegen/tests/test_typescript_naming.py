from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.ir import InputField, Model, Named, Operation, Program
from intelgraph_codegen.typescript.naming import names_of, type_names

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("entity_card", "EntityCard"),
        ("Record", "Record_"),
        ("ReadonlyArray", "ReadonlyArray_"),
        ("Promise", "Promise_"),
        ("None", "None"),
        ("_1", "Type1"),
    ],
)
def test_the_name_of_a_type(name: str, expected: str) -> None:
    assert type_names([name]) == [expected]


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("GetEntity", "getEntity"),
        ("get_entity", "getEntity"),
        ("URLOf", "urlOf"),
        ("execute", "execute_"),
        ("WithOptions", "withOptions_"),
        ("then", "then_"),
        ("constructor", "constructor_"),
        ("toString", "toString_"),
        ("import", "import"),
        ("_1", "call1"),
    ],
)
def test_the_method_of_an_operation(operation: str, method: str) -> None:
    assert names_of(a_program(operation)).methods == {operation: method}


@pytest.mark.parametrize(
    ("operation", "file"),
    [("GetEntity", "get_entity"), ("Index", "index_"), ("Nul", "nul_"), ("_1", "module_1")],
)
def test_the_file_of_an_operation(operation: str, file: str) -> None:
    assert names_of(a_program(operation)).operations[operation].path == f"operations/{file}.ts"


def test_an_operation_exports_a_constant_its_data_and_its_variables() -> None:
    module = names_of(a_program("getEntity", variables=True)).operations["getEntity"]

    assert module.constant == "GetEntity"
    assert module.types == ["GetEntityData", "GetEntityVariables"]


def test_an_operation_without_variables_has_no_type_for_them() -> None:
    module = names_of(a_program("GetEntity")).operations["GetEntity"]

    assert module.types == ["GetEntityData"]


def test_methods_that_become_equal_are_numbered() -> None:
    methods = names_of(a_program("getEntity", "get_entity")).methods

    assert list(methods.values()) == ["getEntity", "getEntity2"]


def test_a_nested_shape_gives_way_to_the_names_that_its_module_is_there_for() -> None:
    nested = [("A", "variables"), ("A", "data"), ("A", "_")]
    module = names_of(a_program("A", nested=nested)).operations["A"]

    assert [module.shapes[path] for path in nested] == ["AVariables2", "AData2", "A2"]


def a_program(
    *operations: str, variables: bool = False, nested: Sequence[tuple[str, ...]] = ()
) -> Program:
    given = (InputField("id", Named("ID", nullable=False), None, None, None),)
    return Program(
        scalars=(),
        enums=(),
        inputs=(),
        fragments=(),
        operations=tuple(
            Operation(
                name=name,
                kind="query",
                source="operations.graphql",
                description=None,
                deprecated=None,
                variables=given if variables else (),
                shapes=tuple(Model(path, "T", None, (), (), ("T",)) for path in [*nested, (name,)]),
                root=None,
                op_id=f"{name}:v1",
                document="{a}",
                document_id="sha256:0",
                is_retry_safe=True,
            )
            for name in operations
        ),
        error_codes=None,
    )

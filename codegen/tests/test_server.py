from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph_codegen.ir import Enum, EnumValue, Program
from intelgraph_codegen.manifest import Document, Manifest
from intelgraph_codegen.server import emit

EMPTY = Program((), (), (), (), (), None)


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "generated"}
    exec(compile(text, "generated", "exec"), names)  # noqa: S102
    return names


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_sdl_is_the_same_text(sdl: str) -> None:
    text = sdl.replace("\r\n", "\n").replace("\r", "\n")

    assert run(emit(EMPTY, text, Manifest())["sdl.py"])["SDL"] == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_documents_are_the_same_text(document: str) -> None:
    manifest = Manifest().updated([Document("Get", "query", document)])

    names = run(emit(EMPTY, "", manifest)["persisted_documents.py"])

    assert names["PERSISTED_DOCUMENTS"]["get:v1"].document == document


def test_the_mapping_cannot_be_changed() -> None:
    documents = run(emit(EMPTY, "", Manifest())["persisted_documents.py"])["PERSISTED_DOCUMENTS"]

    with pytest.raises(TypeError):
        documents["x"] = 1


def test_error_codes_are_an_enum_with_its_retryable_ones() -> None:
    codes = Enum(
        "ErrorCode",
        'Why: "it" failed.',
        (
            EnumValue("NOT_FOUND", 'Ends with a "quote"', None),
            EnumValue("BUSY", "Wait.\n\nThen ask `\\again`.", None, is_retryable=True),
            EnumValue("None", None, None),
        ),
    )
    program = Program((), (), (), (), (), codes)

    names = run(emit(program, "", Manifest())["error_codes.py"])

    assert [code.value for code in names["ErrorCode"]] == ["NOT_FOUND", "BUSY", "None"]
    assert names["RETRYABLE_CODES"] == {"BUSY"}
    assert names["ErrorCode"].__doc__ == 'Why: "it" failed.'


def test_the_enums_of_operations_are_enums_of_their_own_values() -> None:
    sort = Enum("Sort", "An order.", (EnumValue("DATE", "By day.", None),))
    other = Enum("Other", None, (EnumValue("None", None, None),))
    program = Program((), (sort, other), (), (), (), None)

    names = run(emit(program, "", Manifest())["enums.py"])

    assert (names["Sort"].DATE, names["Sort"].__doc__) == ("DATE", "An order.")
    assert names["Other"].None_ == "None"


def test_a_schema_without_enums_and_error_codes_has_no_such_modules() -> None:
    assert sorted(emit(EMPTY, "", Manifest())) == [
        "__init__.py",
        "persisted_documents.py",
        "sdl.py",
    ]

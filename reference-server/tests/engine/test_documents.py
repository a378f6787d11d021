from __future__ import annotations

import pytest
from graphql import get_introspection_query

from intelgraph_server.app import DOMAINS
from intelgraph_server.engine.documents import (
    MOST_ERRORS,
    Limits,
    Prepared,
    prepare,
)
from intelgraph_server.engine.errors import DomainError, InvalidDocumentError
from intelgraph_server.engine.schema import executable_schema
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS
from intelgraph_server.generated.sdl import SDL

SCHEMA = executable_schema(SDL, DOMAINS)


def prepared(text: str, limits: Limits | None = None) -> Prepared:
    return prepare(SCHEMA, text, limits or Limits())


def refusal(text: str, limits: Limits | None = None) -> tuple[ErrorCode, str]:
    with pytest.raises(DomainError) as caught:
        prepared(text, limits)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize("op_id", PERSISTED_DOCUMENTS)
def test_a_published_document_fits_the_schema_and_the_limits_at_any_page_size(op_id: str) -> None:
    _, text = PERSISTED_DOCUMENTS[op_id]

    operation = prepared(text).operation(None)

    # The one document that everybody may send, token or not.
    assert operation.needs_token == (op_id != "publicTrust:v1")
    assert operation.fields({"first": 100}) <= Limits().fields


def test_the_standard_introspection_query_fits() -> None:
    operation = prepared(get_introspection_query()).operation(None)

    assert not operation.needs_token
    assert operation.fields({}) < 300


def test_a_document_full_of_mistakes_is_told_of_the_first_ones() -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        prepared("{" + " ".join(f"wrong{number}" for number in range(100)) + "}")

    *told, last = [error.message for error in caught.value.errors]
    assert len(told) == MOST_ERRORS
    assert last.startswith("Too many validation errors")


def test_introspection_that_circles_is_refused() -> None:
    circle = "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}"

    assert refusal(circle) == (
        ErrorCode.INVALID_DOCUMENT,
        "Maximum introspection depth exceeded",
    )


def test_a_page_size_may_be_a_literal_a_variable_or_the_schemas_default() -> None:
    inner = "edges{node{id}}"  # Three fields for each item, under one for the list.

    assert prepared(f"{{entities(first:7){{{inner}}}}}").operation(None).fields({}) == 22
    assert prepared(f"{{entities{{{inner}}}}}").operation(None).fields({}) == 61
    by_variable = prepared(f"query($n:Int!=9){{entities(first:$n){{{inner}}}}}").operation(None)
    assert by_variable.fields({}) == 28
    assert by_variable.fields({"n": 2}) == 7
    assert by_variable.fields({"n": "many"}) == 4


def test_fragments_within_fragments_are_counted_without_walking_them_all() -> None:
    chain = "".join(
        f"fragment F{i} on Entity{{a:relations{{edges{{node{{target{{...F{i + 1}}}}}}}}}"
        f" b:relations{{edges{{node{{target{{...F{i + 1}}}}}}}}}}}"
        for i in range(40)
    )

    code, _ = refusal(f"{{entities{{edges{{node{{...F0}}}}}}}}{chain}fragment F40 on Entity{{id}}")

    assert code is ErrorCode.DOCUMENT_TOO_COMPLEX


def test_a_fragment_that_spreads_itself_is_invalid() -> None:
    code, message = refusal("{...A}fragment A on Query{...A}")

    assert code is ErrorCode.INVALID_DOCUMENT
    assert message == "Cannot spread fragment 'A' within itself."


@pytest.mark.parametrize("nested", ["[" * 900, "{a:" * 900])
def test_values_that_nest_beyond_reason_are_too_complex(nested: str) -> None:
    closed = nested + ("]" * 900 if nested[0] == "[" else "1" + "}" * 900)

    assert refusal(f"{{plugin(id:{closed}){{id}}}}", Limits(tokens=10_000)) == (
        ErrorCode.DOCUMENT_TOO_COMPLEX,
        "The document nests fields deeper than 15 levels.",
    )


def test_every_operation_is_measured_through_the_fragments_that_they_share() -> None:
    text = "query One{...A} query Two{...A} fragment A on Query{trustTiles{kind}}"

    both = [prepared(text).operation(name) for name in ("One", "Two")]

    assert [operation.needs_token for operation in both] == [True, True]
    assert both[0].fields({}) == both[1].fields({}) > 0


def test_the_root_fields_behind_fragments_need_a_token_too() -> None:
    assert prepared("{...A}fragment A on Query{trustTiles{kind}}").operation(None).needs_token
    assert prepared("{...on Query{trustTiles{kind}}}").operation(None).needs_token

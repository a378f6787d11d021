"""What generated methods hand over, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Optional

import pytest
from pydantic import BaseModel, Field

from intelgraph import UNSET, ConfigurationError
from intelgraph.contrib._manifest import document_id_of
from intelgraph.contrib.ariadne._request import operation_of, plain_variables

QUERY = "query Tiles{tiles}"


class UnsetType:
    """As ariadne-codegen prints it into each package."""


class Upload:
    """Likewise."""


class Kind(str, Enum):  # noqa: UP042 - as it is printed.
    BIG = "BIG"


class Inner(BaseModel):
    at: dt.datetime
    kind: Optional[Kind] = None  # noqa: UP045 - as it is printed.


class Outer(BaseModel):
    inner_things: list[Inner] = Field(alias="innerThings")
    note: object = None


def test_an_operation_is_what_its_text_says_and_the_plugin_adds() -> None:
    bare = operation_of(QUERY, op_id=None, document_id=None, is_idempotent=False)
    known = operation_of(
        QUERY, op_id="tiles:v1", document_id=document_id_of(QUERY), is_idempotent=False
    )

    assert (bare.name, bare.kind, bare.retry_safe, bare.document_id) == (
        "Tiles",
        "query",
        True,
        None,
    )
    assert (known.op_id, known.document_id) == ("tiles:v1", document_id_of(QUERY))


@pytest.mark.parametrize(
    ("text", "is_idempotent", "retry_safe"),
    [
        ("query A{a}", False, True),
        ("mutation A{a}", False, False),
        ("mutation A{a}", True, True),
        ("subscription A{a}", True, False),
    ],
)
def test_what_may_be_sent_twice_is_queries_and_idempotent_mutations(
    text: str,
    is_idempotent: bool,  # noqa: FBT001
    retry_safe: bool,  # noqa: FBT001
) -> None:
    found = operation_of(text, op_id=None, document_id=None, is_idempotent=is_idempotent)

    assert found.retry_safe is retry_safe


def test_only_a_mutation_has_a_key() -> None:
    kinds = ("mutation", "query", "subscription")
    texts = [f"{kind} A{{a}}" for kind in kinds]
    ids: dict[str, None] = {"op_id": None, "document_id": None}

    found = [operation_of(text, **ids, is_idempotent=False, is_keyed=True) for text in texts]

    assert [operation.keyed for operation in found] == [True, False, False]


def test_an_id_of_another_text_is_told() -> None:
    other = document_id_of(QUERY + "\n")

    with pytest.raises(ConfigurationError, match="document of tiles:v1 is not the one"):
        operation_of(QUERY, op_id="tiles:v1", document_id=other, is_idempotent=False)


def test_models_are_sent_by_their_wire_names_and_without_what_is_unset() -> None:
    at = dt.datetime(2026, 4, 15, tzinfo=dt.UTC)
    outer = Outer(innerThings=[Inner(at=at), Inner(at=at, kind=Kind.BIG)])

    assert plain_variables(
        {"outer": outer, "list": [outer.inner_things[0]], "no": UnsetType()}
    ) == {
        "outer": {"innerThings": [{"at": at}, {"at": at, "kind": Kind.BIG}]},
        "list": [{"at": at}],
    }
    assert plain_variables({"gone": UNSET, "none": None}) == {"none": None}
    assert plain_variables(None) == {}


def test_what_a_model_holds_explicitly_unset_is_left_out() -> None:
    outer = Outer(innerThings=[], note=UnsetType())

    assert plain_variables({"outer": outer}) == {"outer": {"innerThings": []}}


def test_a_file_is_refused_by_its_place() -> None:
    outer = Outer(innerThings=[], note=[Upload()])

    with pytest.raises(TypeError, match=r"outer\.note\[0\]: files cannot be sent"):
        plain_variables({"outer": outer})

"""What becomes of the documents that gql holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import build_schema, parse

from intelgraph import ConfigurationError
from intelgraph.contrib._manifest import Manifest, document_id_of
from intelgraph.contrib.gql._operations import REMEMBERED, Operations

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = build_schema(
    """
    directive @idempotent on FIELD_DEFINITION
    interface Animal { name: String! }
    type Cat implements Animal { name: String! }
    type Query { pet: Animal! }
    type Mutation { feed: Boolean @idempotent sell: Boolean }
    """
)
SEVERAL = parse("query Pet { pet { ...A } } mutation Sell { sell } fragment A on Animal { name }")
PET = "query Pet{pet{__typename ...A}}fragment A on Animal{__typename name}"


def operations(**options: Any) -> Operations:
    none: dict[str, Any] = {
        "schema": None,
        "persisted": False,
        "manifest": None,
        "idempotent_mutations": (),
        "keyed_mutations": (),
    }
    return Operations(**(none | options))


@pytest.mark.parametrize(("name", "keyed"), [("sell", True), ("feed", False)])
def test_a_mutation_that_is_named_has_a_key(name: str, keyed: bool) -> None:  # noqa: FBT001
    found = operations(schema=SCHEMA, keyed_mutations=[name]).of(SEVERAL, "Sell")

    assert (found.keyed, found.retry_safe) == (keyed, False)


def test_a_text_is_sent_without_needless_characters_and_without_an_id() -> None:
    found = operations(schema=SCHEMA).of(parse("query Pet { pet { name } } # One."), None)

    assert (found.name, found.kind, found.document) == ("Pet", "query", "query Pet{pet{name}}")
    assert (found.document_id, found.op_id, found.retry_safe) == (None, None, True)


def test_an_id_is_that_of_the_normal_form() -> None:
    found = operations(schema=SCHEMA, persisted=True).of(SEVERAL, "Pet")

    assert (found.document, found.document_id) == (PET, document_id_of(PET))


def test_without_a_schema_an_id_is_that_of_what_the_document_says() -> None:
    found = operations(persisted=True).of(parse("{ pet { name } }"), None)

    assert (found.name, found.document_id) == ("anonymous", document_id_of("{pet{name}}"))


def test_a_manifest_names_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    manifest = Manifest(path)
    manifest.add("Pet", "query", PET)
    manifest.write()

    known = operations(schema=SCHEMA, persisted=True, manifest=path)

    assert known.of(SEVERAL, "Pet").op_id == "pet:v1"
    assert known.of(SEVERAL, "Sell").op_id is None


def test_a_manifest_is_no_use_without_ids(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="persisted=True sends; pass both"):
        operations(manifest=tmp_path / "documents.json")


def test_a_mutation_may_be_sent_twice_if_the_schema_or_the_caller_says_so() -> None:
    feed, sell = parse("mutation { feed }"), parse("mutation { sell }")
    by_schema, by_name = operations(schema=SCHEMA), operations(idempotent_mutations=["sell"])

    assert (by_schema.of(feed, None).retry_safe, by_schema.of(sell, None).retry_safe) == (
        True,
        False,
    )
    assert (by_name.of(feed, None).retry_safe, by_name.of(sell, None).retry_safe) == (False, True)


def test_a_document_is_read_once_and_so_is_another_of_the_same_text() -> None:
    known = operations()
    first, second = parse("{ pet { name } }"), parse("{pet{name}}")

    assert known.of(first, None) is known.of(first, None)
    assert known.of(second, None) is known.of(first, None)
    assert known.of(SEVERAL, "Pet") is not known.of(SEVERAL, "Sell")


def test_a_document_that_was_sent_before_is_not_printed_again() -> None:
    known = operations()

    for _ in range(3):
        known.of(SEVERAL, "Pet")

    assert known._alike.cache_info()[:2] == (0, 1)


def test_of_documents_of_one_text_that_are_gone_only_the_first_is_kept() -> None:
    known = operations()

    for _ in range(3):
        known.of(parse("{ pet { name } }"), None)

    assert len(known._seen) == known._alike.cache_info().currsize == 1


def test_texts_that_nobody_sends_any_more_are_forgotten() -> None:
    known = operations()

    for number in range(REMEMBERED + 1):
        known.of(parse(f"{{ pet {{ n{number}: name }} }}"), None)

    assert known._alike.cache_info().currsize == REMEMBERED


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (None, "not one operation but these: Pet, Sell. Say which with operation_name"),
        ("Buy", "no operation Buy; it has: Pet, Sell"),
    ],
)
def test_which_operation_is_meant_must_be_clear(name: str | None, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        operations().of(SEVERAL, name)


def test_a_document_without_an_operation_or_a_fragment_is_told() -> None:
    with pytest.raises(ConfigurationError, match="these: none"):
        operations().of(parse("fragment A on Animal { name }"), None)
    with pytest.raises(ConfigurationError, match="does not hold the fragment Lost"):
        operations().of(parse("query Pet { ...Lost }"), None)

"""What directives and a caller's lists say of operations and codes."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_client_schema, build_schema, introspection_from_schema, parse

from intelgraph.contrib._facts import is_idempotent, is_keyed, retryable_codes

SCHEMA = build_schema(
    """
    directive @idempotent on FIELD_DEFINITION
    directive @keyed on FIELD_DEFINITION
    directive @retryable on ENUM_VALUE
    enum ErrorCode { AWAY @retryable GONE }
    type Query { dim: Boolean @idempotent }
    type Mutation { dim: Boolean @idempotent flip: Boolean smash: Boolean buy: Int @keyed }
    """
)
# As it is when a server was asked for it.
WITHOUT_DIRECTIVES = build_client_schema(introspection_from_schema(SCHEMA))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mutation { dim }", True),
        ("mutation { again: flip dim }", True),
        ("mutation { dim smash }", False),
        ("mutation { unknown }", False),
        ("mutation { dim ...More } fragment More on Mutation { flip }", False),
        ("mutation { __typename }", False),
        ("query { dim }", False),
    ],
)
def test_a_mutation_is_idempotent_if_every_field_is_marked_or_named(
    text: str,
    expected: bool,  # noqa: FBT001
) -> None:
    operation: Any = parse(text).definitions[0]

    assert is_idempotent(operation, SCHEMA, {"flip"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mutation { buy }", True),
        ("mutation { buy dim flip rent }", True),
        ("mutation { dim flip }", False),
        ("mutation { buy smash }", False),
        ("mutation { buy ...More } fragment More on Mutation { buy }", False),
        ("query { rent }", False),
    ],
)
def test_a_mutation_is_keyed_if_every_field_that_is_not_idempotent_is(
    text: str,
    expected: bool,  # noqa: FBT001
) -> None:
    operation: Any = parse(text).definitions[0]

    assert is_keyed(operation, SCHEMA, {"flip"}, {"rent"}) is expected


def test_without_directives_the_names_decide() -> None:
    operation: Any = parse("mutation { dim }").definitions[0]

    for schema in (WITHOUT_DIRECTIVES, None):
        assert is_idempotent(operation, schema, {"dim"})
        assert not is_idempotent(operation, schema, ())


def test_codes_are_retryable_if_the_schema_marks_them() -> None:
    assert retryable_codes(SCHEMA) == {"AWAY"}
    assert retryable_codes(WITHOUT_DIRECTIVES) == frozenset()
    assert retryable_codes(build_schema("type Query { dim: Boolean }")) == frozenset()

from __future__ import annotations

import pytest

from intelgraph._operation import ad_hoc_operation


@pytest.mark.parametrize(
    ("document", "kind", "name"),
    [
        ("{ thing }", "query", "anonymous"),
        ("query { thing }", "query", "anonymous"),
        ("query GetThing { thing }", "query", "GetThing"),
        ("query GetThing($id: ID = 4) @live { thing }", "query", "GetThing"),
        ("mutation Pay { pay }", "mutation", "Pay"),
        ("mutation{pay}", "mutation", "anonymous"),
        ("subscription Watch { thing }", "subscription", "Watch"),
        ("# mutation X\nquery GetThing { thing }", "query", "GetThing"),
        ('query GetThing { thing(a: "} mutation X {") }', "query", "GetThing"),
        ('query GetThing { thing(a: """a " } mutation X""") }', "query", "GetThing"),
        ("fragment F on T { mutation } mutation Pay { pay }", "mutation", "Pay"),
        ("fragment query on T { a } mutation Pay { ...query }", "mutation", "Pay"),
        ("fragment F on query { a } mutation Pay { ...F }", "mutation", "Pay"),
        ("fragment F on T { a }", "query", "anonymous"),
    ],
)
def test_ad_hoc_text_is_known_by_its_kind_and_name(document: str, kind: str, name: str) -> None:
    operation = ad_hoc_operation(document)

    assert (operation.kind, operation.name) == (kind, name)


def test_ad_hoc_text_has_no_ids_and_only_queries_are_retry_safe() -> None:
    query = ad_hoc_operation("{ thing }")

    assert (query.op_id, query.document_id, query.retry_safe) == (None, None, True)
    assert not ad_hoc_operation("mutation { pay }").retry_safe

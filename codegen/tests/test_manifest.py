from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.identity import document_id
from intelgraph_codegen.manifest import Document, Manifest, read_manifest, render_manifest

GET = Document("GetEntity", "query", "query GetEntity{entity}")
GET_CHANGED = Document("GetEntity", "query", "query GetEntity{entity other}")
PAY = Document("Pay", "mutation", "mutation Pay{pay}")


def told(text: str) -> str:
    with pytest.raises(CodegenError) as caught:
        read_manifest(text, "m.json")
    return str(caught.value)


def op_ids(manifest: Manifest) -> list[str]:
    return [entry.op_id for entry in manifest.entries]


def published(*documents: Document) -> Manifest:
    return Manifest().updated(documents).published("1.0.0")


def test_the_file_reads_like_this() -> None:
    text = render_manifest(Manifest().updated([GET]))

    assert text == (
        '{\n  "format": "intelgraph-persisted-documents/1",\n  "published": null,\n'
        '  "operations": {\n    "getEntity:v1": {\n      "name": "GetEntity",\n'
        '      "kind": "query",\n'
        f'      "documentId": "{document_id(GET.text)}",\n'
        '      "published": null,\n      "document": "query GetEntity{entity}"\n    }\n  }\n}\n'
    )


def test_a_manifest_survives_being_written_and_read() -> None:
    manifest = published(GET, PAY).updated([GET_CHANGED, PAY])

    assert read_manifest(render_manifest(manifest), "m.json") == manifest


def test_a_draft_follows_its_operation() -> None:
    manifest = Manifest().updated([GET]).updated([GET_CHANGED])

    assert op_ids(manifest) == ["getEntity:v1"]
    assert manifest.entries[0].document == GET_CHANGED.text


def test_a_draft_vanishes_with_its_operation() -> None:
    assert op_ids(Manifest().updated([GET, PAY]).updated([PAY])) == ["pay:v1"]


def test_a_published_entry_outlives_its_operation() -> None:
    assert op_ids(published(GET).updated([PAY])) == ["getEntity:v1", "pay:v1"]


def test_a_changed_operation_that_was_published_becomes_the_next_version() -> None:
    manifest = published(GET).updated([GET_CHANGED])

    assert [(entry.op_id, entry.document) for entry in manifest.entries] == [
        ("getEntity:v1", GET.text),
        ("getEntity:v2", GET_CHANGED.text),
    ]
    assert manifest.op_ids(["GetEntity"]) == {"GetEntity": "getEntity:v2"}


def test_a_draft_of_a_next_version_vanishes_when_the_change_is_taken_back() -> None:
    manifest = published(GET).updated([GET_CHANGED]).updated([GET])

    assert op_ids(manifest) == ["getEntity:v1"]
    assert manifest.op_ids(["GetEntity"]) == {"GetEntity": "getEntity:v1"}


def test_an_operation_that_returns_to_an_older_version_becomes_a_newer_one() -> None:
    second = published(GET).updated([GET_CHANGED]).published("1.1.0")

    third = second.updated([GET])

    assert op_ids(third) == ["getEntity:v1", "getEntity:v2", "getEntity:v3"]


def test_publishing_marks_drafts_only() -> None:
    manifest = published(GET).updated([GET_CHANGED]).published("1.1.0")

    assert [entry.published for entry in manifest.entries] == ["1.0.0", "1.1.0"]


def test_entries_are_ordered_by_name_and_version() -> None:
    manifest = Manifest()
    for number in range(11):
        manifest = manifest.updated([Document("B", "query", f"query B{{x{number}}}"), PAY])
        manifest = manifest.published("1.0.0")

    assert op_ids(manifest) == [*(f"b:v{number}" for number in range(1, 12)), "pay:v1"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("document", "query GetEntity{other}"), ("published", "2.0.0"), ("kind", "mutation")],
)
def test_changing_a_published_entry_is_found_out(field: str, value: str) -> None:
    content = json.loads(render_manifest(published(GET, PAY)))
    entry = content["operations"]["getEntity:v1"]
    entry[field] = value
    entry["documentId"] = document_id(entry["document"])

    assert "Published entries of the manifest were changed or removed." in told(json.dumps(content))


def test_removing_a_published_entry_is_found_out() -> None:
    content = json.loads(render_manifest(published(GET, PAY)))
    del content["operations"]["pay:v1"]

    assert "changed or removed" in told(json.dumps(content, indent=2))
    assert told(json.dumps(content, indent=2)).startswith("m.json:3:3: ")


def test_unpublishing_an_entry_is_found_out() -> None:
    content = json.loads(render_manifest(published(GET)))
    content["operations"]["getEntity:v1"]["published"] = None

    assert "changed or removed" in told(json.dumps(content))


def test_a_document_that_does_not_have_its_id_is_told_with_its_line() -> None:
    text = render_manifest(Manifest().updated([GET, PAY])).replace("{pay}", "{pays}")

    assert told(text).splitlines()[0] == (
        "m.json:12:5: The `documentId` of `pay:v1` is not that of its document's bytes."
        " [damaged-manifest]"
    )


def test_all_bad_entries_are_told() -> None:
    text = render_manifest(Manifest().updated([GET, PAY]))
    text = text.replace('"getEntity:v1"', '"getEntity"').replace('"kind": "mutation"', '"kind": 1')

    assert [line for line in told(text).splitlines() if line.startswith("m.json")] == [
        "m.json:5:5: `getEntity` is no opId; one reads `getEntity:v1`. [damaged-manifest]",
        (
            "m.json:12:5: The entry `pay:v1` is not an object of `name`, `kind`, `documentId`, "
            "`published`, `document`. [damaged-manifest]"
        ),
    ]


def test_an_entry_under_another_name_is_told() -> None:
    text = render_manifest(Manifest().updated([PAY])).replace('"pay:v1"', '"buy:v1"')

    assert "The entry `buy:v1` has the name of `pay:v1`." in told(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "m.json:1:2: The manifest is not JSON; restore it from version control."),
        (
            "<<<<<<< HEAD\n{}",
            "m.json:1:1: The manifest is not JSON; restore it from version control.",
        ),
        ("[]", "m.json: The manifest's `format` is not `intelgraph-persisted-documents/1`."),
        ('{"format": "x"}', "m.json:1:2: The manifest's `format` is not"),
        (
            '{"format": "intelgraph-persisted-documents/1"}',
            "m.json: The manifest has no `operations`.",
        ),
    ],
)
def test_what_is_no_manifest_is_told(text: str, message: str) -> None:
    assert told(text).startswith(message)


NAMES = st.sampled_from(["GetA", "GetB", "getC"])
SETS = st.dictionaries(NAMES, st.integers(0, 3), max_size=3)


@given(st.lists(st.tuples(SETS, st.booleans()), max_size=8))
def test_whatever_happens_published_entries_stay_and_the_newest_is_the_operations(
    history: list[tuple[dict[str, int], bool]],
) -> None:
    manifest = Manifest()
    for step, (operations, publishes) in enumerate(history):
        documents = [Document(n, "query", f"query {n}{{x{v}}}") for n, v in operations.items()]
        before = [entry for entry in manifest.entries if entry.published]

        manifest = manifest.updated(documents)

        assert [entry for entry in manifest.entries if entry.published] == before
        newest = manifest.op_ids(operations)
        by_id = {entry.op_id: entry.document for entry in manifest.entries}
        assert {by_id[op] for op in newest.values()} == {item.text for item in documents}
        assert manifest.updated(documents) == manifest
        if publishes:
            manifest = manifest.published(f"1.{step}.0")
        assert read_manifest(render_manifest(manifest), "m") == manifest

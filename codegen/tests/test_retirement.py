from __future__ import annotations

import json

import pytest

from intelgraph_codegen.errors import CodegenError, UsageError
from intelgraph_codegen.manifest import (
    Document,
    Manifest,
    Retirement,
    read_manifest,
    render_manifest,
)
from intelgraph_codegen.retirement import Retired, retire, revived

GET = Document("Get", "query", "query Get{a}")
GET_CHANGED = Document("Get", "query", "query Get{b}")
PAY = Document("Pay", "mutation", "mutation Pay{pay}")
FROM_TWO = Retirement("2.0.0", "It is slow.")


@pytest.fixture
def manifest() -> Manifest:
    first = Manifest().updated([GET, PAY]).published("1.0.0")
    return first.updated([GET_CHANGED, PAY]).published("1.1.0")


def told(manifest: Manifest, *op_ids: str, release: str = "2.0.0") -> list[str]:
    with pytest.raises(UsageError) as caught:
        retire(manifest, op_ids, Retirement(release, "x"))
    return [str(item) for item in caught.value.diagnostics]


def test_a_retired_entry_stays_and_says_what_became_of_it(manifest: Manifest) -> None:
    after, retired = retire(manifest, ["get:v1"], FROM_TWO)

    assert retired == (Retired("get:v1", "get:v2"),)
    assert [entry.op_id for entry in after.entries] == ["get:v1", "get:v2", "pay:v1"]
    assert [entry.op_id for entry in after.retired] == ["get:v1"]
    assert after.entries[0].document == GET.text
    entry = json.loads(render_manifest(after))["operations"]["get:v1"]
    assert entry["retired"] == {"release": "2.0.0", "reason": "It is slow."}
    assert read_manifest(render_manifest(after), "m.json") == after


def test_a_manifest_without_retired_entries_is_written_as_it_always_was(
    manifest: Manifest,
) -> None:
    assert '"retired"' not in render_manifest(manifest)


def test_where_no_newer_version_is_left_none_stands_in(manifest: Manifest) -> None:
    after, retired = retire(manifest, ["get:v2", "pay:v1"], FROM_TWO)

    assert [item.stands_in for item in retired] == [None, None]
    assert retire(after, ["get:v1"], FROM_TWO)[1] == (Retired("get:v1", None),)


def test_what_cannot_be_retired_is_told_all_at_once(manifest: Manifest) -> None:
    after, _ = retire(manifest.updated([GET, PAY]), ["get:v1"], FROM_TWO)

    assert told(after, "get:v1", "get:v3", "gett:v2", "pay:v1", release="0.9.0") == [
        "`get:v1` was retired with 2.0.0 already. [unretirable-document]",
        (
            "`get:v3` is a draft, which no client sends yet: remove or change its operation."
            " [unretirable-document]"
        ),
        (
            "The manifest has no document `gett:v2`. Did you mean `get:v2`, `get:v3` or `get:v1`?"
            " [unknown-document]"
        ),
        "`pay:v1` was published with 1.0.0, after 0.9.0. [unretirable-document]",
    ]


def test_an_operation_must_not_bring_a_retired_document_back(manifest: Manifest) -> None:
    after, _ = retire(manifest, ["get:v1"], FROM_TWO)

    assert revived(after, {"Get": GET_CHANGED.text, "Pay": PAY.text}) == {}
    assert revived(after, {"Get": GET.text}) == {"Get": after.entries[0]}


@pytest.mark.parametrize(
    "change",
    [
        {"retired": None},
        {"retired": {"release": "2.0.0"}},
        {"retired": {"release": "2.0.0", "reason": 1}},
        {"retired": {"release": "2.0.0", "reason": "x"}, "published": None},
    ],
)
def test_a_retirement_of_another_form_is_refused(
    manifest: Manifest, change: dict[str, object]
) -> None:
    content = json.loads(render_manifest(retire(manifest, ["get:v1"], FROM_TWO)[0]))
    content["operations"]["get:v1"] |= change

    with pytest.raises(CodegenError, match="The entry `get:v1` is not an object of"):
        read_manifest(json.dumps(content), "m.json")


def test_taking_a_retirement_back_or_rewording_it_is_found_out(manifest: Manifest) -> None:
    content = json.loads(render_manifest(retire(manifest, ["get:v1"], FROM_TWO)[0]))
    reworded = json.loads(json.dumps(content))
    reworded["operations"]["get:v1"]["retired"]["reason"] = "It was not."
    del content["operations"]["get:v1"]["retired"]

    for changed in (content, reworded):
        with pytest.raises(CodegenError, match="changed or removed"):
            read_manifest(json.dumps(changed), "m.json")

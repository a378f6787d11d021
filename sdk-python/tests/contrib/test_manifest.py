"""The manifest of documents; `intelgraph-codegen` reads and publishes the same file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from intelgraph import ConfigurationError
from intelgraph.contrib._manifest import Manifest, document_id_of, op_ids_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "manifest.json"


def write(path: Path, *documents: str) -> list[str]:
    manifest = Manifest(path)
    op_ids = [manifest.add(f"Op{document[-2]}", "query", document)[0] for document in documents]
    manifest.write()
    return op_ids


def publish(path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    content["published"] = "sha256:of all that is published"
    for entry in content["operations"].values():
        entry["published"] = entry["published"] or "1.0.0"
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def op_ids_in(path: Path) -> list[str]:
    return list(json.loads(path.read_text("utf-8"))["operations"])


def test_a_first_version_is_a_draft_in_order_of_names(path: Path) -> None:
    assert write(path, "{b}", "{a}") == ["opb:v1", "opa:v1"]

    content = json.loads(path.read_text("utf-8"))
    assert list(content["operations"]) == ["opa:v1", "opb:v1"]
    assert content["operations"]["opa:v1"] == {
        "name": "Opa",
        "kind": "query",
        "documentId": f"sha256:{hashlib.sha256(b'{a}').hexdigest()}",
        "published": None,
        "document": "{a}",
    }


def test_a_draft_follows_its_operation_and_goes_with_it(path: Path) -> None:
    write(path, "{a}", "{b}")

    assert write(path, "{x a}") == ["opa:v1"]
    assert op_ids_in(path) == ["opa:v1"]


def test_what_is_published_stays_and_what_changed_is_the_next_version(path: Path) -> None:
    write(path, "{a}", "{b}")
    publish(path)

    assert write(path, "{x a}", "{b}") == ["opa:v2", "opb:v1"]
    assert op_ids_in(path) == ["opa:v1", "opa:v2", "opb:v1"]
    assert json.loads(path.read_text("utf-8"))["published"] == "sha256:of all that is published"


def test_a_file_that_says_it_all_already_is_not_touched(path: Path) -> None:
    write(path, "{a}")
    before = path.stat().st_mtime_ns

    write(path, "{a}")

    assert path.stat().st_mtime_ns == before


def test_op_ids_are_found_by_the_ids_of_documents(path: Path) -> None:
    write(path, "{a}", "{b}")

    assert op_ids_of(path) == {document_id_of("{a}"): "opa:v1", document_id_of("{b}"): "opb:v1"}


def test_a_manifest_that_is_asked_for_op_ids_exists(path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no manifest manifest\.json; write it with"):
        op_ids_of(path)


@pytest.mark.parametrize("text", ["", "[]", '{"format": "another/1"}', "{"])
def test_another_file_is_no_manifest(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigurationError, match=r"manifest\.json is no manifest"):
        Manifest(path)

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from intelgraph_server.documents.sbom import MOST_FILES, ArtifactError, bill_of_materials, contents
from intelgraph_server.seed import DEFAULT_CLOCK

REQUIRES = ["httpx>=0.28", "HTTPX[http2] ; extra == 'fast'", "uvloop ; extra == 'fast'", "a.b_c"]


def archive(files: dict[str, str]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return packed.getvalue()


def bill(content: dict[str, Any]) -> Any:
    named = {"ref": "plg_radar@1.0.0", "name": "Radar", "version": "1.0.0", "digest": "ab" * 32}
    text = bill_of_materials(content, DEFAULT_CLOCK, **named)
    assert text == bill_of_materials(content, DEFAULT_CLOCK, **named)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.decode()) is None
    return json.loads(text)


def test_a_wheel_is_what_it_requires() -> None:
    text = "Metadata-Version: 2.4\n" + "".join(f"Requires-Dist: {one}\n" for one in REQUIRES)

    found = contents(archive({"radar/__init__.py": "", "radar-1.dist-info/METADATA": text}))

    assert found == {"requires": REQUIRES}
    listed = {one["name"]: one for one in bill(found)["components"]}
    assert sorted(listed) == ["a-b-c", "httpx", "uvloop"]
    assert listed["httpx"]["purl"] == "pkg:pypi/httpx"
    assert listed["httpx"]["scope"] == "required"
    assert listed["uvloop"]["scope"] == "optional"


def test_another_zip_is_the_digests_of_its_files() -> None:
    found = contents(archive({"a.js": "", "lib/b.js": "x"}))

    listed = {one["name"]: one for one in bill(found)["components"]}
    assert sorted(listed) == ["a.js", "lib/b.js"]
    assert listed["a.js"]["hashes"][0]["content"].startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize(
    "damage", [b"", b"no zip", archive({"a": "b" * 99})[:90]], ids=["empty", "text", "half"]
)
def test_what_is_no_zip_is_no_artefact(damage: bytes) -> None:
    with pytest.raises(ArtifactError):
        contents(damage)


def test_a_zip_with_a_damaged_file_is_no_artefact() -> None:
    whole = archive({"a": "b" * 99})

    with pytest.raises(ArtifactError):
        contents(whole.replace(b"bbb", b"bab", 1))


def test_an_artefact_of_too_many_files_is_refused() -> None:
    with pytest.raises(ArtifactError, match="more than"):
        contents(archive({str(number): "" for number in range(MOST_FILES + 1)}))

"""The pages' own rules: what they import, what they weigh, and that no message lies unused."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest
from portal_pages import PORTAL, ROOT

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {path: path.read_text("utf-8") for path in sorted(PORTAL.glob("src/**/*.ts*"))}
TEXTS = ROOT / "reference-server/src/intelgraph_server/texts/en"
PARTS = ("portal.ftl", "admin.ftl")
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "([^"]+)";', re.MULTILINE)
PUBLIC = re.compile(r"@intelgraph/sdk/(runtime|operations/\w+|fragments/\w+)$")
OWN = re.compile(r"preact(/hooks)?$|@fluent/bundle$|\.{1,2}/[\w./]+\.tsx?$")
MESSAGES = re.compile(r"\.\./\.\./\.\./reference-server/src/intelgraph_server/texts/\w+/\w+\.ftl$")
BUDGETS = {"trust": 40_000, "admin": 60_000}


def test_the_pages_import_only_public_paths_of_the_packed_client() -> None:
    imported = {name for text in SOURCES.values() for name in IMPORT.findall(text)}
    of_the_client = {name for name in imported if name.startswith("@intelgraph/")}

    assert len(of_the_client) > 20
    assert {name for name in of_the_client if not PUBLIC.fullmatch(name)} == set()
    others = imported - of_the_client
    assert {n for n in others if not OWN.fullmatch(n) and not MESSAGES.fullmatch(n)} == set()


def test_the_client_is_installed_from_a_tarball_and_no_link_to_its_source() -> None:
    installed = PORTAL / "node_modules" / "@intelgraph" / "sdk"

    assert installed.is_dir()
    assert not installed.is_symlink()
    assert not (installed / "test").exists()
    packed = json.loads((installed / "package.json").read_text("utf-8"))
    ours = json.loads((ROOT / "sdk-js" / "package.json").read_text("utf-8"))
    assert packed["version"] == ours["version"]


@pytest.mark.parametrize(
    "way",
    [r"\bfetch\s*\(", r"XMLHttpRequest", r"EventSource", r"sendBeacon", r"WebSocket",
     r"innerHTML", r"dangerouslySetInnerHTML", r"\beval\(", r"style=\{"],
)  # fmt: skip
def test_no_page_talks_past_the_client_or_makes_markup_of_text(way: str) -> None:
    assert [path.name for path, text in SOURCES.items() if re.search(way, text)] == []


@pytest.mark.parametrize("name", BUDGETS)
def test_a_program_stays_within_its_budget(name: str, dist: Path) -> None:
    [program] = (dist / "assets").glob(f"{name}-*.js")

    assert len(gzip.compress(program.read_bytes(), 9)) <= BUDGETS[name]


def test_the_trust_page_carries_nothing_of_the_administration(dist: Path) -> None:
    [program] = (dist / "assets").glob("trust-*.js")
    text = program.read_text("utf-8")

    assert "publicTrust" in text
    assert [name for name in ("refundOrder", "setSwitch", "page-admin-title") if name in text] == []


def test_every_message_is_said_and_every_message_that_is_said_exists() -> None:
    known = {
        name
        for part in PARTS
        for name in re.findall(r"^page-([\w-]+) =", (TEXTS / part).read_text("utf-8"), re.MULTILINE)
    }
    source = "\n".join(SOURCES.values())
    literal = set(re.findall(r'"([a-z][\w-]*)"', source))
    # What is put together from pieces is known by its pieces: `order-${step}-title`.
    pieced = [
        re.compile(re.sub(r"\\\$\\\{.*?\\\}", r"[\\w-]+", re.escape(piece)))
        for piece in re.findall(r"`([\w-]*\$\{[^`\s]*)`", source)
        if "-" in piece
    ]
    sets = re.findall(r'sayKnown\(\s*"(\w+)"', source)
    said = {
        name
        for name in known
        if name in literal
        or any(piece.fullmatch(name) for piece in pieced)
        or any(name.startswith(f"{each}-") for each in sets)
        or name.removeprefix("audit-") in literal
    }

    assert known - said == set()
    asked = set(re.findall(r'\bsay\(\s*"([\w-]+)"', source))
    assert asked - known == set()


def test_every_error_code_of_the_schema_has_its_words() -> None:
    sdl = (ROOT / "schema/sdl/base.graphql").read_text("utf-8")
    codes = set(re.findall(r"^  ([A-Z_]+)(?: @retryable)?$", sdl, re.MULTILINE))
    text = (TEXTS / "portal.ftl").read_text("utf-8")

    assert codes - set(re.findall(r"^page-error-([A-Z_]+) =", text, re.MULTILINE)) == set()

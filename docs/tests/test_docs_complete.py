"""The pages leave nothing out: every page is in the navigation, every link leads somewhere,
every option of both commands is explained.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import PurePosixPath
from typing import Any

import pytest
from fences import pages
from mkdocs.utils.yaml import yaml_load
from repository import ROOT, files, text

import intelgraph
from intelgraph import RetryPolicy

NOT_PAGES = ("docs/tests/", "docs/bench/")


def without_blocks(page: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text(page), flags=re.MULTILINE | re.DOTALL)


def in_navigation(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    inside = entry.values() if isinstance(entry, dict) else entry
    return [page for part in inside for page in in_navigation(part)]


def anchors(page: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_blocks(page), re.MULTILINE)
    return {slug(re.sub(r"\]\(.*?\)", "", title)) for title in titles}


def slug(title: str) -> str:
    """The anchor that mkdocs gives a title."""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


def help_of(module: str, *subcommand: str) -> str:
    command = (sys.executable, "-m", module, *subcommand, "--help")
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def options_of(module: str) -> set[str]:
    """Every option of a command and of its subcommands, as `--help` lists them."""
    whole = help_of(module)
    subcommands = re.findall(r"^    ([a-z-]+) ", whole, re.MULTILINE)
    assert subcommands
    shown = [whole, *(help_of(module, subcommand) for subcommand in subcommands)]
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", "\n".join(shown))) - {"--help"}


def test_every_page_is_in_the_navigation_once() -> None:
    configuration = yaml_load(text("docs/mkdocs.yml"))
    listed = in_navigation(configuration["nav"])
    existing = [
        name.removeprefix("docs/")
        for name in pages()
        if name.startswith("docs/") and not name.startswith(NOT_PAGES)
    ]

    assert sorted(listed) == sorted(existing)


@pytest.mark.parametrize("page", pages())
def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    broken: list[str] = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(page)):
        if re.match(r"https?://|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (ROOT / PurePosixPath(page).parent / path).resolve() if path else ROOT / page
        is_page = place.exists() and place.suffix == ".md"
        known = anchors(place.relative_to(ROOT).as_posix()) if is_page else set[str]()
        if not place.exists() or (anchor and anchor not in known):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("module", ["intelgraph_codegen", "intelgraph_server"])
def test_every_option_of_the_command_is_explained(module: str) -> None:
    everything = "\n".join(text(page) for page in pages())

    assert [option for option in options_of(module) if f"`{option}" not in everything] == []


def test_the_defaults_on_the_page_about_retries_are_those_of_the_client() -> None:
    rows = re.findall(
        r"^\| `(\w+)`, `\w+` \| ([\d.]+)", text("docs/guides/retries.md"), re.MULTILINE
    )
    policy = RetryPolicy()

    assert {name: float(default) for name, default in rows} == {
        "max_attempts": policy.max_attempts,
        "base_delay": policy.base_delay,
        "throttled_delay": policy.throttled_delay,
        "max_delay": policy.max_delay,
        "deadline": policy.deadline,
        "budget": policy.budget,
        "retry_cost": policy.retry_cost,
    }


def test_every_error_code_of_the_schema_is_on_the_page_about_errors() -> None:
    sdl = text("schema/sdl/base.graphql").partition("enum ErrorCode {")[2].partition("\n}")[0]
    codes = re.findall(r"^  ([A-Z_]+)( @retryable)?$", sdl, re.MULTILINE)
    page = text("docs/explanation/errors.md")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \|.*\| (yes|no) \|$", page, re.MULTILINE))

    assert rows == {code: "yes" if retryable else "no" for code, retryable in codes}


def test_every_class_of_error_is_on_the_page_about_errors() -> None:
    table = text("docs/explanation/errors.md").partition("\n\nAll are")[0]
    rows = re.findall(r"^\| `(\w+Error)` \|", table, re.MULTILINE)

    public = {name for name in intelgraph.__all__ if name.endswith("Error")}
    assert {*rows, "IntelGraphError"} == public


# Every path of the plan's own sketch of the repository.
SCAFFOLD = """
marketplace/billing/api.ts marketplace/billing/webhook.ts marketplace/billing/invoice.ts
trust/portal/pages/index.tsx trust/portal/api.ts
sdks/js/src/client.ts sdks/js/src/persisted.ts sdks/python/intelgraph/client.py
aiops/signals.ts aiops/detectors.ts aiops/router.ts
residency/audit.sql residency/pdf.ts a11y/checks.yml a11y/fixes/
"""


def test_every_part_of_the_plan_has_a_room_that_exists() -> None:
    page = text("docs/explanation/scaffold.md")
    sketched = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| .+ \|$", page, re.MULTILINE)
    rooms = re.findall(r"^\| .+ \| `([^`]+)` \|$", page, re.MULTILINE)
    rooms += [room for _, room in sketched]

    assert [part for part, _ in sketched] == SCAFFOLD.split()
    assert len(rooms) == 20
    assert [room for room in rooms if not any(name.startswith(room) for name in files())] == []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The pages in `site/`, and what mkdocs said while it built them."""
    # mkdocs refuses pages that stand beside their configuration, so it is given one elsewhere.
    lines = (f"INHERIT: {ROOT}/docs/mkdocs.yml", f"docs_dir: {ROOT}/docs", f"site_dir: {ROOT}/site")
    configuration = tmp_path_factory.mktemp("pages") / "mkdocs.yml"
    configuration.write_text("\n".join(lines), "utf-8")
    command = (sys.executable, "-m", "mkdocs", "--quiet", "build", "--strict", "--clean")
    return subprocess.run(
        [*command, "-f", configuration], check=False, capture_output=True, text=True
    )


def test_the_pages_build_without_a_warning(built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.mark.usefixtures("built")
def test_the_pages_need_nothing_from_the_network() -> None:
    elsewhere = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"?(https?:)?//[^>]*>")
    written = sorted((ROOT / "site").rglob("*.html"))

    assert len(written) > len(in_navigation(yaml_load(text("docs/mkdocs.yml"))["nav"]))
    found = [
        (page.name, m[0]) for page in written for m in elsewhere.finditer(page.read_text("utf-8"))
    ]
    assert found == []

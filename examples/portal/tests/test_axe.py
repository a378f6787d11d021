"""Every page, in both languages and both schemes, wide and narrow, under all AA rules of axe."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from portal_pages import PORTAL, REPORT_VARIABLE, SECTIONS, Look, Open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AXE = (PORTAL / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
ENGINE = json.loads((PORTAL / "node_modules" / "axe-core" / "package.json").read_text("utf-8"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations", "incomplete"]
})"""
# What axe cannot decide by itself, and what a person found out about it.
TRIAGED: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("axe_triage.json").read_text("utf-8")
)
PAGES = {
    "trust": ("/trust/acme", "acme"),
    "trust that is not there": ("/trust/nobody", None),
    "sign-in": ("/admin", None),
    **{section: (f"/admin/{section}", "acme") for section in SECTIONS},
}
LOOKS = {
    "en light wide": Look(),
    "es dark wide": Look(lang="es", scheme="dark"),
    "es light narrow": Look(lang="es", width=320),
    "en dark narrow": Look(scheme="dark", width=320),
}


def audit(page: Page) -> dict[str, Any]:
    page.evaluate(AXE)
    return page.evaluate(RUN, TAGS)  # type: ignore[no-any-return]


def told(found: list[dict[str, Any]]) -> list[str]:
    return [
        f"{rule['id']}: {node['target'][0]} {node['html'][:100]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def report() -> Iterator[dict[str, list[str]]]:
    """Gathers what was found by page; is written where the server reads it."""
    pages: dict[str, list[str]] = {}
    yield pages
    place = os.environ.get(REPORT_VARIABLE)
    if place and pages:
        found = {
            "engine": f"axe-core {ENGINE['version']}",
            "tags": TAGS,
            "violations": sum(map(len, pages.values())),
            "pages": [{"page": name, "violations": found} for name, found in pages.items()],
        }
        Path(place).write_text(json.dumps(found, indent=2) + "\n", "utf-8")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_has_no_violation_of_an_aa_rule(
    name: str, look: str, open_page: Open, report: dict[str, list[str]]
) -> None:
    path, tenant = PAGES[name]
    seen = LOOKS[look]

    result = audit(open_page(path, Look(seen.lang, seen.scheme, seen.width, tenant)))

    report[f"{name} ({look})"] = told(result["violations"])
    assert told(result["violations"]) == []
    untriaged = [
        line for line in told(result["incomplete"]) if line.partition(":")[0] not in TRIAGED
    ]
    assert untriaged == []


def test_an_open_dialog_has_no_violation_either(open_page: Open) -> None:
    page = open_page("/admin/switches")
    page.get_by_role("button", name="Switch off: Checkout").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()

    assert told(audit(page)["violations"]) == []


def test_the_audit_finds_what_is_wrong_with_a_terrible_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(Path(__file__).with_name("canary.html").read_text("utf-8"))

    found = {rule["id"] for rule in audit(page)["violations"]}
    page.close()

    assert ENGINE["version"] == "4.14.1"
    assert found >= {
        "button-name",
        "color-contrast",
        "document-title",
        "html-has-lang",
        "image-alt",
        "label",
        "target-size",
    }

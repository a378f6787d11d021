"""What the tests of the pages share: where things are, and how a reader looks at a page."""

from __future__ import annotations

import json
import shutil
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from playwright.sync_api import Page

PORTAL = Path(__file__).parents[1]
ROOT = PORTAL.parents[1]
REQUIRE_VARIABLE = "INTELGRAPH_REQUIRE_BROWSER"
BUILD_VARIABLE = "INTELGRAPH_BUILD_PAGES"
# Says where a report of the audit goes; the server reads it by `--a11y-report`.
REPORT_VARIABLE = "INTELGRAPH_A11Y_REPORT"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
NOT_RUN = "browser: not run (there is no chromium)"
CLOCK = "2026-04-15T00:00:00Z"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
COOKIE = "intelgraph_session"
SETTLED = "() => document.querySelector('main h1') && !document.querySelector('[aria-busy=true]')"
SECTIONS = ("marketplace", "orders", "incidents", "residency", "trust", "evidence", "switches")


@dataclass(frozen=True, slots=True)
class Portal:
    """A running server with the pages."""

    base: str
    tokens: dict[str, str]
    faults: str


def ask(portal: Portal, query: str, tenant: str = "acme", **variables: object) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {portal.tokens[tenant]}",
    }
    request = urllib.request.Request(f"{portal.base}/graphql", body, headers)  # noqa: S310
    with urllib.request.urlopen(request) as reply:  # noqa: S310
        answer = json.load(reply)
    assert "errors" not in answer, answer
    return answer["data"]


PUBLISH = "mutation ($i: PublishEvidenceInput!) { publishEvidence(input: $i) { id } }"
CHECKOUT = "mutation ($id: ID!) { createCheckout(pluginId: $id) }"
# An hour and ten minutes of normal values, and five minutes that are far from normal.
LEVELS = {"INGEST_LAG": 10, "API_P95": 200}
NORMAL, ABNORMAL = 70, 5


def tell_story(portal: Portal) -> None:
    """Gives every section something to show: evidence of both sorts, an order, an incident."""
    for name, topic, contains_pii in (
        ("Penetration test", "SECURITY", False),
        ("Record of processing", "PRIVACY", False),
        ("Staff list", "DOCUMENT", True),
    ):
        item = {"id": name.replace(" ", "-"), "topic": topic, "title": name, "content": "b2sK"}
        ask(portal, PUBLISH, i=item | {"mediaType": "text/plain", "containsPii": contains_pii})
    ask(portal, CHECKOUT, id="plg_ship_tracker")
    begin = datetime.fromisoformat(CLOCK) - timedelta(hours=20)
    for minute in range(NORMAL + ABNORMAL):
        at = (begin + timedelta(minutes=minute)).isoformat()
        # A value that never varies would make any other look strange.
        factor = 1 + minute % 5 / 50 if minute < NORMAL else 50
        pushes = " ".join(
            f"{kind}: pushMeasurement(input: {{"
            f'kind: {kind}, value: {level * factor}, measuredAt: "{at}"}}) {{ kind }}'
            for kind, level in LEVELS.items()
        )
        ask(portal, f"mutation {{ {pushes} }}")


@dataclass(slots=True)
class Look:
    """How a reader looks at a page."""

    lang: str = "en"
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    tenant: str | None = "acme"
    extra: dict[str, Any] = field(default_factory=dict)


class Open(Protocol):
    def __call__(self, path: str, look: Look = ...) -> Page: ...


def settle(page: Page) -> None:
    """Waits until everything is shown; not for a quiet network, which a subscription never is."""
    page.wait_for_load_state("load")
    page.wait_for_function(SETTLED)

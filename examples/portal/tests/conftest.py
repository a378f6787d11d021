"""A real server with the built pages, and a real browser to read them with.

The pages are built when there are none, or when `INTELGRAPH_BUILD_PAGES` is 1. Without a
Chromium nothing here can be shown to hold: then these tests are said not to have run, and
`INTELGRAPH_REQUIRE_BROWSER=1` makes that a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright
from portal_pages import (
    BUILD_VARIABLE,
    CHROMIUM,
    CLOCK,
    COOKIE,
    FLAGS,
    NOT_RUN,
    PORTAL,
    REQUIRE_VARIABLE,
    ROOT,
    Look,
    Open,
    Portal,
    settle,
    tell_story,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PATIENCE = 60_000  # Milliseconds, for a machine that is busy with other tests.
expect.set_options(timeout=PATIENCE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.section("browser")
        terminalreporter.write_line(NOT_RUN, red=True, bold=True)


@pytest.fixture(scope="session")
def dist() -> Path:
    """The pages as a build leaves them."""
    folder = PORTAL / "dist"
    if os.environ.get(BUILD_VARIABLE) == "1" or not (folder / "admin.html").exists():
        for script in ("sdk", "build"):
            subprocess.run(["npm", "run", "--silent", script], cwd=PORTAL, check=True)
    return folder


@pytest.fixture(scope="session")
def portal(dist: Path) -> Iterator[Portal]:
    options = ("--port", "0", "--ephemeral", "--faults", "--clock", CLOCK, "--pages", str(dist))
    command = (sys.executable, "-m", "intelgraph_server", "serve", *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout
            ready = json.loads(process.stdout.readline())
            base = ready["url"].removesuffix("/graphql")
            portal = Portal(base, ready["tokens"], ready["faults"])
            tell_story(portal)
            yield portal
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get(REQUIRE_VARIABLE) == "1":
            pytest.fail(f"{REQUIRE_VARIABLE} is 1, but there is no chromium")
        pytest.skip(NOT_RUN)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors of scripts, of the network and of the policy."""
    return []


@pytest.fixture
def open_page(browser: Browser, portal: Portal, complaints: list[str]) -> Iterator[Open]:
    """Opens a page in a browser of its own, signed in as a tenant, and waits until it is drawn."""
    contexts: list[Any] = []

    def open_page(path: str, look: Look | None = None) -> Page:
        look = look or Look()
        context = browser.new_context(
            color_scheme=look.scheme,
            viewport={"width": look.width, "height": 800},
            locale="en-US",
            timezone_id="America/Bogota",
            reduced_motion="reduce",
            accept_downloads=True,
            **look.extra,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if look.tenant and path.startswith("/admin"):
            value = portal.tokens[look.tenant]
            context.add_cookies([{"name": COOKIE, "value": value, "url": portal.base}])
        page = context.new_page()
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{portal.base}{path}?lang={look.lang}")
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()

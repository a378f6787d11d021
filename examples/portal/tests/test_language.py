"""Both languages, how one is chosen, and that no word stands outside of the messages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from portal_pages import PORTAL, ROOT, SECTIONS, Look, Open

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from portal_pages import Portal

PAGES = ["/trust/acme", "/trust/nobody", *(f"/admin/{section}" for section in SECTIONS)]
LANGUAGES = {"English", "Español"}
# What would stand on a page in place of a message that is missing.
NAMES = {
    name
    for part in ("portal", "admin")
    for name in re.findall(
        r"^page-(\w+-[\w-]+) =",
        (ROOT / f"reference-server/src/intelgraph_server/texts/en/{part}.ftl").read_text("utf-8"),
        re.MULTILINE,
    )
}

# Texts and names that a reader meets, but not what the service itself says.
WORDS = """() => {
  const given = "[translate=no], time, data, code, option";
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const parent = walker.currentNode.parentElement;
    const isShown = parent.checkVisibility() && !parent.closest(given);
    if (/\\p{L}/u.test(text) && isShown) found.push(text);
  }
  for (const element of document.querySelectorAll("[aria-label], [alt], [title], [placeholder]")) {
    for (const name of ["aria-label", "alt", "title", "placeholder"]) {
      const text = element.getAttribute(name);
      if (text && !element.closest(given)) found.push(text);
    }
  }
  return [...found, document.title];
}"""


@pytest.mark.parametrize("path", PAGES)
def test_every_word_on_the_page_comes_from_a_message(path: str, open_page: Open) -> None:
    page = open_page(path, Look(lang="en-XA"))

    words = page.evaluate(WORDS)

    assert len(words) > 5
    assert [text for text in words if "⟦" not in text] == []


def test_a_word_from_elsewhere_would_be_noticed(open_page: Open) -> None:
    page = open_page("/trust/acme", Look(lang="en-XA"))

    page.evaluate("document.querySelector('main').append('Hard-coded')")

    assert [text for text in page.evaluate(WORDS) if "⟦" not in text] == ["Hard-coded"]


@pytest.mark.parametrize("path", PAGES)
def test_no_message_is_missing_from_either_language(path: str, open_page: Open) -> None:
    for lang in ("en", "es"):
        page = open_page(path, Look(lang=lang))
        text = page.locator("body").inner_text()

        assert page.locator("html").get_attribute("lang") == lang
        assert set(text.split()) & NAMES == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # What the address asks for, what is remembered, and what the browser prefers.
        (("es", "en", "en-GB"), "es"),
        (("fr", "es", "en-GB"), "es"),
        ((None, "es", "en-GB"), "es"),
        ((None, None, "es-MX"), "es"),
        ((None, None, "en-GB"), "en"),
        ((None, None, "fr-FR"), "en"),
        ((None, "xx", "es-ES"), "es"),
    ],
)
def test_the_language_is_asked_for_then_remembered_then_the_browsers(
    given: tuple[str | None, str | None, str],
    expected: str,
    browser: Browser,
    portal: Portal,
) -> None:
    asked, stored, locale = given
    context = browser.new_context(locale=locale)
    page = context.new_page()
    if stored:
        page.goto(f"{portal.base}/trust/acme")
        page.evaluate("lang => localStorage.setItem('intelgraph.lang', lang)", stored)

    page.goto(f"{portal.base}/trust/acme" + (f"?lang={asked}" if asked else ""))
    page.wait_for_selector("main")
    lang = page.locator("html").get_attribute("lang")
    context.close()

    assert lang == expected


def test_the_chosen_language_is_spoken_at_once_and_kept(open_page: Open, portal: Portal) -> None:
    page = open_page("/admin/residency")
    field = page.get_by_label("Webhook address (optional)")
    field.fill("https://acme.example/hook")

    page.get_by_role("button", name="Español").click()

    assert page.get_by_role("heading", level=1).inner_text() == "Residencia de datos"
    assert page.get_by_role("button", name="Español").get_attribute("aria-pressed") == "true"
    # What was typed before is still there.
    kept = page.get_by_label("Dirección del webhook (opcional)").input_value()
    assert kept == "https://acme.example/hook"
    page.goto(f"{portal.base}/trust/acme")
    page.wait_for_selector("main h1")
    assert page.locator("html").get_attribute("lang") == "es"


def test_the_names_of_the_languages_stand_in_their_own_words(open_page: Open) -> None:
    page = open_page("/trust/acme")

    buttons = page.get_by_role("group", name="Language").get_by_role("button")

    assert set(buttons.all_inner_texts()) == LANGUAGES
    assert buttons.evaluate_all("all => all.map(each => each.lang)") == ["en", "es"]


@pytest.mark.parametrize("locale", ["en", "es"])
def test_amounts_and_dates_are_written_alike_in_the_browser(locale: str, browser: Browser) -> None:
    golden: list[dict[str, Any]] = json.loads((PORTAL / "test" / "formats.json").read_text("utf-8"))
    source = formats_module()
    page = browser.new_page()

    written = page.evaluate(
        """async ([source, locale, golden]) => {
          const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
          const {formats} = await import(address);
          const functions = formats(locale);
          return golden.map(({function: name, value, currency, digits}) =>
            functions[name]([value, currency], digits === undefined ? {} : {digits}));
        }""",
        [source, locale, golden],
    )
    page.close()

    assert written == [row[locale] for row in golden]


def formats_module() -> str:
    import subprocess  # noqa: PLC0415

    command = ("node_modules/.bin/esbuild", "src/formats.ts", "--bundle", "--format=esm")
    return subprocess.run(
        command, cwd=Path(PORTAL), check=True, capture_output=True, text=True
    ).stdout

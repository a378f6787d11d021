"""What axe cannot see: a walk with the Tab key, reflow, spacing, and pasting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from portal_pages import SECTIONS, Look, Open, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = ["/trust/acme", *(f"/admin/{section}" for section in SECTIONS)]
LONGEST_WALK = 120

# The element that has the focus: its name, whether any point of it can be seen, and its size.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const inside = [];
  for (let x = 1; x < 10; x += 2) for (let y = 1; y < 10; y += 2) {
    const [px, py] = [box.left + box.width * x / 10, box.top + box.height * y / 10];
    const hit = document.elementFromPoint(px, py);
    inside.push(Boolean(hit && (element.contains(hit) || hit.contains(element))));
  }
  const style = getComputedStyle(element);
  const everything = [...document.querySelectorAll("*")];
  return {
    place: everything.indexOf(element),
    name: element.outerHTML.slice(0, 90),
    isSeen: inside.some(Boolean),
    hasRing: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    tabIndex: element.tabIndex,
  };
}"""

FOCUSABLE = """() => [...document.querySelectorAll(
  "a[href], button, input:not([hidden]), select, textarea, [tabindex='0']"
)].filter(element => element.checkVisibility()).length"""

SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets.push(sheet);
}"""

CUT_OFF = """() => [...document.querySelectorAll("main *, header *, nav *")].filter(element => {
  const style = getComputedStyle(element);
  const hides = style.overflowX === "hidden" || style.overflowX === "clip";
  return hides && element.scrollWidth > element.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 90))"""

TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"


def walk(page: Page) -> list[dict[str, Any]]:
    """Tabs from the top until the focus leaves the page, or begins anew."""
    steps: list[dict[str, Any]] = []
    while len(steps) < LONGEST_WALK:
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step is None or (steps and step["place"] == steps[0]["place"] != steps[-1]["place"]):
            break
        steps.append(step)
    return steps


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES)
def test_the_tab_key_leads_through_everything_in_order_and_in_sight(
    path: str, width: int, open_page: Open
) -> None:
    page = open_page(path, Look(width=width))

    steps = walk(page)

    assert [step["name"] for step in steps if not step["isSeen"]] == []
    assert [step["name"] for step in steps if not step["hasRing"]] == []
    assert [step["place"] for step in steps] == sorted(step["place"] for step in steps)
    assert {step["tabIndex"] for step in steps} == {0}
    # A date is one field with several stops.
    assert len({step["place"] for step in steps}) == page.evaluate(FOCUSABLE)


def test_the_walk_finds_what_is_wrong_with_a_terrible_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(Path(__file__).with_name("canary.html").read_text("utf-8"))

    steps = walk(page)
    page.close()

    assert [step for step in steps if not step["isSeen"]]
    assert [step for step in steps if not step["hasRing"]]


def test_the_first_stop_leads_past_the_menu(open_page: Open) -> None:
    page = open_page("/admin/orders")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_a_dialog_keeps_the_focus_and_gives_it_back(open_page: Open) -> None:
    page = open_page("/admin/switches")
    opener = page.get_by_role("button", name="Switch off: Checkout")
    opener.focus()

    page.keyboard.press("Enter")
    places = []
    for _ in range(8):
        page.keyboard.press("Tab")
        places.append(page.evaluate("Boolean(document.activeElement.closest('dialog'))"))
    page.get_by_role("dialog").get_by_role("textbox").focus()
    page.keyboard.press("Escape")

    # Between the last and the first field the focus may pass the browser's own bar.
    assert places.count(True) >= 5
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_another_section_is_said_and_begins_at_its_heading(open_page: Open) -> None:
    page = open_page("/admin/marketplace")

    page.get_by_role("link", name="Data residency").click()

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Data residency")
    expect(heading).to_be_focused()
    expect(page).to_have_title("Data residency · Administration · IntelGraph")
    assert page.url.endswith("/admin/residency")
    page.go_back()
    expect(heading).to_have_text("Marketplace")
    expect(page).to_have_title("Marketplace · Administration · IntelGraph")


@pytest.mark.parametrize("path", [*PAGES, "/trust/nobody"])
def test_nothing_is_cut_off_in_a_narrow_window_with_wide_spacing(
    path: str, open_page: Open
) -> None:
    page = open_page(path, Look(lang="es", width=320))
    is_too_wide = page.evaluate(TOO_WIDE)

    page.evaluate(SPACING)

    assert not is_too_wide
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("path", PAGES)
def test_text_of_twice_the_size_still_fits(path: str, open_page: Open) -> None:
    page = open_page(path)

    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")

    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate(CUT_OFF) == []


def test_the_renewal_of_the_list_can_be_stopped(open_page: Open) -> None:
    page = open_page("/admin/incidents")
    page.clock.install()
    page.reload()
    settle(page)
    with page.expect_request(lambda request: "event-stream" not in request.headers["accept"]):
        page.clock.fast_forward(61_000)
    settle(page)

    page.get_by_label("Renew the list by itself").uncheck()
    # What was decided takes effect with the next frame, which the stopped clock holds back.
    page.clock.run_for(1_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(180_000)
    # What is asked for last is told of last.
    with page.expect_request("**/last"):
        page.evaluate("() => { void fetch('/last') }")

    assert [url.rpartition("/")[2] for url in asked] == ["last"]


@pytest.mark.parametrize("path", PAGES)
def test_every_target_is_at_least_24_pixels_wide_and_high(path: str, open_page: Open) -> None:
    page = open_page(path, Look(width=320))

    small = page.evaluate("""() => [...document.querySelectorAll("a[href], button, select, input")]
      .filter(element => element.checkVisibility() && !element.matches(".skip"))
      .filter(element => {
        const {width, height} = element.getBoundingClientRect();
        return width < 24 || height < 24;
      }).map(element => element.outerHTML.slice(0, 90))""")

    assert small == []


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_every_button_is_called_what_is_written_on_it(
    path: str, lang: str, open_page: Open
) -> None:
    page = open_page(path, Look(lang=lang))

    differing = page.locator("button[aria-label]").evaluate_all("""all => {
      const words = text => text.toLowerCase().match(/\\p{L}+/gu).join(" ");
      return all.map(each => [words(each.innerText), words(each.ariaLabel)])
        .filter(([written, called]) => !called.includes(written));
    }""")

    assert differing == []


@pytest.mark.parametrize("path", PAGES)
def test_help_and_menu_stand_at_the_same_place_on_every_page(path: str, open_page: Open) -> None:
    page = open_page(path)

    assert page.locator("footer a").all_inner_texts() == ["Help and documentation"]
    if path.startswith("/admin"):
        assert page.locator("nav a").count() == len(SECTIONS)


@pytest.mark.parametrize("path", PAGES)
def test_every_field_says_what_it_is_for(path: str, open_page: Open) -> None:
    page = open_page(path)

    fields = page.locator("input, select, textarea")

    assert fields.evaluate_all("all => all.filter(each => !each.autocomplete).length") == 0


def test_everything_is_there_in_forced_colours(open_page: Open) -> None:
    page = open_page("/trust/acme", Look(extra={"forced_colors": "active"}))

    shown = page.locator(".status").evaluate_all(
        "all => all.every(each => getComputedStyle(each).borderTopStyle === 'solid')"
    )

    assert shown
    assert page.locator(".status svg").count() == page.locator(".status").count() > 0

"""What a person does on the pages, from the first field to the last word, on a real server."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from portal_pages import COOKIE, SECTIONS, Look, Open, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Download, Page
    from portal_pages import Portal

STRANGER = Look(tenant=None)


def fault(portal: Portal, **plan: object) -> None:
    body = json.dumps(plan).encode()
    request = urllib.request.Request(  # noqa: S310
        portal.faults, body, {"Content-Type": "application/json"}, method="POST"
    )
    urllib.request.urlopen(request).close()  # noqa: S310


@pytest.fixture
def downloaded(tmp_path: Any) -> Iterator[Any]:
    def read(download: Download) -> bytes:
        place = tmp_path / download.suggested_filename
        download.save_as(place)
        return place.read_bytes()  # type: ignore[no-any-return]

    return read


def result(page: Page) -> Any:
    return page.locator("#result")


def test_a_token_is_pasted_and_signs_in(open_page: Open, portal: Portal) -> None:
    page = open_page("/admin", STRANGER)
    field = page.get_by_label("Access token")
    field.focus()

    allowed = field.evaluate(
        """(field, token) => {
      const pasted = new DataTransfer();
      pasted.setData("text/plain", token);
      return field.dispatchEvent(new ClipboardEvent("paste",
        {clipboardData: pasted, bubbles: true, cancelable: true}));
    }""",
        portal.tokens["acme"],
    )
    filled_in_by = field.get_attribute("autocomplete")
    page.keyboard.insert_text(portal.tokens["acme"])
    page.keyboard.press("Enter")

    assert allowed, "pasting is prevented"
    assert filled_in_by == "current-password"
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketplace")
    assert page.evaluate("document.cookie") == ""
    cookie = next(each for each in page.context.cookies() if each["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_a_wrong_token_is_told_beside_the_field(open_page: Open) -> None:
    page = open_page("/admin", STRANGER)

    page.get_by_label("Access token").fill("not a token")
    page.get_by_role("button", name="Sign in").click()

    field = page.get_by_label("Access token")
    expect(field).to_have_accessible_description(re.compile("This token was not accepted"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_signing_out_ends_the_session(open_page: Open) -> None:
    page = open_page("/admin/trust")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("Access token")).to_be_visible()
    assert [each for each in page.context.cookies() if each["name"] == COOKIE] == []


def test_a_session_that_ends_meanwhile_leads_back_to_the_sign_in(open_page: Open) -> None:
    page = open_page("/admin/trust")
    page.context.clear_cookies()

    page.get_by_role("link", name="Switches").click()

    field = page.get_by_label("Access token")
    expect(field).to_have_accessible_description(re.compile("Your session has ended"))


def test_whoever_comes_from_another_site_is_still_signed_in(
    open_page: Open, portal: Portal
) -> None:
    page = open_page("/admin/trust")
    elsewhere = portal.base.replace("127.0.0.1", "localhost")
    page.goto(f"{elsewhere}/trust/acme")

    page.evaluate("place => { location.href = place }", f"{portal.base}/?order=1")

    expect(page.get_by_role("heading", level=1)).to_have_text("Orders and invoices")


@pytest.mark.parametrize("path", ["/trust/acme", *(f"/admin/{name}" for name in SECTIONS)])
def test_the_browser_has_nothing_to_complain_of(
    path: str, open_page: Open, complaints: list[str]
) -> None:
    page = open_page(path)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_role("alert").count() == 0
    assert complaints == []


def test_the_policy_forbids_what_the_pages_do_not_need(open_page: Open) -> None:
    page = open_page("/trust/acme")

    refused = page.evaluate("""() => {
      const refusals = [];
      const isRefused = new Promise(done => {
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
          refusals.push(effectiveDirective);
          effectiveDirective === "img-src" && done();
        });
        setTimeout(done, 30_000);
      });
      try { document.body.insertAdjacentHTML("beforeend", "<b>x</b>") }
      catch { refusals.push("html") }
      const image = new Image();
      image.src = "https://elsewhere.example/x.png";
      return isRefused.then(() => refusals);
    }""")

    assert {"html", "img-src"} <= set(refused)


def test_the_trust_page_shows_a_stranger_how_things_stand(open_page: Open, portal: Portal) -> None:
    page = open_page("/trust/acme", STRANGER)

    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Corporation")
    tiles = page.locator(".tile")
    assert tiles.count() == 3
    for tile in tiles.all():
        # By words and by a shape; whichever colour it has is a third.
        expect(tile.locator(".status")).to_have_text(re.compile("Met|At risk|Breached|Unknown"))
        expect(tile.locator(".status svg path")).to_have_count(1)
        expect(tile.locator("time")).to_have_attribute("datetime", re.compile("^2026-"))
    assert len(
        set(
            page.locator(".status svg path").evaluate_all(
                "all => all.map(each => each.getAttribute('d'))"
            )
        )
    ) == len(set(page.locator(".status").evaluate_all("all => all.map(each => each.dataset.tone)")))
    expect(page.get_by_role("link", name=re.compile("issuer.s certificate"))).to_have_attribute(
        "href", "/issuer.pem"
    )
    assert "BEGIN CERTIFICATE" in page.request.get(f"{portal.base}/issuer.pem").text()


@pytest.mark.parametrize("slug", ["nobody", "initech", "globex"])
def test_a_page_that_is_off_looks_as_one_that_is_not_there(slug: str, open_page: Open) -> None:
    page = open_page(f"/trust/{slug}", STRANGER)

    expect(page.get_by_role("heading", level=1)).to_have_text("There is no trust page here")


def test_a_failure_shows_its_number_and_can_be_tried_again(open_page: Open, portal: Portal) -> None:
    fault(portal, next=1, status=500)

    page = open_page("/trust/acme", STRANGER)
    failure = page.get_by_role("alert")

    expect(failure).to_contain_text("This could not be loaded")
    expect(failure).to_contain_text(re.compile(r"Request number for support: .?[0-9a-f]{32}"))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Corporation")


def test_the_trust_page_is_turned_off_and_on_again(open_page: Open, portal: Portal) -> None:
    page = open_page("/admin/trust")
    page.get_by_role("button", name="Turn the page off").click()
    expect(result(page)).to_have_text("Your page is now off.")
    assert ask(portal, "{ trustPage { isPublic } }")["trustPage"] == {"isPublic": False}

    page.get_by_role("button", name="Turn the page on").click()

    expect(result(page)).to_have_text("Your page is now public.")
    page.get_by_role("link", name="Open the page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Corporation")


def test_an_item_that_is_not_shown_says_why(open_page: Open) -> None:
    page = open_page("/admin/trust")

    row = page.get_by_role("listitem").filter(has_text="Staff list")
    expect(row).to_contain_text("Not shown")
    expect(row).to_contain_text("Why not")
    assert row.locator("ul li").count() > 0


def test_published_evidence_shows_its_hash_to_everybody(open_page: Open) -> None:
    page = open_page("/trust/acme", STRANGER)

    section = page.get_by_role("region", name="Security")
    expect(section).to_contain_text("Penetration test")
    expect(section).to_contain_text("Signed")
    # sha256 of "ok\n"
    expect(section.locator("code").first).to_have_text(
        "dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22"
    )
    assert "Staff list" not in page.locator("body").inner_text()


def test_a_switch_is_turned_with_a_reason_and_stands_in_the_trail(
    open_page: Open, portal: Portal
) -> None:
    page = open_page("/admin/switches")
    page.get_by_role("button", name=re.compile("Switch off: .?Checkout")).click()
    dialog = page.get_by_role("dialog")
    reason = dialog.get_by_role("textbox")
    dialog.get_by_role("button", name="Switch off").click()
    expect(reason).to_be_focused()
    expect(reason).to_have_accessible_description("Enter a reason.")

    reason.fill("A drill.")
    dialog.get_by_role("button", name="Switch off").click()

    expect(result(page)).to_have_text(re.compile("Switched off: .?Checkout"))
    expect(result(page)).to_be_focused()
    expect(page.get_by_role("table")).to_contain_text("A drill.")
    refused = open_page("/admin/marketplace")
    refused.get_by_role("button", name="Buy Geo Enrichment").click()
    expect(refused.get_by_role("alert")).to_contain_text("switched off for now")
    change = {"name": "CHECKOUT", "isOn": True, "reason": "The drill is over."}
    ask(portal, "mutation ($i: SetSwitchInput!) { setSwitch(input: $i) { isOn } }", i=change)


def test_a_plugin_is_bought_paid_invoiced_and_refunded(open_page: Open, downloaded: Any) -> None:
    page = open_page("/admin/marketplace")
    page.get_by_role("button", name="Buy Geo Enrichment").click()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.get_by_role("link", name=re.compile("Return|marketplace", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders and invoices")
    order = page.locator("[data-order]").filter(has_text="Geo Enrichment").first
    expect(order).to_contain_text("Paid")

    with page.expect_download() as pdf:
        order.get_by_role("button", name=re.compile("PDF")).click()
    with page.expect_download() as sbom:
        order.get_by_role("button", name=re.compile("Bill of materials")).click()
    assert downloaded(pdf.value).startswith(b"%PDF-")
    assert json.loads(downloaded(sbom.value))["bomFormat"] == "CycloneDX"

    order.get_by_role("button", name=re.compile("Refund")).click()
    page.get_by_role("dialog").get_by_role("button", name="Refund").click()
    expect(result(page)).to_have_text(re.compile("refund of .?Geo Enrichment.? is on its way"))
    page.reload()
    order = page.locator("[data-order]").filter(has_text="Geo Enrichment").first
    expect(order).to_contain_text("Refunded")


def test_an_order_that_was_not_paid_is_given_up(open_page: Open) -> None:
    page = open_page("/admin/orders")
    order = page.locator("[data-order]").filter(has_text="Ship Tracker").first

    order.get_by_role("button", name=re.compile("Give up")).click()
    page.get_by_role("dialog").get_by_role("button", name="Give up").click()

    expect(result(page)).to_have_text(re.compile("was given up"))
    expect(order).to_contain_text("Given up")


def test_a_picture_shows_the_numbers_that_stand_beside_it(open_page: Open, portal: Portal) -> None:
    query = """{ incidents(first: 1) { edges { node { alerts {
      kind observed expected lower upper } } } } }"""
    alerts = ask(portal, query)["incidents"]["edges"][0]["node"]["alerts"]
    page = open_page("/admin/incidents")

    for alert, context in zip(alerts, page.locator(".context").all(), strict=False):
        picture = context.get_by_role("img")
        least = min(0, alert["lower"], alert["observed"])
        most = max(alert["upper"], alert["observed"], alert["expected"])
        scale = {name: 10 + (alert[name] - least) / (most - least) * 300 for name in
                 ("observed", "expected", "lower", "upper")}  # fmt: skip
        drawn = picture.evaluate("""svg => {
          const [normal, expected, observed] = [".band-normal", ".band-expected", ".band-observed"]
            .map(each => svg.querySelector(each));
          const lower = normal.x.baseVal.value;
          return {
            observed: parseFloat(observed.getAttribute("d").slice(1)),
            expected: expected.x1.baseVal.value, lower,
            upper: lower + normal.width.baseVal.value,
          };
        }""")
        assert drawn == pytest.approx(scale, abs=0.11)
        said = picture.get_attribute("aria-label") or ""
        for shown in context.locator("data").all_inner_texts():
            assert shown in said


def test_an_incident_is_acknowledged_with_a_note_and_whoever_looks_sees_it(
    open_page: Open,
) -> None:
    elsewhere, page = open_page("/admin/incidents"), open_page("/admin/incidents")
    # What happens before the stream is open is not told of.
    with elsewhere.expect_response(
        lambda reply: "event-stream" in reply.headers.get("content-type", "")
    ):
        elsewhere.reload()
    expect(elsewhere.locator("[data-incident]").first).to_contain_text("Observed")
    incident = page.locator("[data-incident]").filter(has_text="Open").first
    expect(incident).to_contain_text("Observed")
    expect(incident).to_contain_text("Normal range")
    expect(incident.get_by_role("link", name="Runbook")).to_have_attribute("href", re.compile("."))

    incident.get_by_role("button", name=re.compile("Acknowledge")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Seen; the import ends soon.")
    dialog.get_by_role("button", name="Acknowledge").click()

    expect(result(page)).to_have_text("The incident is acknowledged.")
    expect(page.locator("main")).to_contain_text("Seen; the import ends soon.")
    # Sooner than the list is renewed: the server has told.
    seen = "Seen; the import ends soon."
    expect(elsewhere.locator("main")).to_contain_text(seen, timeout=30_000)


def test_the_schedule_says_what_is_wrong_and_then_stands(open_page: Open) -> None:
    page = open_page("/admin/residency", Look(tenant="globex"))
    email = page.get_by_label("E-mail of the administrator")
    webhook = page.get_by_label("Webhook address")
    email.fill("nobody")
    webhook.fill("http://acme.example")
    page.get_by_role("button", name="Schedule").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(re.compile("There are .?2.? problems"))
    expect(email).to_have_accessible_description(re.compile("Enter an e-mail address"))
    summary.get_by_role("link").first.click()
    expect(email).to_be_focused()

    email.fill("ada@globex.example")
    webhook.fill("")
    page.get_by_role("button", name="Schedule").click()

    expect(result(page)).to_have_text(re.compile("The next one is due .?July 1, 2026"))
    page.reload()
    expect(page.get_by_label("E-mail of the administrator")).to_have_value("ada@globex.example")


def test_the_evidence_bundle_is_downloaded(open_page: Open, downloaded: Any) -> None:
    page = open_page("/admin/evidence")
    page.get_by_label("Version").fill("fifteen")
    page.get_by_role("button", name="Download the bundle").click()
    expect(page.get_by_label("Version")).to_have_accessible_description(
        re.compile("Enter a version such as v15")
    )

    page.get_by_label("Version").fill("v15")
    with page.expect_download() as bundle:
        page.get_by_role("button", name="Download the bundle").click()

    assert downloaded(bundle.value).startswith(b"PK")
    expect(result(page)).to_have_text(re.compile("download of .* has begun"))

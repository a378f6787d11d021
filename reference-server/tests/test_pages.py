from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from intelgraph_server.__main__ import main
from intelgraph_server.sessions import COOKIE
from intelgraph_server.testing import Demo, demo_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from intelgraph_server.settings import Settings

FROM_OURS = {"Origin": "http://test", "Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves, with a secret beside it that must not be served."""
    folder = tmp_path_factory.mktemp("portal")
    (folder / "secret.txt").write_text("secret")
    pages = folder / "dist"
    (pages / "assets").mkdir(parents=True)
    for name in ("trust", "admin", "sign_in"):
        (pages / f"{name}.html").write_text(f"<!doctype html><title>{name}</title>")
    (pages / "assets" / "portal-ABCD1234.css").write_text("body {}")
    return pages


@pytest.fixture
def demo(settings: Settings, folder: Path) -> Iterator[Demo]:
    with demo_server(replace(settings, pages=folder)) as demo:
        yield demo


@pytest.fixture
async def https(demo: Demo) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(demo.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="https://test") as https:
        yield https


async def sign_in(http: httpx.AsyncClient, token: str, **headers: str) -> httpx.Response:
    return await http.post("/session", data={"token": token}, headers=FROM_OURS | headers)


@pytest.mark.parametrize(
    "path", ["/trust/acme", "/admin", "/admin/orders", "/assets/portal-ABCD1234.css"]
)
async def test_a_page_may_do_only_what_it_needs(http: httpx.AsyncClient, path: str) -> None:
    reply = await http.get(path)

    policy = reply.headers["content-security-policy"].split("; ")
    assert reply.status_code == 200
    assert policy == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"


async def test_https_is_promised_over_https_only(
    http: httpx.AsyncClient, https: httpx.AsyncClient
) -> None:
    plain, secure = await http.get("/admin"), await https.get("/admin")

    assert "strict-transport-security" not in plain.headers
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


async def test_assets_are_kept_for_ever_and_shells_are_not(http: httpx.AsyncClient) -> None:
    asset = await http.get("/assets/portal-ABCD1234.css")

    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await http.get("/trust/acme")).headers["cache-control"] == "no-cache"
    assert (await http.get("/admin")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/assets/../admin.html",
        "/assets/",
        "/trust/a/../../secret.txt",
    ],
)
async def test_nothing_outside_the_assets_is_served(http: httpx.AsyncClient, path: str) -> None:
    reply = await http.get(path)

    assert reply.status_code == 404
    assert reply.text != "secret"


async def test_signing_in_keeps_the_token_where_no_script_reads_it(
    demo: Demo, http: httpx.AsyncClient
) -> None:
    token = demo.token("acme")

    reply = await sign_in(http, f" {token}\n")

    assert (reply.status_code, reply.headers["location"]) == (303, "/admin")
    attributes = reply.headers["set-cookie"].split("; ")
    assert attributes[0] == f"{COOKIE}={token}"
    assert sorted(attributes[1:]) == ["HttpOnly", "Path=/", "SameSite=strict"]


async def test_the_cookie_of_https_never_travels_in_the_clear(
    demo: Demo, https: httpx.AsyncClient
) -> None:
    reply = await sign_in(https, demo.token("acme"), Origin="https://test")

    assert "Secure" in reply.headers["set-cookie"].split("; ")


async def test_whoever_signed_in_sees_the_administration_and_asks_as_themselves(
    demo: Demo, http: httpx.AsyncClient
) -> None:
    before = await http.get("/admin")
    await sign_in(http, demo.token("acme"))
    after = await http.get("/admin")
    asked = await http.post("/graphql", json={"query": "{ trustTiles { kind } }"})

    assert "<title>sign_in" in before.text
    assert "<title>admin" in after.text
    assert "errors" not in asked.json()


async def test_a_token_that_is_none_is_refused_without_a_cookie(
    demo: Demo, http: httpx.AsyncClient
) -> None:
    expired = demo.server.token("acme", lifetime=timedelta(seconds=-10))

    for token in ("", "x", expired, demo.token("acme")[:-3], "x" * 20_000, "é\0"):
        reply = await sign_in(http, token)
        assert (reply.status_code, reply.headers["location"]) == (303, "/admin?refused")
        assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("path", ["/session", "/session/end"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
async def test_no_other_page_begins_or_ends_a_session(
    demo: Demo, http: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    form = {"token": demo.token("globex")}

    reply = await http.post(path, data=form, headers=headers)

    assert reply.status_code == 403
    assert reply.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "set-cookie" not in reply.headers


async def test_signing_out_takes_the_cookie_away(demo: Demo, http: httpx.AsyncClient) -> None:
    await sign_in(http, demo.token("acme"))

    reply = await http.post("/session/end", headers=FROM_OURS)

    assert reply.status_code == 303
    assert COOKIE not in http.cookies
    assert "<title>sign_in" in (await http.get("/admin")).text


async def test_whoever_comes_from_another_site_asks_once_more_with_the_cookie(
    http: httpx.AsyncClient,
) -> None:
    reply = await http.get("/admin/orders?x=1", headers={"Sec-Fetch-Site": "cross-site"})

    assert (reply.text, reply.headers["refresh"]) == ("", "0; url=/admin/orders")


@pytest.mark.parametrize(("path", "place"), [("/", "/admin"), ("/?order=1", "/admin/orders")])
async def test_whoever_has_paid_is_led_to_their_orders(
    http: httpx.AsyncClient, path: str, place: str
) -> None:
    reply = await http.get(path)

    assert (reply.status_code, reply.headers["location"]) == (303, place)


async def test_without_built_pages_there_is_only_the_api(settings: Settings) -> None:
    with demo_server(settings) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            assert (await http.get("/admin")).status_code == 404
            assert (await sign_in(http, demo.token("acme"))).status_code == 404


def test_a_folder_without_built_pages_is_told_before_serving(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--ephemeral", "--port", "0", "--pages", str(tmp_path)])

    assert "holds no built pages" in capsys.readouterr().err

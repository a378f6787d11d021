"""What a link to the lake is answered with."""

from __future__ import annotations

import shutil
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from intelgraph_server import lake
from intelgraph_server.lake import Links
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.testing import demo_server

if TYPE_CHECKING:
    from intelgraph_server.database.engine import Database
    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

CONTENT = b"%PDF-1.7 \x00\xff"


@pytest.fixture
def settings(filled: Database, settings: Settings) -> Settings:
    """A seeded database for one test alone, because these tests write."""
    url = filled.engine.url.render_as_string(hide_password=False)
    return replace(settings, database_url=url)


def link(demo: Demo, name: str = "reports/1.pdf", *, tenant: str = "acme") -> str:
    """Keeps a document under the name; gives a link to it."""
    with demo.server.database.writing() as connection:
        lake.keep(
            connection,
            demo.server.services.lake,
            tenant_id="acme",
            name=name,
            content=CONTENT,
            media_type="application/pdf",
            now=DEFAULT_CLOCK,
        )
    return demo.server.services.links.issue(tenant, name)


def lake_folder(demo: Demo) -> Path:
    return Path(demo.server.services.settings.lake_url.removeprefix("file://"))


def refusal(reply: httpx.Response) -> tuple[int, str]:
    (error,) = reply.json()["errors"]
    assert CONTENT not in reply.content
    return reply.status_code, error["extensions"]["code"]


async def test_a_link_is_answered_with_the_document_and_needs_no_token(
    http: httpx.AsyncClient, demo: Demo
) -> None:
    reply = await http.get(link(demo))

    assert (reply.status_code, reply.content) == (200, CONTENT)
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["content-disposition"] == 'attachment; filename="1.pdf"'
    assert reply.headers["cache-control"] == "private, no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    digest = b64encode(sha256(CONTENT).digest()).decode()
    assert reply.headers["repr-digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a/informe año.pdf", "\"informe_a_o.pdf\"; filename*=UTF-8''informe%20a%C3%B1o.pdf"),
        ('a/b"; x="c', "\"b___x__c\"; filename*=UTF-8''b%22%3B%20x%3D%22c"),
        ("a/b\r\nX-Evil: 1", "\"b__X-Evil__1\"; filename*=UTF-8''b%0D%0AX-Evil%3A%201"),
    ],
)
async def test_a_name_cannot_spoil_the_header_it_is_told_in(
    http: httpx.AsyncClient, demo: Demo, name: str, told: str
) -> None:
    reply = await http.get(link(demo, name))

    assert reply.status_code == 200
    assert reply.headers["content-disposition"] == f"attachment; filename={told}"
    assert "x-evil" not in reply.headers


async def test_a_link_that_has_expired_is_forbidden(http: httpx.AsyncClient, demo: Demo) -> None:
    link(demo)
    settings = demo.server.services.settings
    earlier = Links(settings.signing_key, lambda: DEFAULT_CLOCK - timedelta(hours=1), "http://test")

    reply = await http.get(earlier.issue("acme", "reports/1.pdf"))

    assert refusal(reply) == (403, "FORBIDDEN")
    assert "expired" in reply.json()["errors"][0]["message"]


async def test_a_link_that_was_tampered_with_is_forbidden(
    http: httpx.AsyncClient, demo: Demo
) -> None:
    before, after = link(demo).rsplit(".", 1)

    assert refusal(await http.get(f"{before}.x{after}")) == (403, "FORBIDDEN")


async def test_a_link_to_no_document_of_the_tenant_is_not_found(
    http: httpx.AsyncClient, demo: Demo
) -> None:
    assert refusal(await http.get(link(demo, tenant="globex"))) == (404, "BAD_USER_INPUT")


async def test_a_lake_that_is_away_is_503_and_says_when_to_come_back(
    http: httpx.AsyncClient, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    address = link(demo)
    shutil.rmtree(lake_folder(demo))

    reply = await http.get(address)

    assert refusal(reply) == (503, "UNAVAILABLE")
    assert reply.headers["retry-after"] == "1"
    assert "request failed" in caplog.messages


async def test_a_document_that_was_altered_is_not_given_out(
    http: httpx.AsyncClient, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    address = link(demo)
    (kept,) = (path for path in lake_folder(demo).rglob("*") if path.is_file())
    kept.write_bytes(CONTENT + b"!")

    assert refusal(await http.get(address)) == (500, "INTERNAL")
    assert "request failed" in caplog.messages


async def test_a_database_that_is_away_is_503_for_a_download_too(settings: Settings) -> None:
    away = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    with demo_server(away) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            reply = await http.get(demo.server.services.links.issue("acme", "a"))

    assert refusal(reply) == (503, "UNAVAILABLE")

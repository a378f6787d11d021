"""Who may register and publish a release, and what a release may be."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from intelgraph_server.database.billing_tables import PLUGIN_RELEASES

if TYPE_CHECKING:
    Shop = Any

REGISTER = """mutation($input:RegisterPluginInput!){registerPlugin(input:$input){
  pluginId version price{value} unitPrice{value} artifactSha256 publishedAt registeredAt}}"""
PUBLISH = """mutation($plugin:ID!,$version:String!){
  publishPlugin(pluginId:$plugin,version:$version){id name summary price{value}}}"""
PLUGIN = "query($id:ID!){plugin(id:$id){name price{value}}}"


def artifact() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("radar.js", "export {};")
    return packed.getvalue()


ARTIFACT = artifact()


def release(**more: object) -> dict[str, object]:
    return {
        "pluginId": "plg_radar",
        "version": "1.0.0",
        "name": "Radar",
        "summary": "Sees ships.",
        "publisher": "Acme",
        "kind": "CONNECTOR",
        "priceUSD": "19.99",
        "unitPriceUSD": "0.0125",
        "artifact": b64encode(ARTIFACT).decode(),
    } | more


async def test_a_registered_plugin_is_on_offer_when_it_is_published(shop: Shop) -> None:
    reply = await shop.ask(REGISTER, input=release())
    assert (await shop.ask(PLUGIN, id="plg_radar"))["data"]["plugin"] is None

    await shop.ask(PUBLISH, plugin="plg_radar", version="1.0.0")

    registered = reply["data"]["registerPlugin"]
    assert registered["price"] == {"value": "19.99"}
    assert registered["unitPrice"] == {"value": "0.0125"}
    assert registered["artifactSha256"] == hashlib.sha256(ARTIFACT).hexdigest()
    assert registered["publishedAt"] is None
    assert (await shop.ask(PLUGIN, id="plg_radar"))["data"]["plugin"] == {
        "name": "Radar",
        "price": {"value": "19.99"},
    }


async def test_the_artefact_of_a_release_is_kept_in_the_lake(shop: Shop) -> None:
    await shop.ask(REGISTER, input=release())

    digest = hashlib.sha256(ARTIFACT).hexdigest()
    assert shop.demo.server.services.lake.get(digest) == ARTIFACT


async def test_registering_the_same_again_answers_what_is_there(shop: Shop) -> None:
    await shop.ask(REGISTER, input=release())
    await shop.ask(PUBLISH, plugin="plg_radar", version="1.0.0")
    before = len(shop.rows(PLUGIN_RELEASES))

    again = await shop.ask(REGISTER, input=release())

    assert again["data"]["registerPlugin"]["publishedAt"] is not None
    assert len(shop.rows(PLUGIN_RELEASES)) == before


@pytest.mark.parametrize(
    "change",
    [{"priceUSD": "20.00"}, {"summary": "Other."}, {"unitPriceUSD": None}, {"kind": "EXPORT"}],
)
async def test_a_version_never_becomes_another_release(
    shop: Shop, change: dict[str, object]
) -> None:
    await shop.ask(REGISTER, input=release())

    assert await shop.code(REGISTER, input=release(**change)) == "CONFLICT"


async def test_a_plugin_keeps_its_name_and_no_two_have_the_same(shop: Shop) -> None:
    await shop.ask(REGISTER, input=release())

    other_name = release(version="1.1.0", name="Sonar")
    same_name = release(pluginId="plg_other", name="RADAR")
    assert await shop.code(REGISTER, input=other_name) == "CONFLICT"
    assert await shop.code(REGISTER, input=same_name) == "CONFLICT"


async def test_nobody_releases_or_publishes_the_plugin_of_another_tenant(shop: Shop) -> None:
    await shop.ask(REGISTER, input=release())

    theirs = release(version="6.6.6")
    assert await shop.code(REGISTER, input=theirs, tenant="globex") == "FORBIDDEN"
    version = {"plugin": "plg_radar", "version": "1.0.0"}
    assert await shop.code(PUBLISH, **version, tenant="globex") == "FORBIDDEN"
    assert (await shop.ask(PLUGIN, id="plg_radar"))["data"]["plugin"] is None


async def test_a_release_that_is_not_registered_is_not_published(shop: Shop) -> None:
    assert await shop.code(PUBLISH, plugin="plg_radar", version="9.9.9") == "BAD_USER_INPUT"


async def test_an_earlier_release_can_be_put_back_on_offer(shop: Shop) -> None:
    await shop.offer("1.0.0", "10.00")
    await shop.offer("2.0.0", "20.00")

    reply = await shop.ask(PUBLISH, plugin="plg_radar", version="1.0.0")

    assert reply["data"]["publishPlugin"]["price"] == {"value": "10.00"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"pluginId": "Radar!"},
        {"version": "one"},
        {"priceUSD": "19.999"},
        {"priceUSD": "-1"},
        {"priceUSD": "1000000"},
        {"priceUSD": "9" * 40},
        {"unitPriceUSD": "0.0000001"},
        {"name": " "},
        {"summary": "x" * 501},
        {"publisher": ""},
        {"artifact": "no base64"},
        {"artifact": b64encode(b"no zip").decode()},
        {"artifact": b64encode(ARTIFACT[:60]).decode()},
    ],
    ids=" ".join,
)
async def test_what_is_no_release_is_refused(shop: Shop, wrong: dict[str, object]) -> None:
    assert await shop.code(REGISTER, input=release(**wrong)) == "BAD_USER_INPUT"
    assert not [row for row in shop.rows(PLUGIN_RELEASES) if row["plugin_id"] == "plg_radar"]

"""A shop for each test: a server with a database of its own, and a provider that pays."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import anyio.to_thread
import httpx
import pytest
import stripe
from sqlalchemy import Table, select

from intelgraph_server.app import DOMAINS
from intelgraph_server.engine.schema import jobs_of
from intelgraph_server.jobs import Worker
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.testing import Demo, demo_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from intelgraph_server.settings import Settings

CHECKOUT = "mutation($plugin:ID!){createCheckout(pluginId:$plugin)}"
ORDERS = (
    "{orders(first:100){edges{node{id pluginId pluginVersion status price{value} invoice{id}}}}}"
)
REGISTER = """mutation($input:RegisterPluginInput!){registerPlugin(input:$input){
  pluginId version price{value} unitPrice{value} artifactSha256 publishedAt}}"""
PUBLISH = """mutation($plugin:ID!,$version:String!){
  publishPlugin(pluginId:$plugin,version:$version){id price{value}}}"""


def wheel(*requires: str) -> bytes:
    """A wheel that requires what is given."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        lines = ["Metadata-Version: 2.4", "Name: radar", "Version: 1.0.0"]
        lines += [f"Requires-Dist: {one}" for one in requires]
        archive.writestr("radar-1.0.0.dist-info/METADATA", "\n".join(lines) + "\n")
    return packed.getvalue()


@dataclass
class Shop:
    """A server, and what its users and its payment provider do."""

    demo: Demo
    settings: Settings
    http: httpx.AsyncClient

    async def ask(self, query: str, *, tenant: str = "acme", **variables: object) -> Any:
        headers = {"Authorization": f"Bearer {self.demo.token(tenant)}"}
        body = {"query": query, "variables": variables}
        return (await self.http.post("/graphql", json=body, headers=headers)).json()

    async def code(self, query: str, *, tenant: str = "acme", **variables: object) -> str:
        """The code with which a request is refused."""
        reply = await self.ask(query, tenant=tenant, **variables)
        return str(reply["errors"][0]["extensions"]["code"])

    async def offer(self, version: str = "1.0.0", price: str = "19.99", **more: Any) -> Any:
        release: dict[str, Any] = {
            "pluginId": "plg_radar",
            "version": version,
            "name": "Radar",
            "summary": "Sees ships.",
            "publisher": "Acme",
            "kind": "CONNECTOR",
            "priceUSD": price,
            "artifact": b64encode(wheel("httpx>=0.28")).decode(),
        }
        reply = await self.ask(REGISTER, input=release | more)
        await self.ask(PUBLISH, plugin="plg_radar", version=version)
        return reply["data"]["registerPlugin"]

    async def order(
        self, plugin: str = "plg_ship_tracker", tenant: str = "acme"
    ) -> tuple[str, str]:
        """Places an order; gives its id and the address of its payment page."""
        url = (await self.ask(CHECKOUT, plugin=plugin, tenant=tenant))["data"]["createCheckout"]
        session = self.session(url)
        return session["client_reference_id"], url

    def session(self, url: str) -> Any:
        """What the sandbox knows of the payment that is made on the page."""
        with self.demo.server.services.payments.sandbox.books() as books:
            return books.find(url.rsplit("/", 1)[1])

    async def pay(self, url: str, **form: str) -> int:
        return (await self.http.post(url, data=form)).status_code

    async def bought(self, plugin: str = "plg_ship_tracker", tenant: str = "acme") -> str:
        order_id, url = await self.order(plugin, tenant)
        await self.pay(url)
        return order_id

    async def status(self, order_id: str, tenant: str = "acme") -> str | None:
        reply = await self.ask("query($id:ID!){order(id:$id){status}}", id=order_id, tenant=tenant)
        return reply["data"]["order"] and str(reply["data"]["order"]["status"])

    async def work(self, after: timedelta = timedelta(), settings: Settings | None = None) -> int:
        """Runs what is due so long after the shop's instant."""
        services = self.demo.server.services
        if settings is not None:
            services = replace(services, lake=type(services.lake)(settings.lake_url))
        now = DEFAULT_CLOCK + after
        worker = Worker(self.demo.server.database, services, lambda: now, *jobs_of(DOMAINS))
        return await anyio.to_thread.run_sync(worker.run_due)

    def rows(self, table: Table) -> list[Any]:
        with self.demo.server.database.reading() as connection:
            return list(connection.execute(select(table)).mappings().all())

    def event(self, order_id: str, told: str = "checkout.session.completed", **more: Any) -> str:
        """An event as the provider sends it, about an order of 199.00."""
        about: dict[str, Any] = {
            "metadata": {"order_id": order_id},
            "payment_status": "paid",
            "amount_total": 19900,
        }
        if told == "charge.refunded":
            about = {"metadata": {"order_id": order_id}, "refunded": True, "amount_refunded": 19900}
        about["currency"] = "usd"
        event = {"id": "evt_1", "object": "event", "type": told, "livemode": False}
        event |= {"data": {"object": about | more.pop("about", {})}}
        return json.dumps(event | more)

    async def tell(
        self, body: str | bytes, *, secret: str | None = None, at: datetime = DEFAULT_CLOCK
    ) -> httpx.Response:
        """Sends an event, signed by the official SDK."""
        text = body if isinstance(body, str) else body.decode()
        header = stripe.WebhookSignature.generate_signature_header(
            text, secret or self.secret, int(at.timestamp())
        )
        return await self.http.post(
            "/stripe/webhook", content=body, headers={"Stripe-Signature": header}
        )

    @property
    def secret(self) -> str:
        return self.demo.server.services.payments._secrets[0]


@pytest.fixture
def shop_settings(
    new_database: Callable[..., str], filled_url: str, settings: Settings
) -> Settings:
    return replace(settings, database_url=new_database(filled_url))


@pytest.fixture
def shop_demo(shop_settings: Settings) -> Iterator[Demo]:
    with demo_server(shop_settings) as demo:
        yield demo


@pytest.fixture
async def shop(shop_demo: Demo, shop_settings: Settings) -> AsyncIterator[Shop]:
    transport = httpx.ASGITransport(shop_demo.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Shop(shop_demo, shop_settings, http)


@pytest.fixture
def away(tmp_path: Path) -> str:
    """The address of a lake that cannot be written to: a file is where its folder should be."""
    (tmp_path / "away").write_text("no folder")
    return f"file://{tmp_path}/away/lake"

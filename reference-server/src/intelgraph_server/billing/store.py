"""Invoices, each of one tenant, and the marketplace's plugins, which all tenants share.

A plugin is on offer by its row in `plugins`; its releases stay, for the orders of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, insert, or_, select, true, update

from intelgraph_server.database.billing_tables import PLUGIN_OWNERS, PLUGIN_RELEASES
from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.rows import insert_once
from intelgraph_server.database.tables import INVOICES, PLUGINS, TENANTS

from .model import Invoice, Money, Plugin, PluginRelease

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

NEWEST_FIRST: Final = Keyset((Key(INVOICES.c.created_at, descending=True), Key(INVOICES.c.id)))
BY_NAME: Final = Keyset((Key(PLUGINS.c.name_folded), Key(PLUGINS.c.id)))
_RELEASES: Final = select(PLUGIN_RELEASES, PLUGIN_OWNERS.c.name).join(PLUGIN_OWNERS)


def invoices(connection: Connection, tenant_id: str) -> list[Invoice]:
    query = (
        select(INVOICES).where(INVOICES.c.tenant_id == tenant_id).order_by(*NEWEST_FIRST.order_by())
    )
    return [_invoice(row) for row in connection.execute(query).mappings()]


def invoice_page(connection: Connection, tenant_id: str, page: Page) -> Slice[Invoice]:
    own = INVOICES.c.tenant_id == tenant_id
    return NEWEST_FIRST.read(connection, INVOICES, own, page, _invoice)


def invoice_by_uri(connection: Connection, tenant_id: str, uri: str) -> Invoice | None:
    own = and_(INVOICES.c.tenant_id == tenant_id, INVOICES.c.uri == uri)
    row = connection.execute(select(INVOICES).where(own)).mappings().one_or_none()
    return None if row is None else _invoice(row)


def invoice_by_id(connection: Connection, tenant_id: str, invoice_id: str) -> Invoice | None:
    own = and_(INVOICES.c.tenant_id == tenant_id, INVOICES.c.id == invoice_id)
    row = connection.execute(select(INVOICES).where(own)).mappings().one_or_none()
    return None if row is None else _invoice(row)


def add_invoice(connection: Connection, tenant_id: str, invoice: Invoice) -> None:
    values = {
        "tenant_id": tenant_id,
        "id": invoice.id,
        "created_at": invoice.created_at,
        "amount": invoice.amount.value,
        "currency": invoice.amount.currency,
        "amount_usd": invoice.exact_usd,
        "uri": invoice.uri,
        "plugin_id": invoice.plugin_id,
    }
    connection.execute(insert(INVOICES).values(values))


def tenant_name(connection: Connection, tenant_id: str) -> str | None:
    query = select(TENANTS.c.name).where(TENANTS.c.id == tenant_id)
    return connection.execute(query).scalar_one_or_none()


def claim_plugin(
    connection: Connection, tenant_id: str, plugin_id: str, name: str
) -> tuple[str, str] | None:
    """Gives a new plugin to the tenant; then whose it is and its name. None: the name is taken."""
    folded = name.casefold()
    same = or_(PLUGIN_OWNERS.c.plugin_id == plugin_id, PLUGIN_OWNERS.c.name_folded == folded)
    if connection.execute(select(PLUGIN_OWNERS.c.plugin_id).where(same)).first() is None:
        values = {"plugin_id": plugin_id, "tenant_id": tenant_id}
        insert_once(connection, PLUGIN_OWNERS, values | {"name": name, "name_folded": folded})
    query = select(PLUGIN_OWNERS.c.tenant_id, PLUGIN_OWNERS.c.name)
    row = connection.execute(query.where(PLUGIN_OWNERS.c.plugin_id == plugin_id)).one_or_none()
    return None if row is None else (row.tenant_id, row.name)


def add_release(connection: Connection, release: PluginRelease) -> bool:
    """Writes the release unless its version is taken; gives whether it did."""
    values = {
        "plugin_id": release.plugin_id,
        "version": release.version,
        "summary": release.summary,
        "publisher": release.publisher,
        "kind": release.kind,
        "price_usd": release.price.value,
        "unit_price_usd": None if release.unit_price is None else release.unit_price.value,
        "artifact_sha256": release.artifact_sha256,
        "contents": dict(release.contents),
        "registered_at": release.registered_at,
        "published_at": release.published_at,
    }
    return insert_once(connection, PLUGIN_RELEASES, values)


def release(connection: Connection, plugin_id: str, version: str) -> PluginRelease | None:
    one = and_(PLUGIN_RELEASES.c.plugin_id == plugin_id, PLUGIN_RELEASES.c.version == version)
    row = connection.execute(_RELEASES.where(one)).mappings().one_or_none()
    return None if row is None else _release(row)


def offered_release(connection: Connection, plugin_id: str) -> PluginRelease | None:
    offered = PLUGIN_RELEASES.c.version == PLUGIN_OWNERS.c.offered_version
    query = _RELEASES.where(PLUGIN_RELEASES.c.plugin_id == plugin_id, offered)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _release(row)


def owner_of(connection: Connection, plugin_id: str) -> str | None:
    query = select(PLUGIN_OWNERS.c.tenant_id).where(PLUGIN_OWNERS.c.plugin_id == plugin_id)
    return connection.execute(query).scalar_one_or_none()


def offer(connection: Connection, plugin_id: str, version: str) -> None:
    own = PLUGIN_OWNERS.c.plugin_id == plugin_id
    connection.execute(update(PLUGIN_OWNERS).where(own).values(offered_version=version))


def publish(connection: Connection, release: PluginRelease, now: datetime) -> None:
    """Puts the release on offer; `plugins` keeps the day on which the plugin first was."""
    one = and_(
        PLUGIN_RELEASES.c.plugin_id == release.plugin_id,
        PLUGIN_RELEASES.c.version == release.version,
    )
    connection.execute(update(PLUGIN_RELEASES).where(one).values(published_at=now))
    offer(connection, release.plugin_id, release.version)
    shown = {
        "name": release.name,
        "name_folded": release.name.casefold(),
        "summary": release.summary,
        "publisher": release.publisher,
        "kind": release.kind,
        "price": release.price.value,
        "currency": release.price.currency,
    }
    insert_once(connection, PLUGINS, {"id": release.plugin_id, "published_at": now} | shown)
    connection.execute(update(PLUGINS).where(PLUGINS.c.id == release.plugin_id).values(shown))


def plugins_by_id(connection: Connection, ids: Sequence[str]) -> Mapping[str, Plugin | None]:
    query = select(PLUGINS).where(PLUGINS.c.id.in_(ids))
    found = {row["id"]: _plugin(row) for row in connection.execute(query).mappings()}
    return {plugin_id: found.get(plugin_id) for plugin_id in ids}


def plugin_page(connection: Connection, page: Page) -> Slice[Plugin]:
    return BY_NAME.read(connection, PLUGINS, true(), page, _plugin)


def _invoice(row: RowMapping) -> Invoice:
    return Invoice(
        id=row["id"],
        created_at=row["created_at"],
        amount=Money(row["amount"], row["currency"]),
        exact_usd=row["amount_usd"],
        uri=row["uri"],
        plugin_id=row["plugin_id"],
    )


def _plugin(row: RowMapping) -> Plugin:
    return Plugin(
        id=row["id"],
        name=row["name"],
        name_folded=row["name_folded"],
        summary=row["summary"],
        publisher=row["publisher"],
        kind=row["kind"],
        price=Money(row["price"], row["currency"]),
        published_at=row["published_at"],
    )


def _release(row: RowMapping) -> PluginRelease:
    unit_price = row["unit_price_usd"]
    taken = {"price_usd", "unit_price_usd"}
    return PluginRelease(
        price=Money(row["price_usd"]),
        unit_price=None if unit_price is None else Money(unit_price),
        **{name: value for name, value in row.items() if name not in taken},
    )

"""Invoices, each of one tenant, and the marketplace's plugins, which all tenants share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, true

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.tables import INVOICES, PLUGINS

from .model import Invoice, Money, Plugin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

NEWEST_FIRST: Final = Keyset((Key(INVOICES.c.created_at, descending=True), Key(INVOICES.c.id)))
BY_NAME: Final = Keyset((Key(PLUGINS.c.name_folded), Key(PLUGINS.c.id)))


def invoices(connection: Connection, tenant_id: str) -> list[Invoice]:
    query = (
        select(INVOICES).where(INVOICES.c.tenant_id == tenant_id).order_by(*NEWEST_FIRST.order_by())
    )
    return [_invoice(row) for row in connection.execute(query).mappings()]


def invoice_page(connection: Connection, tenant_id: str, page: Page) -> Slice[Invoice]:
    own = INVOICES.c.tenant_id == tenant_id
    return NEWEST_FIRST.read(connection, INVOICES, own, page, _invoice)


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

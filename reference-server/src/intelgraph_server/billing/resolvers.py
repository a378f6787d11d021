"""The GraphQL edge of billing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from intelgraph_server.engine.pagination import Connection, Edge, ListKind
from intelgraph_server.engine.schema import Domain

from . import store
from .model import Invoice, Money, Plugin

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

INVOICE_LIST: Final[ListKind[Invoice]] = ListKind(
    "invoices", lambda invoice: (invoice.created_at, invoice.id), (datetime, str)
)
PLUGIN_LIST: Final[ListKind[Plugin]] = ListKind(
    "plugins", lambda plugin: (plugin.name_folded, plugin.id), (str, str)
)


def resolve_invoices(_source: None, context: Context) -> list[Invoice]:
    invoices = store.invoices(context.connection, context.tenant_id)
    context.loaders.expect("plugin", (i.plugin_id for i in invoices if i.plugin_id))
    return invoices


def resolve_invoice_history(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Invoice]:
    page = INVOICE_LIST.page(first, after)
    part = store.invoice_page(context.connection, context.tenant_id, page)
    context.loaders.expect("plugin", (i.plugin_id for i in part.items if i.plugin_id))
    return Connection(INVOICE_LIST, page, part)


def resolve_invoice_plugin(invoice: Invoice, context: Context) -> Plugin | None:
    return None if invoice.plugin_id is None else resolve_plugin(None, context, invoice.plugin_id)


def resolve_plugin(_source: None, context: Context, id_: str) -> Plugin | None:
    return context.loaders.load(
        "plugin", "by id", id_, lambda ids: store.plugins_by_id(context.connection, ids)
    )


def resolve_plugins(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Plugin]:
    page = PLUGIN_LIST.page(first, after)
    return Connection(PLUGIN_LIST, page, store.plugin_page(context.connection, page))


DOMAIN: Final = Domain(
    name="billing",
    types={
        "Invoice": Invoice,
        "InvoiceConnection": Connection,
        "InvoiceEdge": Edge,
        "Money": Money,
        "Plugin": Plugin,
        "PluginConnection": Connection,
        "PluginEdge": Edge,
    },
    resolvers={
        "Query": {
            "invoices": resolve_invoices,
            "invoiceHistory": resolve_invoice_history,
            "plugin": resolve_plugin,
            "plugins": resolve_plugins,
        },
        "Invoice": {"plugin": resolve_invoice_plugin},
    },
)

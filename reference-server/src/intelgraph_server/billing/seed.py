"""The orders behind the demonstration's invoices, releases of its plugins, and yesterday's books.

No provider knows these orders: they can be read, and their invoices fetched, but not paid back.
"""

from __future__ import annotations

import zipfile
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from intelgraph_server.database.tables import INVOICES, PLUGINS

from . import books, sbom, store
from .model import (
    Money,
    Order,
    OrderStatus,
    PluginRelease,
    Reconciliation,
    UsageEvent,
    UsageLineItem,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

OWNER: Final = "acme"
VERSION: Final = "1.0.0"
UNIT_PRICE: Final = Decimal("0.005")
UNITS: Final = 1250
DAY: Final = timedelta(days=1)


def seed_releases(connection: Connection) -> None:
    """One published release for each plugin on offer."""
    for row in connection.execute(select(PLUGINS).order_by(PLUGINS.c.id)).mappings():
        artifact = _wheel(row["id"])
        store.claim_plugin(connection, OWNER, row["id"], row["name"])
        release = PluginRelease(
            **{name: row[name] for name in ("name", "summary", "publisher", "kind")},
            plugin_id=row["id"],
            version=VERSION,
            price=Money(row["price"]),
            # What only writes files costs nothing to use.
            unit_price=None if row["kind"] == "EXPORT" else Money(UNIT_PRICE),
            artifact_sha256=sha256(artifact).hexdigest(),
            contents=sbom.contents(artifact),
            registered_at=row["published_at"],
            published_at=row["published_at"],
        )
        store.add_release(connection, release)
        store.offer(connection, release.plugin_id, VERSION)


def seed_books(connection: Connection, tenant_id: str, clock: datetime) -> None:
    """An order for each of the tenant's invoices that is for a plugin; yesterday it was used."""
    own = INVOICES.c.tenant_id == tenant_id, INVOICES.c.plugin_id.is_not(None)
    newest = INVOICES.c.created_at.desc(), INVOICES.c.id
    rows = connection.execute(select(INVOICES).where(*own).order_by(*newest)).mappings().all()
    orders = [
        Order(
            id=str(uuid5(NAMESPACE_URL, row["uri"])),
            tenant_id=tenant_id,
            plugin_id=row["plugin_id"],
            plugin_version=VERSION,
            price=Money(row["amount_usd"]),
            state=OrderStatus.CREATED,
            session=None,
            invoice_uri=row["uri"],
            created_at=row["created_at"] - DAY,
            paid_at=None,
        )
        for row in rows
    ]
    for order in orders:
        books.add_order(connection, order)
        books.move_order(connection, order, OrderStatus.PAID, order.created_at + DAY)
    day = clock.replace(hour=0, minute=0, second=0, microsecond=0) - DAY
    releases = {o.id: store.release(connection, o.plugin_id, VERSION) for o in orders}
    charged = [o for o in orders if (release := releases[o.id]) and release.unit_price]
    for order in charged[:1]:
        used = UsageLineItem(order.plugin_id, UNITS, Money(UNIT_PRICE))
        at = day + timedelta(hours=9)
        event = UsageEvent(
            id="use_0001",
            plugin_id=order.plugin_id,
            quantity=UNITS,
            used_at=at,
            recorded_at=at,
            order_id=order.id,
        )
        books.record_usage(connection, tenant_id, event)
        amount = used.amount.value
        books.book(connection, order, "usage", subject=event.id, amount=amount, now=at)
        found = Reconciliation(day=day, reconciled_at=clock, line_items=[used], drifts=[])
        books.add_reconciliation(connection, tenant_id, found)


def _wheel(plugin_id: str) -> bytes:
    """A small artefact, made here: the same bytes everywhere, since nothing in it is deflated."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        info = f"{plugin_id}-{VERSION}.dist-info/METADATA"
        text = f"Metadata-Version: 2.4\nName: {plugin_id}\nVersion: {VERSION}\n"
        archive.writestr(zipfile.ZipInfo(info), f"{text}Requires-Dist: httpx>=0.28,<1\n")
        archive.writestr(zipfile.ZipInfo(f"{plugin_id}/__init__.py"), "")
    return packed.getvalue()

"""The demonstration data that docs, examples and vectors share.

Everything follows from two values, the seed and the clock, so every server that is
seeded alike answers alike. The same for every seed are, per tenant, the ids below:

    acme     per_ada, org_helios, ind_beacon, org_meridian (also globex's, but another one)
             inv_acme_0001 to inv_acme_0014, the newest last by number; 30 days of measured
             requests, and a public trust page;
             dat_archive, dat_customers, dat_drafts, dat_sightings, and exp_0001 to exp_0006,
             which have every residency status between them; it alone is enrolled in anomaly
             detection, and nothing was measured yet
    globex   per_grace, org_vortex, ind_relay, org_meridian; inv_globex_0001 to _0003;
             measured requests; dat_customers, dat_ledger and exp_0001, other ones than acme's
    initech  per_milton, org_penny, ind_fax; it is enrolled in nothing: no invoices, no measured
             requests, no datasets
    plugins  plg_geo_enrichment and eleven more, shared by all

`per_ada` is an officer of `org_helios`, which owns `org_meridian`. The first and the
second invoice of a tenant were issued at the same instant, and so were the last changes
of `per_…` and `org_…` of each tenant: lists must break such ties.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import insert, select

from .anomaly import enrol
from .billing.seed import plugin_id, seed_books, seed_marketplace
from .database.tables import DATASETS, ENTITIES, EXPORTS, INVOICES, RELATIONS, TENANTS
from .trust_portal import seed as trust

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row: TypeAlias = dict[str, Any]

DEFAULT_SEED: Final = 1
DEFAULT_CLOCK: Final = datetime(2026, 4, 15, tzinfo=UTC)
DATA: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("seed.json").read_text("utf-8"))
DEMO_TENANTS: Final[dict[str, str]] = DATA["tenants"]
ENROLLED: Final = "acme"  # In anomaly detection.
GENERATED_ENTITIES: Final = 36

KINDS: Final = {"per": "PERSON", "org": "ORGANIZATION", "ind": "INDICATOR"}
NO_ENTITY: Final[Row] = {column.name: None for column in ENTITIES.c} | {"aliases": []}
RELATION_KINDS: Final = ("OWNS", "MEMBER_OF", "USES", "ASSOCIATED_WITH")

ODD_INVOICE: Final = 3  # The number of the invoice that is not for a plugin.


def seed_demo(connection: Connection, seed: int, clock: datetime) -> bool:
    """Writes the demonstration data; False when its tenants are there already."""
    known = set(connection.execute(select(TENANTS.c.id)).scalars())
    if known & set(DEMO_TENANTS):
        return False
    connection.execute(insert(TENANTS), [{"id": i, "name": n} for i, n in DEMO_TENANTS.items()])
    seed_marketplace(connection, DATA["plugins"], clock)
    for tenant_id in DEMO_TENANTS:
        # Seeded by text, which Python hashes the same everywhere.
        random = Random(f"{seed} {tenant_id}")  # noqa: S311
        entities = _entities(tenant_id, random, clock)
        for table, rows in (
            (ENTITIES, entities),
            (RELATIONS, _relations(tenant_id, entities, random)),
            (INVOICES, _invoices(tenant_id, random, clock)),
            (DATASETS, _datasets(tenant_id, clock)),
            (EXPORTS, _exports(tenant_id, clock)),
        ):
            if rows:
                connection.execute(insert(table), [row | {"tenant_id": tenant_id} for row in rows])
        trust.seed(connection, tenant_id, random, clock)
        seed_books(connection, tenant_id, clock)
    enrol(connection, ENROLLED, clock - timedelta(days=30))
    return True


def _entities(tenant_id: str, random: Random, clock: datetime) -> list[Row]:
    # The first two of a tenant changed last, at the same instant.
    rows = [
        _entity(known, clock - timedelta(hours=max(place, 1)))
        for place, known in enumerate(DATA["entities"][tenant_id])
    ]
    for number in range(1, GENERATED_ENTITIES + 1):
        minutes, milliseconds = random.randrange(600), random.randrange(1000)
        age = timedelta(days=number, minutes=minutes, milliseconds=milliseconds)
        rows.append(_entity(_generated(number, random), clock - age))
    return rows


def _entity(known: Row, changed: datetime) -> Row:
    kind = KINDS[known["id"][:3]]
    first_seen_at = changed - timedelta(days=30) if kind == "INDICATOR" else None
    times = {"updated_at": changed, "first_seen_at": first_seen_at}
    return NO_ENTITY | known | {"kind": kind, "name_folded": known["name"].casefold()} | times


def _generated(number: int, random: Random) -> Row:
    prefix = tuple(KINDS)[number % 3]
    entity = {"id": f"{prefix}_{number:03}"}
    country = random.choice(DATA["countries"])
    if prefix == "per":
        name = f"{random.choice(DATA['given'])} {random.choice(DATA['family'])}"
        return entity | {"name": name, "nationality": country}
    if prefix == "org":
        name = f"{random.choice(DATA['firms'])} {random.choice(DATA['trades'])}"
        return entity | {"name": name, "jurisdiction": country}
    value = sha256(f"{number} {random.random()}".encode()).hexdigest()
    return entity | {"name": f"{value[:16]}…", "indicator_kind": "SHA256", "value": value}


def _relations(tenant_id: str, entities: list[Row], random: Random) -> list[Row]:
    told = list(DATA["relations"][tenant_id])
    ids = [row["id"] for row in entities]
    for source_id in ids[len(DATA["entities"][tenant_id]) :]:
        for target in random.sample([i for i in ids if i != source_id], k=random.randrange(5)):
            kind = random.choice(RELATION_KINDS)
            told.append((source_id, target, kind, random.randrange(20, 100) / 100))
    return [
        {
            "id": f"rel_{n:04}",
            "source_id": s,
            "target_id": t,
            "kind": kind,
            "confidence": confidence,
        }
        for n, (s, t, kind, confidence) in enumerate(told, start=1)
    ]


def _invoices(tenant_id: str, random: Random, clock: datetime) -> list[Row]:
    terms = DATA["invoices"].get(tenant_id, {"count": 0})
    rows: list[Row] = []
    for number in range(1, terms["count"] + 1):
        plugin = random.choice(DATA["plugins"])
        amount = (Decimal(plugin["price"]) * random.randrange(1, 30)).quantize(Decimal("0.01"))
        # The first two are issued at the same instant.
        age = timedelta(days=14 * (terms["count"] - max(number, 2)), hours=6)
        invoice_id = f"inv_{tenant_id}_{number:04}"
        bought = None if number == ODD_INVOICE else plugin_id(plugin["name"])
        uri = f"lake://{tenant_id}/invoices/{invoice_id}.pdf"
        money = {"amount": amount, "amount_usd": amount * Decimal(terms["rate"])}
        row = {"id": invoice_id, "created_at": clock - age, "uri": uri, "plugin_id": bought}
        rows.append(row | money | {"currency": terms["currency"]})
    return rows


def _datasets(tenant_id: str, clock: datetime) -> list[Row]:
    at, datasets = clock - timedelta(days=90), DATA["datasets"].get(tenant_id, {})
    return [{"dataset_id": i, "region": r, "recorded_at": at} for i, r in datasets.items()]


def _exports(tenant_id: str, clock: datetime) -> list[Row]:
    rows: list[Row] = []
    for number, (dataset, region, age) in enumerate(DATA["exports"].get(tenant_id, ()), start=1):
        at = clock - timedelta(days=age)
        # Each is recorded an hour after it was made.
        times = {"exported_at": at, "recorded_at": at + timedelta(hours=1)}
        export = {"export_id": f"exp_{number:04}", "dataset_id": dataset, "dest_region": region}
        rows.append(export | times)
    return rows

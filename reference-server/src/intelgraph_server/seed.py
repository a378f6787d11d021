"""The demonstration data that docs, examples and vectors share.

Everything follows from two values, the seed and the clock, so every server that is
seeded alike answers alike. The same for every seed are, per tenant, the ids below:

    acme     per_ada, org_helios, ind_beacon, org_meridian (also globex's, but another one)
             inv_acme_0001 to inv_acme_0014, the newest last by number; tiles of three kinds
    globex   per_grace, org_vortex, ind_relay, org_meridian; inv_globex_0001 to _0003; two tiles
    initech  per_milton, org_penny, ind_fax; it is enrolled in nothing: no invoices, no tiles
    plugins  plg_geo_enrichment and eleven more, shared by all

`per_ada` is an officer of `org_helios`, which owns `org_meridian`. The first and the
second invoice of a tenant were issued at the same instant, and so were the last changes
of `per_…` and `org_…` of each tenant: lists must break such ties.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import insert, select

from .database.tables import ENTITIES, INVOICES, PLUGINS, RELATIONS, TENANTS, TRUST_TILES

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row: TypeAlias = dict[str, Any]

DEFAULT_SEED: Final = 1
DEFAULT_CLOCK: Final = datetime(2026, 4, 15, tzinfo=UTC)
DEMO_TENANTS: Final = {"acme": "Acme Corporation", "globex": "Globex", "initech": "Initech"}
GENERATED_ENTITIES: Final = 36

# id, name, summary, kind-specific columns; the first two of a tenant changed last, together.
WELL_KNOWN: Final[dict[str, tuple[tuple[str, str, str | None, Row], ...]]] = {
    "acme": (
        (
            "per_ada",
            "Ada Okafor",
            "Chief engineer of Helios Grid.",
            {"aliases": ["A. Okafor", "Adanna Okafor"], "nationality": "NG"},
        ),
        (
            "org_helios",
            "Helios Grid AG",
            "Runs solar parks and the lines that lead from them.",
            {"jurisdiction": "CH", "registration_number": "CHE-114.207.339"},
        ),
        (
            "ind_beacon",
            "beacon[.]example",
            None,
            {"indicator_kind": "DOMAIN", "value": "beacon.example"},
        ),
        (
            "org_meridian",
            "Meridian Freight",
            "Ships what Helios Grid builds with.",
            {"jurisdiction": "NL", "registration_number": "27168493"},
        ),
    ),
    "globex": (
        (
            "per_grace",
            "Grace Lindqvist",
            "Signs for Vortex Holdings.",
            {"aliases": [], "nationality": "SE"},
        ),
        (
            "org_vortex",
            "Vortex Holdings Ltd",
            "Holds shares and little else.",
            {"jurisdiction": "MT", "registration_number": "C 88412"},
        ),
        (
            "ind_relay",
            "203.0.113[.]77",
            "Relayed mail for three unrelated campaigns.",
            {"indicator_kind": "IPV4", "value": "203.0.113.77"},
        ),
        (
            "org_meridian",
            "Meridian Insurance",
            "Insures freight; not the freighter of that name.",
            {"jurisdiction": "IE", "registration_number": "540021"},
        ),
    ),
    "initech": (
        (
            "per_milton",
            "Milton Waddams",
            "Collates, and keeps his stapler.",
            {"aliases": ["M. Waddams"], "nationality": None},
        ),
        ("org_penny", "Penny Rounding LLC", None, {"jurisdiction": "US"}),
        ("ind_fax", "fax[.]example", None, {"indicator_kind": "DOMAIN", "value": "fax.example"}),
    ),
}
# source, target, kind, confidence.
WELL_KNOWN_RELATIONS: Final[dict[str, tuple[tuple[str, str, str, float], ...]]] = {
    "acme": (
        ("per_ada", "org_helios", "MEMBER_OF", 0.98),
        ("per_ada", "ind_beacon", "ASSOCIATED_WITH", 0.4),
        ("per_ada", "org_meridian", "ASSOCIATED_WITH", 0.4),
        ("org_helios", "org_meridian", "OWNS", 0.9),
    ),
    "globex": (
        ("per_grace", "org_vortex", "MEMBER_OF", 0.95),
        ("org_vortex", "ind_relay", "USES", 0.7),
    ),
    "initech": (("per_milton", "org_penny", "MEMBER_OF", 0.5),),
}
GIVEN: Final = ("Noor", "Ivo", "Mei", "Tomás", "Ayşe", "Ines", "Kofi", "Lars", "Zofia", "Ravi")
FAMILY: Final = ("Haddad", "Novák", "Lin", "García", "Öztürk", "Costa", "Mensah", "Berg", "Rao")
FIRMS: Final = ("Aster", "Borealis", "Cobalt", "Dune", "Estuary", "Fathom", "Granite", "Harbour")
TRADES: Final = ("Logistics", "Energy", "Analytics", "Shipping", "Metals", "Research")
COUNTRIES: Final = ("DE", "FR", "PL", "PT", "BR", "JP", "KE", None)
RELATION_KINDS: Final = ("OWNS", "MEMBER_OF", "USES", "ASSOCIATED_WITH")

# name, kind, price in dollars, publisher, summary.
PLUGIN_ROWS: Final = (
    ("Geo Enrichment", "ENRICHMENT", "49.00", "Cartographica", "Adds places to addresses."),
    ("Company Register EU", "CONNECTOR", "120.00", "Registrar", "Reads European registers."),
    ("Sanctions Watch", "ENRICHMENT", "310.50", "Clearline", "Marks who is on a list."),
    ("Passive DNS", "CONNECTOR", "89.90", "Resolver Labs", "Reads who resolved what, when."),
    ("STIX Export", "EXPORT", "0.00", "IntelGraph", "Writes the graph as STIX 2.1."),
    ("Ship Tracker", "CONNECTOR", "199.00", "Seaway", "Reads the positions of ships."),
    ("Malware Digests", "CONNECTOR", "75.25", "Resolver Labs", "Reads digests of known malware."),
    ("Name Matching", "ENRICHMENT", "149.995", "Onoma", "Finds spellings of one name."),
    ("Spreadsheet Export", "EXPORT", "15.00", "IntelGraph", "Writes tables people can open."),
    ("Media Monitor", "CONNECTOR", "260.00", "Pressband", "Reads what the press says."),
    ("Ownership Chains", "ENRICHMENT", "420.00", "Registrar", "Follows shares to their holders."),
    ("Case Handover", "EXPORT", "35.00", "Clearline", "Writes a case file for a court."),
)
# kind, status, age in minutes.
TILES: Final = {
    "acme": (("slo", "met", 5), ("uptime", "met", 10), ("error_rate", "at_risk", 15)),
    "globex": (("slo", "breached", 3), ("uptime", "met", 90)),
}
INVOICE_COUNTS: Final = {"acme": 14, "globex": 3}
ODD_INVOICE: Final = 3  # The number of the invoice that is not for a plugin.


def seed_demo(connection: Connection, seed: int, clock: datetime) -> bool:
    """Writes the demonstration data; False when its tenants are there already."""
    known = set(connection.execute(select(TENANTS.c.id)).scalars())
    if known & set(DEMO_TENANTS):
        return False
    connection.execute(insert(TENANTS), [{"id": i, "name": n} for i, n in DEMO_TENANTS.items()])
    connection.execute(insert(PLUGINS), _plugins(clock))
    for tenant_id in DEMO_TENANTS:
        # Seeded by text, which Python hashes the same everywhere.
        random = Random(f"{seed} {tenant_id}")  # noqa: S311
        entities = _entities(tenant_id, random, clock)
        connection.execute(insert(ENTITIES), entities)
        connection.execute(insert(RELATIONS), _relations(tenant_id, entities, random))
        for table, rows in (
            (INVOICES, _invoices(tenant_id, random, clock)),
            (TRUST_TILES, _tiles(tenant_id, clock)),
        ):
            if rows:
                connection.execute(insert(table), rows)
    return True


def _entities(tenant_id: str, random: Random, clock: datetime) -> list[Row]:
    rows = []
    for place, (entity_id, name, summary, own) in enumerate(WELL_KNOWN[tenant_id]):
        changed = clock - timedelta(hours=max(place, 1))
        rows.append(_entity(tenant_id, entity_id, name, summary, changed) | own)
    for number in range(1, GENERATED_ENTITIES + 1):
        changed = clock - timedelta(
            days=number, minutes=random.randrange(600), milliseconds=random.randrange(1000)
        )
        entity_id, name, own = _generated(number, random)
        rows.append(_entity(tenant_id, entity_id, name, None, changed) | own)
    for row in rows:
        if row["kind"] == "INDICATOR":
            row["first_seen_at"] = row["updated_at"] - timedelta(days=30)
    return rows


def _entity(
    tenant_id: str, entity_id: str, name: str, summary: str | None, changed: datetime
) -> Row:
    kinds = {"per": "PERSON", "org": "ORGANIZATION", "ind": "INDICATOR"}
    nothing = dict.fromkeys(
        (
            "nationality",
            "jurisdiction",
            "registration_number",
            "indicator_kind",
            "value",
            "first_seen_at",
        )
    )
    return {
        "tenant_id": tenant_id,
        "id": entity_id,
        "kind": kinds[entity_id[:3]],
        "name": name,
        "name_folded": name.casefold(),
        "summary": summary,
        "updated_at": changed,
        "aliases": [],
        **nothing,
    }


def _generated(number: int, random: Random) -> tuple[str, str, Row]:
    kind = ("per", "org", "ind")[number % 3]
    country = random.choice(COUNTRIES)
    if kind == "per":
        name = f"{random.choice(GIVEN)} {random.choice(FAMILY)}"
        return f"per_{number:03}", name, {"nationality": country}
    if kind == "org":
        name = f"{random.choice(FIRMS)} {random.choice(TRADES)}"
        return f"org_{number:03}", name, {"jurisdiction": country}
    value = sha256(f"{number} {random.random()}".encode()).hexdigest()
    return f"ind_{number:03}", f"{value[:16]}…", {"indicator_kind": "SHA256", "value": value}


def _relations(tenant_id: str, entities: list[Row], random: Random) -> list[Row]:
    statements = list(WELL_KNOWN_RELATIONS[tenant_id])
    ids = [row["id"] for row in entities]
    for source_id in ids[len(WELL_KNOWN[tenant_id]) :]:
        targets = random.sample([i for i in ids if i != source_id], k=random.randrange(5))
        statements += [
            (source_id, target, random.choice(RELATION_KINDS), random.randrange(20, 100) / 100)
            for target in targets
        ]
    return [
        {
            "tenant_id": tenant_id,
            "id": f"rel_{number:04}",
            "source_id": source_id,
            "target_id": target_id,
            "kind": kind,
            "confidence": confidence,
        }
        for number, (source_id, target_id, kind, confidence) in enumerate(statements, start=1)
    ]


def _plugins(clock: datetime) -> list[Row]:
    return [
        {
            "id": "plg_" + name.lower().replace(" ", "_"),
            "name": name,
            "name_folded": name.casefold(),
            "summary": summary,
            "publisher": publisher,
            "kind": kind,
            "price": Decimal(price),
            "currency": "USD",
            "published_at": clock - timedelta(days=20 * number),
        }
        for number, (name, kind, price, publisher, summary) in enumerate(PLUGIN_ROWS, start=1)
    ]


def _invoices(tenant_id: str, random: Random, clock: datetime) -> list[Row]:
    rows = []
    count = INVOICE_COUNTS.get(tenant_id, 0)
    for number in range(1, count + 1):
        name, _, price, _, _ = random.choice(PLUGIN_ROWS)
        # The first two are issued at the same instant; globex pays in euros.
        age = timedelta(days=14 * (count - max(number, 2)), hours=6)
        amount = (Decimal(price) * random.randrange(1, 30)).quantize(Decimal("0.01"))
        is_euro = tenant_id == "globex"
        invoice_id = f"inv_{tenant_id}_{number:04}"
        rows.append(
            {
                "tenant_id": tenant_id,
                "id": invoice_id,
                "created_at": clock - age,
                "amount": amount,
                "currency": "EUR" if is_euro else "USD",
                "amount_usd": amount * Decimal("1.08") if is_euro else amount,
                "uri": f"lake://{tenant_id}/invoices/{invoice_id}.pdf",
                "plugin_id": None
                if number == ODD_INVOICE
                else "plg_" + name.lower().replace(" ", "_"),
            }
        )
    return rows


def _tiles(tenant_id: str, clock: datetime) -> list[Row]:
    return [
        {
            "tenant_id": tenant_id,
            "kind": kind,
            "position": position,
            "status": status,
            "updated_at": clock - timedelta(minutes=age),
        }
        for position, (kind, status, age) in enumerate(TILES.get(tenant_id, ()), start=1)
    ]

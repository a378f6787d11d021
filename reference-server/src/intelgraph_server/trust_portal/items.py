"""Tiles and evidence into items, and items into recorded decisions.

An item is shown to everybody only while the latest recorded decision about it is of the policies
in force and allows it, and while its document and signature are what they were then.
"""

from __future__ import annotations

import json
import logging
from base64 import b64decode, b64encode
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.documents.envelope import verify_bytes
from intelgraph_server.documents.identity import SignatureError
from intelgraph_server.lake import store as lake
from intelgraph_server.lake.objects import DamagedObjectError, LakeAwayError

from . import policy, rules, store
from .model import Decision, Evidence, Item, TrustTile
from .tiles import SHARES, TITLES, measured_tiles

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.services import Services

    from .model import Page

LOG: Final = logging.getLogger(__name__)
# No id that a caller may choose has a colon.
TILE: Final = "tile:"
UNDECIDED: Final = "The policies in force have not decided about it yet."
STATUS_TOPICS: Final = ("security", "privacy")


def items(connection: Connection, services: Services, page: Page, now: datetime) -> list[Item]:
    """All of a tenant's items, first the measured ones, with what was decided about each."""
    decided = store.decisions(connection, page.slug)
    tiles = measured_tiles(connection, services, page, now)
    evidence = store.evidence_of(connection, page.slug)
    return [_of_tile(tile, decided.get(TILE + tile.kind)) for tile in tiles] + [
        of_evidence(one, decided.get(one.id), now) for one in evidence.values()
    ]


def tiles(connection: Connection, services: Services, page: Page, now: datetime) -> list[TrustTile]:
    """The measured tiles, and those of the topics about which the tenant has evidence."""
    found = items(connection, services, page, now)
    measured = [TrustTile(i.topic, i.status, i.updated_at) for i in found if i.sha256 is None]
    for topic in STATUS_TOPICS:
        about = [item for item in found if item.topic == topic and item.sha256 is not None]
        if about:
            shown = [item for item in about if item.is_allowed]
            newest = (shown or about)[-1]
            status = newest.status if shown else rules.UNKNOWN
            measured.append(TrustTile(topic, status, newest.updated_at))
    return measured


def public_items(
    connection: Connection, services: Services, page: Page, now: datetime
) -> list[Item]:
    evidence = store.evidence_of(connection, page.slug)
    allowed = [item for item in items(connection, services, page, now) if item.is_allowed]
    return [i for i in allowed if i.id not in evidence or _is_still(services, page, evidence[i.id])]


def publish(
    connection: Connection,
    services: Services,
    tenant_id: str,
    evidence: Evidence,
    content: bytes,
) -> Item:
    """Keeps, signs and decides about a new document."""
    now = evidence.published_at
    name = f"evidence/{evidence.id}"
    media_type = evidence.media_type
    kept = lake.keep(connection, services.lake, tenant_id=tenant_id, name=name, content=content,
                     media_type=media_type, now=now)  # fmt: skip
    evidence = replace(evidence, sha256=kept.sha256)
    signature = services.identity.sign(claim(tenant_id, evidence))
    evidence = replace(evidence, signature=b64encode(signature).decode())
    store.add_evidence(connection, tenant_id, evidence)
    return of_evidence(evidence, _decide(connection, services, tenant_id, evidence, now), now)


def decide_all(connection: Connection, services: Services, tenant_id: str, now: datetime) -> None:
    """Asks the policies in force about all of a tenant's items, and records what they say."""
    decide_tiles(connection, tenant_id, now)
    for evidence in store.evidence_of(connection, tenant_id).values():
        try:
            _decide(connection, services, tenant_id, evidence, now)
        except LakeAwayError:
            # Nobody can say: the last decision stays, and nothing is shown without its document.
            LOG.exception("%s could not be decided about", evidence.id)


def decide_tiles(connection: Connection, tenant_id: str, now: datetime) -> None:
    """A measured share is about no person."""
    decision = policy.decide({"category": "slo", "contains_pii": False})
    for kind in SHARES:
        store.record_decision(connection, tenant_id, TILE + kind, decision, now)


def claim(tenant_id: str, evidence: Evidence) -> bytes:
    """The bytes that are signed for a document."""
    return json.dumps(evidence.claim(tenant_id), sort_keys=True, ensure_ascii=False).encode()


def is_genuine(services: Services, tenant_id: str, evidence: Evidence) -> bool:
    """Whether the lake still holds the document and the signature is ours, for just this.

    Raises LakeAwayError.
    """
    try:
        services.lake.get(evidence.sha256)
        identity, signature = services.identity, b64decode(evidence.signature, validate=True)
        said = claim(tenant_id, evidence)
        verify_bytes(said, signature, identity.certificate_pem, identity.root_pem)
    except (DamagedObjectError, SignatureError, ValueError):
        LOG.exception("the evidence %s is not what it was", evidence.id)
        return False
    return True


def _is_still(services: Services, page: Page, evidence: Evidence) -> bool:
    try:
        return is_genuine(services, page.slug, evidence)
    except LakeAwayError:
        LOG.exception("the evidence %s cannot be read", evidence.id)
        return False


def _decide(
    connection: Connection, services: Services, tenant_id: str, evidence: Evidence, now: datetime
) -> Decision:
    asked: dict[str, Any] = {
        "category": "evidence",
        "contains_pii": evidence.contains_pii,
        "hash": evidence.sha256,
        "signature": evidence.signature,
        "signature_verified": is_genuine(services, tenant_id, evidence),
    }
    return store.record_decision(connection, tenant_id, evidence.id, policy.decide(asked), now)


def _of_tile(tile: TrustTile, found: Decision | None) -> Item:
    said = asdict(_in_force(found, tile.updated_at))
    return Item(id=TILE + tile.kind, category="slo", topic=tile.kind, title=TITLES[tile.kind],
                status=tile.status, updated_at=tile.updated_at, sha256=None, **said)  # fmt: skip


def of_evidence(evidence: Evidence, found: Decision | None, now: datetime) -> Item:
    decision = _in_force(found, evidence.published_at)
    status = rules.evidence_status(evidence.published_at, now, is_allowed=decision.is_allowed)
    return Item(id=evidence.id, category="evidence", topic=evidence.topic, title=evidence.title,
                status=status, updated_at=evidence.published_at, sha256=evidence.sha256,
                **asdict(decision))  # fmt: skip


def _in_force(found: Decision | None, otherwise: datetime) -> Decision:
    """A decision of other policies than those in force is none."""
    digest = policy.digest()
    if found is None or found.policy_sha256 != digest:
        return Decision(
            is_allowed=False, reasons=[UNDECIDED], policy_sha256=digest, decided_at=otherwise
        )
    return found

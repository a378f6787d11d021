"""Measurements and evidence into items, and items into recorded decisions.

An item is shown to everybody only while the latest recorded decision about it is of the policies
in force and allows it, and while its document and signature are what they were then.
"""

from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server import lake
from intelgraph_server.documents.identity import SignatureError, verify_bytes
from intelgraph_server.lake import DamagedObjectError, LakeAwayError
from intelgraph_server.observe.requests import FLUSH, answered_within

from . import policy, store
from .model import UNKNOWN, Decision, Evidence, TrustItem, TrustPage, TrustTile, tile_status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.observe.requests import Totals
    from intelgraph_server.services import Services

LOG: Final = logging.getLogger(__name__)
MINUTE: Final = timedelta(minutes=1)
# In the order of the portal: what is measured, for people, and the share that it is, which is
# asked only where something was measured.
MEASURED: Final[Mapping[str, tuple[str, Callable[[Totals, Mapping[str, float]], float]]]] = {
    "slo": (
        "Requests answered without failure and in time",
        lambda t, o: answered_within(t.durations, o["latencyMs"]) / t.requests,
    ),
    "uptime": (
        "Minutes in which the service answered",
        lambda t, _: (t.minutes - t.bad_minutes) / t.minutes,
    ),
    "error_rate": ("Requests that failed", lambda t, _: t.failures / t.requests),
}
STATUS_TOPICS: Final = ("security", "privacy")
# No id that a caller may choose has a colon.
TILE: Final = "tile:"
UNDECIDED: Final = "The policies in force have not decided about it yet."


@dataclass(frozen=True)
class Portal:
    """What a tenant shows and may show, within one transaction: nothing unless it takes part."""

    connection: Connection
    services: Services
    tenant_id: str
    now: datetime

    @property
    def own(self) -> tuple[Connection, str]:
        return self.connection, self.tenant_id

    @cached_property
    def page(self) -> TrustPage | None:
        return store.PAGES.one(*self.own)

    def tiles(self) -> list[TrustTile]:
        """The measured tiles, and those of the topics about which the tenant has evidence."""
        found = self.items()
        tiles = [TrustTile(i.topic, i.status, i.updated_at) for i in found if not i.evidence]
        for topic in STATUS_TOPICS:
            about = [item for item in found if item.topic == topic and item.evidence]
            # The newest that may be shown, or else the newest.
            for item in sorted(about, key=lambda item: item.is_allowed)[-1:]:
                status = item.status if item.is_allowed else UNKNOWN
                tiles.append(TrustTile(topic, status, item.updated_at))
        return tiles

    def items(self) -> list[TrustItem]:
        """All the tenant's items, first the measured ones, with what was decided about each."""
        if self.page is None:
            return []
        decided, since = store.decisions(*self.own), self.page.enrolled_at
        measured = [self._measured(kind, since, decided.get(TILE + kind)) for kind in MEASURED]
        evidence = store.EVIDENCE.all(*self.own)
        return measured + [self.item(one, decided.get(one.id)) for one in evidence]

    def public_items(self) -> list[TrustItem]:
        return [item for item in self.items() if item.is_allowed and self._is_genuine(item)]

    def item(self, evidence: Evidence, found: Decision | None) -> TrustItem:
        topic, title, at = evidence.topic, evidence.title, evidence.published_at
        item = _item(found, id=evidence.id, category="evidence", topic=topic, title=title,
                     status=UNKNOWN, updated_at=at, evidence=evidence)  # fmt: skip
        return replace(item, status=evidence.status(self.now, is_allowed=item.is_allowed))

    def publish(self, evidence: Evidence, content: bytes) -> TrustItem:
        """Keeps, signs and decides about a new document."""
        lake.keep(self.connection, self.services.lake, tenant_id=self.tenant_id,
                  name=f"evidence/{evidence.id}", content=content, media_type=evidence.media_type,
                  now=self.now)  # fmt: skip
        signature = self.services.identity.sign(evidence.claim(self.tenant_id))
        signed = replace(evidence, signature=b64encode(signature).decode())
        store.EVIDENCE.add(*self.own, signed)
        return self.item(signed, self._decide(signed))

    def decide_all(self) -> None:
        """Asks the policies in force about all of the items, and records what they say."""
        decide_tiles(*self.own, self.now)
        for evidence in store.EVIDENCE.all(*self.own):
            try:
                self._decide(evidence)
            except LakeAwayError:
                # Nobody can say: the last decision stays, and no document is shown unread.
                LOG.exception("%s could not be decided about", evidence.id)

    def _measured(self, kind: str, enrolled_at: datetime, found: Decision | None) -> TrustItem:
        """The share of the past by the objective that was declared once for everybody."""
        # Only minutes count to which no process adds any more, so that what is read here stays.
        until = (self.now - timedelta(seconds=2 * FLUSH)).replace(second=0, microsecond=0)
        title, share = MEASURED[kind]
        objective = self.services.objectives.objectives[kind]
        since = until - timedelta(days=objective["windowDays"])
        totals = self.services.requests.past(*self.own, since, until)
        measured = totals.newest and totals.newest + MINUTE
        value = share(totals, objective) if totals.requests else None
        status = tile_status(objective, value, measured, self.now)
        # Where nothing was measured, this has been so since the tenant takes part.
        return _item(found, id=TILE + kind, category="slo", topic=kind, title=title, status=status,
                     updated_at=measured or enrolled_at)  # fmt: skip

    def _decide(self, evidence: Evidence) -> Decision:
        asked = {
            "category": "evidence",
            "contains_pii": evidence.contains_pii,
            "hash": evidence.sha256,
            "signature": evidence.signature,
            "signature_verified": is_genuine(self.services, self.tenant_id, evidence),
        }
        return store.record_decision(*self.own, evidence.id, policy.decide(asked), self.now)

    def _is_genuine(self, item: TrustItem) -> bool:
        try:
            return not item.evidence or is_genuine(self.services, self.tenant_id, item.evidence)
        except LakeAwayError:
            LOG.exception("the evidence %s cannot be read", item.id)
            return False


def decide_tiles(connection: Connection, tenant_id: str, now: datetime) -> None:
    """A measured share is about no person."""
    decision = policy.decide({"category": "slo", "contains_pii": False})
    for kind in MEASURED:
        store.record_decision(connection, tenant_id, TILE + kind, decision, now)


def is_genuine(services: Services, tenant_id: str, evidence: Evidence) -> bool:
    """Whether the lake still holds the document and the signature is ours, for just this.

    Raises LakeAwayError.
    """
    identity, claim = services.identity, evidence.claim(tenant_id)
    try:
        services.lake.get(evidence.sha256)
        signature = b64decode(evidence.signature, validate=True)
        verify_bytes(claim, signature, identity.certificate_pem, identity.root_pem)
    except (DamagedObjectError, SignatureError, ValueError):
        LOG.exception("the evidence %s is not what it was", evidence.id)
        return False
    return True


def _item(found: Decision | None, *, updated_at: datetime, **shown: Any) -> TrustItem:
    """What is shown, and what was decided: a decision of other policies than in force is none."""
    digest = policy.digest()
    if found is None or found.policy_sha256 != digest:
        found = Decision(is_allowed=False, reasons=[UNDECIDED], policy_sha256=digest,
                         decided_at=updated_at)  # fmt: skip
    return TrustItem(updated_at=updated_at, **shown, **asdict(found))

"""When evidence is still what was published, and what is decided while the lake is away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.documents.identity import Identity
from intelgraph_server.lake import Lake, LakeAwayError
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.trust_portal import items, store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from intelgraph_server.testing import Demo
    from intelgraph_server.trust_portal.model import Evidence

    Publish = Callable[..., Awaitable[Any]]


@pytest.fixture
async def evidence(demo: Demo, publish: Publish) -> Evidence:
    await publish()
    with demo.server.database.reading() as connection:
        (evidence,) = store.EVIDENCE.all(connection, "acme")
        return evidence


async def test_what_was_published_is_genuine(demo: Demo, evidence: Evidence) -> None:
    assert items.is_genuine(demo.server.services, "acme", evidence)


async def test_a_signature_of_one_tenant_is_none_for_another(
    demo: Demo, evidence: Evidence
) -> None:
    assert not items.is_genuine(demo.server.services, "globex", evidence)


async def test_a_signature_of_another_issuer_is_none(
    demo: Demo, evidence: Evidence, tmp_path: Path
) -> None:
    services = replace(demo.server.services, identity=Identity(tmp_path / "other.pem"))

    assert not items.is_genuine(services, "acme", evidence)


async def test_every_word_of_the_claim_is_signed(demo: Demo, evidence: Evidence) -> None:
    changed = [
        replace(evidence, contains_pii=True),
        replace(evidence, media_type="text/html"),
        replace(evidence, title="Certificate"),
        replace(evidence, id="other"),
    ]

    genuine = [items.is_genuine(demo.server.services, "acme", one) for one in changed]

    assert genuine == [False] * 4


async def test_a_lake_that_is_away_changes_no_decision_and_shows_no_document(
    demo: Demo, evidence: Evidence, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    services = replace(demo.server.services, lake=Lake(f"file://{tmp_path}/file/lake"))

    with demo.server.database.writing() as connection:
        before = store.decisions(connection, "acme")
        portal = items.Portal(connection, services, "acme", DEFAULT_CLOCK)
        portal.decide_all()
        shown = portal.public_items()
        after = store.decisions(connection, "acme")

    with pytest.raises(LakeAwayError):
        items.is_genuine(services, "acme", evidence)
    assert before == after
    assert [item.category for item in shown] == ["slo"] * 3

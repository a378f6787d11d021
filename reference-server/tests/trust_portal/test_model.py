from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intelgraph_server.trust_portal.model import Evidence, tile_status

NOW = datetime(2026, 4, 15, tzinfo=UTC)
SLO = {"target": 0.99, "atRiskBelow": 0.9925, "windowDays": 30, "latencyMs": 500}
ERRORS = {"target": 0.01, "atRiskAbove": 0.005, "windowDays": 30}


def evidence(**changes: Any) -> Evidence:
    given = {"id": "a", "title": "Title", "media_type": "text/plain", "published_at": NOW}
    return Evidence(topic="security", contains_pii=False, sha256="b" * 64, **given | changes)


@pytest.mark.parametrize(
    ("objective", "share", "status"),
    [
        (SLO, 1.0, "met"),
        (SLO, 0.9925, "met"),
        (SLO, 0.99249, "at_risk"),
        (SLO, 0.99, "at_risk"),
        (SLO, 0.98999, "breached"),
        (SLO, 0.0, "breached"),
        (SLO, None, "unknown"),
        (ERRORS, 0.0, "met"),
        (ERRORS, 0.005, "met"),
        (ERRORS, 0.00501, "at_risk"),
        (ERRORS, 0.01, "at_risk"),
        (ERRORS, 0.01001, "breached"),
        (ERRORS, None, "unknown"),
    ],
)
def test_a_tile_stands_by_its_thresholds_which_are_themselves_still_good(
    objective: dict[str, float], share: float | None, status: str
) -> None:
    assert tile_status(objective, share, NOW, NOW) == status


@pytest.mark.parametrize(
    ("age", "status"),
    [(timedelta(days=1), "met"), (timedelta(days=1, seconds=1), "unknown"), (None, "unknown")],
)
def test_a_tile_without_a_recent_measurement_is_unknown(age: timedelta | None, status: str) -> None:
    measured = None if age is None else NOW - age

    assert tile_status(SLO, 1.0, measured, NOW) == status


@pytest.mark.parametrize(
    ("age", "is_allowed", "status"),
    [
        (timedelta(0), True, "published"),
        (timedelta(days=365), True, "published"),
        (timedelta(days=365, seconds=1), True, "unknown"),
        (timedelta(0), False, "withheld"),
        (timedelta(days=999), False, "withheld"),
    ],
)
def test_evidence_of_more_than_a_year_ago_says_nothing_about_today(
    age: timedelta, *, is_allowed: bool, status: str
) -> None:
    assert evidence(published_at=NOW - age).status(NOW, is_allowed=is_allowed) == status


@pytest.mark.parametrize("evidence_id", ["a", "pentest-2026.1", "A_b", "9" * 64])
def test_an_id_of_letters_and_digits_is_accepted(evidence_id: str) -> None:
    assert all(evidence(id=evidence_id, media_type="application/pdf").expected().values())


@pytest.mark.parametrize(
    ("evidence_id", "title", "media_type", "said"),
    [
        ("", "Title", "text/plain", "An id"),
        ("a" * 65, "Title", "text/plain", "An id"),
        (".hidden", "Title", "text/plain", "An id"),
        ("tile:uptime", "Title", "text/plain", "An id"),
        ("../escape", "Title", "text/plain", "An id"),
        ("a\n", "Title", "text/plain", "An id"),
        ("a", "", "text/plain", "A title"),
        ("a", " ", "text/plain", "A title"),
        ("a", "a\nb", "text/plain", "A title"),
        ("a", "t" * 201, "text/plain", "A title"),
        ("a", "Title", "text", "A media type"),
        ("a", "Title", "text/html; charset=utf-8", "A media type"),
        ("a", "Title", "text/plain\r\nX: y", "A media type"),
    ],
)
def test_a_name_that_could_mislead_is_refused(
    evidence_id: str, title: str, media_type: str, said: str
) -> None:
    expected = evidence(id=evidence_id, title=title, media_type=media_type).expected()

    (missed,) = [sentence for sentence, is_so in expected.items() if not is_so]
    assert missed.startswith(said)

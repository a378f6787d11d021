from __future__ import annotations

import pytest

from intelgraph_server.residency_audit import rules
from intelgraph_server.residency_audit.model import Status


@pytest.mark.parametrize(
    ("region", "dest_region", "expected"),
    [
        ("eu-west-1", "eu-west-1", "COMPLIANT"),
        ("eu-west-1", "eu-central-1", "COMPLIANT"),
        ("eu", "eu-west-1", "COMPLIANT"),
        ("us-east-1", "us", "COMPLIANT"),
        ("eu-west-1", "us-east-1", "VIOLATION"),
        ("eu", "eu-west-2", "VIOLATION"),
        ("eu", "eu-central-2", "VIOLATION"),
        ("eu", None, "UNKNOWN"),
        ("eu", "moon-1", "UNKNOWN"),
        ("moon-1", "eu", "UNKNOWN"),
        ("moon-1", "moon-1", "UNKNOWN"),
        ("moon-1", None, "UNKNOWN"),
    ],
)
def test_an_export_is_judged_by_the_jurisdictions_of_both_ends(
    region: str, dest_region: str | None, expected: str
) -> None:
    assert rules.status(region, "exp_1", dest_region) == expected


@pytest.mark.parametrize("region", ["eu", "moon-1"])
def test_a_dataset_without_exports_is_not_judged(region: str) -> None:
    assert rules.status(region, None, None) is Status.NO_EXPORTS


@pytest.mark.parametrize("region", sorted(rules.JURISDICTIONS))
def test_only_two_known_regions_can_be_compliant(region: str) -> None:
    stranger = f"{region}-x"

    assert rules.is_region(region)
    assert rules.status(region, "exp_1", region) is Status.COMPLIANT
    assert rules.status(region, "exp_1", stranger) is Status.UNKNOWN
    assert rules.status(stranger, "exp_1", region) is Status.UNKNOWN


def test_a_region_belongs_to_one_jurisdiction() -> None:
    listed = " ".join(rules.REGIONS.values()).split()

    assert len(listed) == len(set(listed)) == len(rules.JURISDICTIONS)


def test_an_unknown_export_counts_as_not_compliant() -> None:
    counts = {Status.COMPLIANT: 3, Status.UNKNOWN: 1, Status.NO_EXPORTS: 7}

    assert rules.summary(counts).compliant_share == 0.75


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ({Status.COMPLIANT: 2}, 1.0),
        ({Status.COMPLIANT: 1, Status.VIOLATION: 1}, 0.5),
        ({Status.UNKNOWN: 1}, 0.0),
        ({Status.NO_EXPORTS: 9}, None),
        ({}, None),
    ],
)
def test_the_share_is_of_what_was_exported(counts: dict[Status, int], share: float | None) -> None:
    assert rules.summary(counts).compliant_share == share


def test_a_single_unknown_export_among_very_many_is_not_rounded_away() -> None:
    share = rules.summary({Status.COMPLIANT: 10**9, Status.UNKNOWN: 1}).compliant_share

    assert share is not None
    assert share < 1


@pytest.mark.parametrize("text", ["a", "0", "Exp_1.2-x", "a" * 64])
def test_an_id_is_short_and_plain(text: str) -> None:
    assert rules.is_id(text)


@pytest.mark.parametrize("text", ["", "-a", ".a", "a b", "é", "a\n", "a" * 65])
def test_anything_else_is_no_id(text: str) -> None:
    assert not rules.is_id(text)


@pytest.mark.parametrize("text", ["", "EU", "eu west", "eu_west", "eu\n", "e" * 65])
def test_a_region_is_lower_case_letters_digits_and_hyphens(text: str) -> None:
    assert not rules.is_region(text)

"""What the given policy and the stricter one say, and that nothing undefined is let through."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from intelgraph_server.trust_portal import policy

GIVEN = """package intelgraph.trust

allow_publish(item) {
  item.category == "slo"; item.contains_pii == false
} else {
  item.category == "evidence"; item.hash != ""; item.signature != ""
}
"""
SLO = {"category": "slo", "contains_pii": False}
GOOD = {
    "category": "evidence",
    "contains_pii": False,
    "hash": "a" * 64,
    "signature": "MEUC",
    "signature_verified": True,
}
CATEGORY = "The category is neither `slo` nor `evidence`."
PII = "It is not said to be free of data about persons."
HASH = "The hash is no SHA-256 in lower case hexadecimal digits."
SIGNATURE = "The signature was not verified."
ALL = [policy.NOT_GIVEN, CATEGORY, PII]


def test_the_specifications_policy_is_kept_as_it_was_given() -> None:
    assert policy.sources()["trust.rego"].decode() == GIVEN


@pytest.mark.parametrize(
    ("item", "reasons"),
    [
        (SLO, []),
        (GOOD, []),
        (SLO | {"status": "breached"}, []),
        (SLO | {"contains_pii": True}, [policy.NOT_GIVEN, PII]),
        (SLO | {"contains_pii": None}, [policy.NOT_GIVEN, PII]),
        (SLO | {"contains_pii": "false"}, [policy.NOT_GIVEN, PII]),
        (SLO | {"contains_pii": 0}, [policy.NOT_GIVEN, PII]),
        ({"category": "slo"}, [policy.NOT_GIVEN, PII]),
        # The two holes of the given policy, which allows both.
        (GOOD | {"contains_pii": True}, [PII]),
        (GOOD | {"hash": None, "signature": None, "signature_verified": False}, [HASH, SIGNATURE]),
        (GOOD | {"hash": ""}, [policy.NOT_GIVEN, HASH]),
        (GOOD | {"signature": ""}, [policy.NOT_GIVEN]),
        (GOOD | {"hash": "A" * 64}, [HASH]),
        (GOOD | {"hash": "a" * 63}, [HASH]),
        (GOOD | {"hash": "a" * 65}, [HASH]),
        (GOOD | {"hash": ["a" * 64]}, [HASH]),
        (GOOD | {"signature_verified": False}, [SIGNATURE]),
        (GOOD | {"signature_verified": "true"}, [SIGNATURE]),
        ({k: v for k, v in GOOD.items() if k != "signature_verified"}, [SIGNATURE]),
        ({k: v for k, v in GOOD.items() if k != "hash"}, [policy.NOT_GIVEN, HASH]),
        (GOOD | {"category": "raw"}, ALL[:2]),
        (GOOD | {"category": None}, ALL[:2]),
        (GOOD | {"category": ["slo", "evidence"]}, ALL[:2]),
        ({}, ALL),
        # A value is never a program.
        (SLO | {"category": 'slo"; true #'}, ALL[:2]),
        (SLO | {"category": "slo\\"}, ALL[:2]),
        (GOOD | {"hash": "x} allow_publish(item) { true"}, [HASH]),
        (GOOD | {"data": {"intelgraph": {"trust": True}}, "contains_pii": True}, [PII]),
    ],
)
def test_an_item_is_allowed_only_without_any_reason_against_it(
    item: dict[str, Any], reasons: list[str]
) -> None:
    decision = policy.decide(item)

    assert sorted(decision.reasons) == sorted(reasons)
    assert decision.is_allowed is (not reasons)


@pytest.mark.parametrize(
    "item",
    [SLO | {"title": "a\nb\x00"}, SLO | {"title": object()}, SLO | {"title": float("nan")}],
    ids=["control characters", "no JSON", "no number"],
)
def test_what_cannot_be_evaluated_is_not_allowed(item: dict[str, Any]) -> None:
    decision = policy.decide(item)

    assert (decision.is_allowed, decision.reasons) == (False, [policy.NOT_EVALUATED])


def test_the_next_item_does_not_inherit_from_one_that_could_not_be_evaluated() -> None:
    policy.decide(SLO | {"title": object()})

    assert not policy.decide({}).is_allowed
    assert policy.decide(SLO).is_allowed


def test_each_thread_has_an_interpreter_of_its_own() -> None:
    items = [SLO, GOOD, GOOD | {"contains_pii": True}, {}] * 25

    with ThreadPoolExecutor(4) as threads:
        allowed = list(threads.map(lambda item: policy.decide(item).is_allowed, items))

    assert allowed == [True, True, False, False] * 25


def test_the_digest_is_that_of_both_policies_and_goes_with_every_decision() -> None:
    digests = [sha256(source).digest() for source in policy.sources().values()]

    assert len(digests) == 2
    assert policy.decide({}).policy_sha256 == sha256(b"".join(digests)).hexdigest()


def test_the_evaluator_is_known_to_one_module_and_asked_nothing_that_ends_the_process() -> None:
    package = Path(policy.__file__).parents[1]
    knowing = [
        p
        for p in package.rglob("*.py")
        if re.search(r"import regopy|from regopy", p.read_text("utf-8"))
    ]
    text = Path(policy.__file__).read_text("utf-8")

    assert knowing == [Path(policy.__file__)]
    assert "binding(" not in text
    assert "expressions()" not in text

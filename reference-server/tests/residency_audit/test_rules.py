from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph_server.generated.enums import ResidencyStatus as Status
from intelgraph_server.residency_audit import rules
from intelgraph_server.residency_audit.model import ResidencySummary


def test_every_region_that_is_known_can_be_recorded() -> None:
    assert [region for region in rules.JURISDICTIONS if not rules.is_region(region)] == []


def test_a_region_belongs_to_one_jurisdiction() -> None:
    listed = " ".join(rules.REGIONS.values()).split()

    assert len(listed) == len(set(listed)) == len(rules.JURISDICTIONS)


def test_an_unknown_export_counts_as_not_compliant() -> None:
    counts = {Status.COMPLIANT: 3, Status.UNKNOWN: 1, Status.NO_EXPORTS: 7}

    assert ResidencySummary.of(counts).compliant_share == 0.75


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
    assert ResidencySummary.of(counts).compliant_share == share


def test_a_single_unknown_export_among_very_many_is_not_rounded_away() -> None:
    share = ResidencySummary.of({Status.COMPLIANT: 10**9, Status.UNKNOWN: 1}).compliant_share

    assert share is not None
    assert share < 1


@pytest.mark.parametrize("text", ["", "EU", "eu west", "eu_west", "eu\n", "e" * 65])
def test_a_region_is_lower_case_letters_digits_and_hyphens(text: str) -> None:
    assert not rules.is_region(text)


INSTANTS = st.datetimes(datetime(1, 2, 1), datetime(9999, 8, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
TICK = timedelta(microseconds=1)


@given(INSTANTS)
def test_an_instant_lies_in_its_quarter_and_before_the_next(at: datetime) -> None:
    start, following = rules.quarter_start(at), rules.next_quarter_start(at)

    assert start <= at < following
    assert (start.month in {1, 4, 7, 10}, start.day) == (True, 1)
    assert start.timetz() == datetime(1, 1, 1, tzinfo=UTC).timetz()
    assert timedelta(days=90) <= following - start <= timedelta(days=92)
    assert rules.quarter_start(following) == following


@given(INSTANTS)
def test_all_instants_of_a_quarter_have_its_name_and_no_other_has(at: datetime) -> None:
    start, following = rules.quarter_start(at), rules.next_quarter_start(at)

    name = rules.quarter_of(at)
    assert name == f"{at.year:04}-Q{(at.month + 2) // 3}"
    assert rules.quarter_of(start) == rules.quarter_of(following - TICK) == name
    assert rules.quarter_of(following) != name


@given(INSTANTS.filter(lambda at: at.year > 1))
def test_the_last_ended_quarter_ends_where_the_running_one_begins(at: datetime) -> None:
    assert rules.last_ended_quarter(at) == rules.quarter_of(rules.quarter_start(at) - TICK)
    assert rules.last_ended_quarter(rules.next_quarter_start(at)) == rules.quarter_of(at)


@given(INSTANTS.filter(lambda at: at.year > 1), OFFSETS)
def test_quarters_are_those_of_utc_wherever_the_instant_was_written(
    at: datetime, offset: timezone
) -> None:
    assert rules.quarter_of(at.astimezone(offset)) == rules.quarter_of(at)
    assert rules.next_quarter_start(at.astimezone(offset)) == rules.next_quarter_start(at)


@pytest.mark.parametrize(
    ("at", "ended"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2025-Q4"),
        (datetime(2026, 4, 1, tzinfo=UTC) - TICK, "2025-Q4"),
        (datetime(2026, 4, 1, tzinfo=UTC), "2026-Q1"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-Q3"),
        (datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-Q3"),
    ],
)
def test_a_quarter_has_ended_at_its_last_instant(at: datetime, ended: str) -> None:
    assert rules.last_ended_quarter(at) == ended


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({}, "empty"),
        ({Status.NO_EXPORTS: 1}, "empty"),
        ({Status.COMPLIANT: 1}, "compliant"),
        ({Status.COMPLIANT: 1, Status.UNKNOWN: 1}, "unknown"),
        ({Status.UNKNOWN: 1, Status.VIOLATION: 1}, "violated"),
    ],
)
def test_the_worst_judgement_decides_the_verdict(counts: dict[Status, int], verdict: str) -> None:
    assert ResidencySummary.of(counts).verdict == verdict


@pytest.mark.parametrize(
    "text", ["a@b.example", "first.last+tag@mail.acme-corp.example", "a" * 64 + "@b.example"]
)
def test_a_plain_address_is_an_email(text: str) -> None:
    assert rules.is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "@b.example",
        "-oQ/tmp@b.example",
        "a@b@c.example",
        "a b@c.example",
        "a@b.example\n",
        "a@b.example,c@d.example",
        "<a@b.example>",
        '"a"@b.example',
        "é@b.example",
        "a@é.example",
        "a@[127.0.0.1]",
        "a@-b.example",
        "a@b..example",
        "a" * 65 + "@b.example",
        f"a@{'b.' * 130}example",
    ],
)
def test_anything_else_is_no_email(text: str) -> None:
    assert not rules.is_email(text)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example",
        "https://acme.example:8443/hook?team=1",
        "https://10.0.0.1/",
        "https://[2001:db8::1]/",
        "https://ACME.example/",
    ],
)
def test_a_webhook_is_sent_over_tls(url: str) -> None:
    assert rules.is_webhook(url, is_local=False)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_only_a_local_server_sends_to_itself_in_the_clear(host: str) -> None:
    assert rules.is_webhook(f"http://{host}:8080/", is_local=True)
    assert not rules.is_webhook(f"http://{host}:8080/", is_local=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme.example",
        "http://acme.example/",
        "http://127.0.0.1.acme.example/",
        "http://0.0.0.0/",
        "ftp://acme.example/",
        "https://",
        "https:///hook",
        "https://user@acme.example/",
        "https://user:secret@acme.example/",
        "https://acme.example/#part",
        "https://acme.example\\@127.0.0.1/",
        "https://acme.example/a b",
        "https://acme.example/\r\nHost: other",
        "https://acme.example:port/",
        "https://acme.example:99999/",
        "https://[::1/",
        "https://exämple.example/",
        "https://acme_corp.example/",
        f"https://{'a' * 64}.example/",
        f"https://acme.example/{'a' * 2048}",
    ],
)
def test_anything_else_is_no_webhook(url: str) -> None:
    assert not rules.is_webhook(url, is_local=True)


@pytest.mark.parametrize("host", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_an_address_that_anybody_may_have_is_public(host: str) -> None:
    assert rules.is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "localhost",
    ],
)
def test_an_address_inside_a_network_is_not_public(host: str) -> None:
    assert not rules.is_public(host)


def test_pauses_double_and_end_after_three_days() -> None:
    pauses = [rules.pause(attempt) for attempt in range(1, rules.MOST_ATTEMPTS)]

    assert pauses[:3] == [timedelta(seconds=s) for s in (10, 20, 40)]
    assert max(pauses) == timedelta(hours=6)
    assert timedelta(days=3) < sum(pauses, timedelta()) < timedelta(days=4)


def test_the_headers_of_a_webhook_are_those_of_the_example_of_standard_webhooks() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    secret, webhook_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"

    headers = rules.webhook_headers(secret, webhook_id, b'{"test": 2432232314}', at)

    assert headers == {
        "webhook-id": webhook_id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_a_key_of_32_bytes_that_each_tenant_has_alone() -> None:
    secrets = [
        rules.webhook_secret(key, tenant)
        for key in ("one", "another")
        for tenant in ("acme", "globex")
    ]

    assert len(set(secrets)) == 4
    assert {len(b64decode(s.removeprefix("whsec_"), validate=True)) for s in secrets} == {32}

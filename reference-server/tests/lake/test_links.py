"""Links that expire, and what is none of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer

from intelgraph_server.lake.links import LIFETIME, LinkError, Links

KEY = "a key for tests that is long enough to sign with"
NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)


@dataclass
class Time:
    """A clock that is set by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def links(time: Time) -> Links:
    return Links(KEY, time, "https://trust.example/")


def token(link: str) -> str:
    before, token = link.split("/lake/")
    assert before == "https://trust.example"
    return token


def test_a_link_leads_to_what_it_was_issued_for(links: Links) -> None:
    link = links.issue("acme", "reports/año 1.pdf")

    assert links.read(token(link)) == ("acme", "reports/año 1.pdf")
    assert token(link).isascii()
    assert "/" not in token(link)


def test_a_link_works_to_its_last_second_and_no_longer(links: Links, time: Time) -> None:
    link = token(links.issue("acme", "a"))

    time.now += timedelta(seconds=LIFETIME - 1)
    links.read(link)
    time.now += timedelta(seconds=1)

    with pytest.raises(LinkError, match="has expired; ask for a new one"):
        links.read(link)


def test_a_link_in_which_any_character_is_changed_is_refused(links: Links) -> None:
    link = token(links.issue("acme", "a"))

    for place, character in enumerate(link):
        other = "A" if character != "A" else "B"
        # Of the last character of a signature only some bits count.
        if place < len(link) - 1:
            with pytest.raises(LinkError, match="not issued by this server"):
                links.read(link[:place] + other + link[place + 1 :])


def test_a_link_of_another_key_is_refused(links: Links, time: Time) -> None:
    other = Links(KEY + "!", time, "https://trust.example")

    with pytest.raises(LinkError, match="not issued by this server"):
        links.read(token(other.issue("acme", "a")))


def test_what_the_key_signed_for_another_purpose_is_no_link(links: Links) -> None:
    foreign = URLSafeSerializer(KEY, salt="another purpose").dumps(["acme", "a", 9_999_999_999])

    with pytest.raises(LinkError, match="not issued by this server"):
        links.read(str(foreign))


@pytest.mark.parametrize("token", ["", ".", "a.b", "é", "\ud800", "." * 10_000])
def test_what_is_no_token_at_all_is_refused(links: Links, token: str) -> None:
    with pytest.raises(LinkError, match="not issued by this server"):
        links.read(token)

"""Documents are written once and told from what was put in; names are given once, links expire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from itsdangerous import URLSafeSerializer

from intelgraph_server import lake as documents
from intelgraph_server.lake import (
    LIFETIME,
    DamagedObjectError,
    Lake,
    LakeAwayError,
    LinkError,
    Links,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from intelgraph_server.database.engine import Database
    from intelgraph_server.lake import LakeObject

KEY = "a key for tests that is long enough to sign with"
NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
CONTENT = b"%PDF"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def database(filled: Database) -> Database:
    """A database with the tenants that documents are of."""
    return filled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not there yet"


@pytest.fixture
def lake(folder: Path) -> Lake:
    return Lake(f"file://{folder}")


def place(folder: Path) -> Path:
    return folder / "sha256" / DIGEST[:2] / DIGEST


def keep(connection: Connection, lake: Lake, **given: Any) -> LakeObject:
    values = {
        "tenant_id": "acme",
        "name": "invoices/1.pdf",
        "content": CONTENT,
        "media_type": "application/pdf",
        "now": NOW,
    }
    return documents.keep(connection, lake, **(values | given))


def test_a_document_is_found_under_its_name_with_its_digest(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        kept = keep(connection, lake)

    with database.reading() as connection:
        found = documents.find(connection, "acme", "invoices/1.pdf")
    assert found == kept
    assert (kept.sha256, kept.size) == (sha256(CONTENT).hexdigest(), 4)
    assert kept.uri == "lake://acme/invoices/1.pdf"
    assert lake.get(kept.sha256) == CONTENT


def test_the_same_again_answers_what_is_there(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        first = keep(connection, lake)
        later = datetime(2026, 4, 16, tzinfo=UTC)

        assert keep(connection, lake, now=later) == first


def test_a_name_that_stands_for_another_document_is_refused(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        kept = keep(connection, lake)

        with pytest.raises(documents.NameTakenError, match=r"invoices/1\.pdf stands for another"):
            keep(connection, lake, content=b"other")
        assert documents.find(connection, "acme", "invoices/1.pdf") == kept


def test_each_tenant_has_names_of_its_own(database: Database, lake: Lake) -> None:
    with database.writing() as connection:
        keep(connection, lake)
        other = keep(connection, lake, tenant_id="globex", content=b"other")

        assert documents.find(connection, "globex", "invoices/1.pdf") == other
        assert documents.find(connection, "initech", "invoices/1.pdf") is None


def test_a_lake_that_is_away_leaves_no_name_behind(database: Database, tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("in the way", "utf-8")

    with database.writing() as connection:
        with pytest.raises(LakeAwayError):
            keep(connection, Lake(f"file://{tmp_path}/lake"))

        assert documents.find(connection, "acme", "invoices/1.pdf") is None


def test_of_two_who_take_a_name_at_once_one_is_refused(database: Database, lake: Lake) -> None:
    refused: list[Exception] = []

    def second() -> None:
        try:
            with database.writing() as connection:
                keep(connection, lake, content=b"second")
        except documents.NameTakenError as error:
            refused.append(error)

    waiting = Thread(target=second)
    with database.writing() as connection:
        first = keep(connection, lake)
        waiting.start()
        waiting.join(0.3)
        is_waiting = waiting.is_alive()
    waiting.join()

    with database.reading() as connection:
        assert documents.find(connection, "acme", "invoices/1.pdf") == first
    assert is_waiting
    assert len(refused) == 1


@pytest.mark.parametrize("content", [CONTENT, b"", bytes(range(256)) * 10_000])
def test_what_is_put_in_is_got_back_by_its_digest(lake: Lake, content: bytes) -> None:
    digest = lake.put(content)

    assert digest == sha256(content).hexdigest()
    assert lake.get(digest) == content


def test_the_same_again_is_no_second_write(lake: Lake, folder: Path) -> None:
    lake.put(CONTENT)
    written = place(folder).stat()

    assert lake.put(CONTENT) == DIGEST
    assert place(folder).stat().st_mtime_ns == written.st_mtime_ns
    assert place(folder).stat().st_ino == written.st_ino


def test_another_process_reads_what_this_one_wrote(lake: Lake, folder: Path) -> None:
    lake.put(CONTENT)

    assert Lake(f"file://{folder}").get(DIGEST) == CONTENT


def test_a_lake_in_memory_keeps_what_it_is_given() -> None:
    lake = Lake("memory:///")

    assert lake.get(lake.put(CONTENT)) == CONTENT


def test_an_object_that_was_altered_is_not_given_out(lake: Lake, folder: Path) -> None:
    lake.put(CONTENT)
    place(folder).write_bytes(CONTENT + b"!")

    with pytest.raises(DamagedObjectError, match=DIGEST):
        lake.get(DIGEST)


def test_putting_in_what_was_altered_meanwhile_is_not_taken_for_done(
    lake: Lake, folder: Path
) -> None:
    lake.put(CONTENT)
    place(folder).write_bytes(CONTENT + b"!")

    with pytest.raises(DamagedObjectError):
        lake.put(CONTENT)


def test_an_object_that_is_lost_is_the_lake_being_away(lake: Lake, folder: Path) -> None:
    lake.put(CONTENT)
    place(folder).unlink()

    with pytest.raises(LakeAwayError, match="has lost"):
        lake.get(DIGEST)


def test_a_lake_that_cannot_be_opened_is_away_and_comes_back(lake: Lake, folder: Path) -> None:
    folder.write_text("in the way", "utf-8")
    with pytest.raises(LakeAwayError, match="cannot be written to"):
        lake.put(CONTENT)
    with pytest.raises(LakeAwayError, match="cannot be read"):
        lake.get(DIGEST)

    folder.unlink()

    assert lake.get(lake.put(CONTENT)) == CONTENT


@pytest.fixture
def busy_store() -> Iterator[tuple[str, list[str]]]:
    """The address of an object store that is always busy, and what it was asked."""
    asked: list[str] = []

    class Busy(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            asked.append(self.path)
            self.send_error(503)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_store_that_stays_busy_is_given_up_after_two_more_tries(
    busy_store: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = busy_store
    for name, value in {
        "AWS_ENDPOINT": address,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_REGION": "eu-west-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(LakeAwayError):
        Lake("s3://bucket").put(CONTENT)

    assert len(asked) == 3


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

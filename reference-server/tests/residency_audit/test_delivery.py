"""That a report reaches its recipients, who can tell whom it is from."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import threading
from contextlib import suppress
from email import message_from_bytes
from email.policy import default
from http.client import HTTPException
from socket import create_server
from typing import TYPE_CHECKING
from urllib.request import Request

import pytest
from sqlalchemy import event, update

from intelgraph_server.database.tables import RESIDENCY_DELIVERIES
from intelgraph_server.generated.enums import DeliveryChannel as Channel
from intelgraph_server.residency_audit import reports, rules
from intelgraph_server.residency_audit.delivery import status_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from conftest import House, Inbox, Post

ADMIN = "admin@acme.example"


def message_of(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)  # type: ignore[return-value]


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Written from the specification of Standard Webhooks alone, as a recipient would."""
    sent = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, sent + body, "sha256")).decode()
    return hmac.compare_digest(f"v1,{expected}", headers["webhook-signature"])


def test_a_webhook_tells_of_the_report_and_keeps_the_receipt(house: House, inbox: Inbox) -> None:
    house.schedule(webhook_url=f"{inbox.url}/hook?team=1")

    house.work()

    ((path, headers, body),) = inbox.requests
    assert path == "/hook?team=1"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "type": "residency.report.created",
        "timestamp": "2026-04-15T00:00:00Z",
        "data": {
            "id": "2026-Q1-en",
            "tenant": "acme",
            "quarter": "2026-Q1",
            "isCompliant": False,
            "uri": "lake://acme/residency/2026-Q1-en.pdf",
        },
    }
    (delivery,) = house.deliveries()
    assert (delivery.channel, delivery.attempts) == (Channel.WEBHOOK, 1)
    assert delivery.delivered_at == house.now
    assert delivery.receipt == f"200 {headers['webhook-id']}"


def test_a_webhook_is_signed_with_the_key_of_its_tenant(house: House, inbox: Inbox) -> None:
    key = house.services.settings.signing_key
    house.schedule(webhook_url=inbox.url)

    house.work()

    ((_, headers, body),) = inbox.requests
    secret = rules.webhook_secret(key, "acme")
    assert headers["webhook-timestamp"] == str(int(house.now.timestamp()))
    assert is_signed(headers, body, secret)
    assert not is_signed(headers, body + b" ", secret)
    assert not is_signed(headers | {"webhook-timestamp": "1776211201"}, body, secret)
    assert not is_signed(headers | {"webhook-id": "dlv_another"}, body, secret)
    assert not is_signed(headers, body, rules.webhook_secret(key, "globex"))
    assert not is_signed(headers, body, rules.webhook_secret("another key", "acme"))


def test_a_webhook_that_is_answered_with_500_is_sent_again(house: House, inbox: Inbox) -> None:
    inbox.answers = [500]
    house.schedule(webhook_url=inbox.url)

    house.work()
    assert [d.delivered_at for d in house.deliveries()] == [None]
    house.work(seconds=9)
    assert len(inbox.requests) == 1
    house.work(seconds=1)

    (delivery,) = house.deliveries()
    assert delivery.attempts == 2
    assert (delivery.receipt or "").startswith("200 dlv_")
    first, second = (headers for _, headers, _ in inbox.requests)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) == int(first["webhook-timestamp"]) + 10


@pytest.mark.parametrize("status", [204, 299])
def test_any_answer_that_begins_with_2_takes_a_webhook(
    house: House, inbox: Inbox, status: int
) -> None:
    inbox.answers = [status]
    house.schedule(webhook_url=inbox.url)

    house.work()

    assert (house.deliveries()[0].receipt or "").startswith(f"{status} ")


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404])
def test_a_redirected_webhook_is_neither_followed_nor_taken(
    house: House, inbox: Inbox, status: int
) -> None:
    inbox.answers = [status]
    house.schedule(webhook_url=inbox.url)

    house.work()

    assert [path for path, _, _ in inbox.requests] == ["/"]
    assert [(d.attempts, d.receipt) for d in house.deliveries()] == [(1, None)]


def test_a_server_that_others_reach_posts_to_no_address_inside(house: House, inbox: Inbox) -> None:
    house.with_settings(public_url="https://intelgraph.example")
    house.schedule(webhook_url=inbox.url)

    house.work()

    assert inbox.requests == []
    assert [(d.attempts, d.receipt) for d in house.deliveries()] == [(1, None)]


def test_a_webhook_server_that_nobody_vouches_for_gets_nothing(
    house: House, strange_inbox: Inbox
) -> None:
    house.schedule(webhook_url=strange_inbox.url)

    house.work()

    assert strange_inbox.requests == []
    assert [(d.attempts, d.receipt) for d in house.deliveries()] == [(1, None)]


def test_an_answer_byte_by_byte_does_not_hold_the_jobs_up() -> None:
    sent: list[bytes] = []
    wait, most = threading.Event().wait, 600

    def drip() -> None:
        peer, _ = listener.accept()
        with peer, suppress(OSError):
            for byte in [b"X"] * most:
                peer.sendall(byte)
                sent.append(byte)
                wait(0.05)

    with create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises((HTTPException, OSError)):
            status_of(Request(url, b"{}"), is_local=True, timeout=0.3)
        thread.join()

    assert len(sent) < most


@pytest.mark.parametrize(
    ("locale", "subject", "sentence"),
    [
        ("en", "Data residency report 2026-Q1: not compliant", "At least one export left"),
        (
            "es",
            "Informe de residencia de datos 2026-Q1: no conforme",
            "Al menos una exportación salió",
        ),
    ],
)
def test_a_message_brings_the_report_and_keeps_the_servers_last_word(
    house: House, post: Post, locale: str, subject: str, sentence: str
) -> None:
    house.with_settings(smtp_url=post.url)
    house.schedule(email=ADMIN, locale=locale)

    house.work()

    (message,) = map(message_of, post.taken)
    assert (message["To"], message["From"]) == (ADMIN, "trust@intelgraph.example")
    assert message["Subject"] == subject
    body = message.get_body()
    assert body is not None
    assert sentence in body.get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == f"residency-2026-Q1-{locale}.pdf"
    assert attached.get_content() == house.pdf(f"2026-Q1-{locale}")
    (delivery,) = house.deliveries(f"2026-Q1-{locale}")
    assert (delivery.attempts, delivery.receipt) == (1, "250 kept as 4711")


def test_each_recipient_has_a_receipt_of_its_own(house: House, inbox: Inbox, post: Post) -> None:
    house.with_settings(smtp_url=post.url)
    house.schedule(email=ADMIN, webhook_url=inbox.url)

    house.work()

    email, webhook = house.deliveries()
    assert (email.channel, email.receipt) == (Channel.EMAIL, "250 kept as 4711")
    assert webhook.receipt == f"200 {inbox.requests[0][1]['webhook-id']}"


def test_a_message_that_is_refused_for_now_is_sent_again_under_the_same_id(
    house: House, post: Post
) -> None:
    post.answers = ["451 try again later"]
    house.with_settings(smtp_url=post.url)
    house.schedule(email=ADMIN)

    house.work()
    assert [(d.attempts, d.delivered_at) for d in house.deliveries()] == [(1, None)]
    house.work(minutes=1)
    house.work(days=1)

    assert (len(post.messages), len(post.taken)) == (2, 1)
    first, second = (message_of(content)["Message-ID"] for content in post.messages)
    assert first == second
    (delivery,) = house.deliveries()
    assert (delivery.attempts, delivery.receipt) == (2, "250 kept as 4711")


def test_without_a_mail_server_messages_wait_and_are_not_said_to_be_delivered(
    house: House, post: Post
) -> None:
    house.schedule(email=ADMIN)

    house.work()
    house.work(days=2)
    assert [(d.attempts, d.receipt) for d in house.deliveries()] == [(0, None)]
    house.with_settings(smtp_url=post.url)
    house.work(minutes=1)

    assert [d.attempts for d in house.deliveries()] == [1]
    assert len(post.taken) == 1


def test_a_password_is_not_sent_in_the_clear(house: House, asking_post: Post) -> None:
    # Both are this machine, but only the first says so.
    house.with_settings(smtp_url=f"smtp://me:s%40cret@127.0.0.1:{asking_post.port}")
    house.schedule(email=ADMIN)
    house.work()
    house.with_settings(smtp_url=f"smtp://me:s%40cret@127.1:{asking_post.port}")
    house.schedule(email="other@acme.example")
    house.work()

    assert asking_post.passwords == [(b"me", b"s@cret")]
    assert len(asking_post.taken) == 1


def test_a_mail_server_that_nobody_vouches_for_gets_nothing(
    house: House, strange_post: Post
) -> None:
    house.with_settings(smtp_url=f"smtp://localhost:{strange_post.port}")
    house.schedule(email=ADMIN)

    house.work()

    assert strange_post.messages == []
    assert [d.attempts for d in house.deliveries()] == [1]


def test_a_crash_before_the_receipt_is_kept_sends_once_more(house: House, inbox: Inbox) -> None:
    house.schedule(webhook_url=inbox.url)

    def crash_when_sent(_connection: object) -> None:
        if len(inbox.requests) == 1:
            event.remove(house.server.database.engine, "commit", crash_when_sent)
            raise RuntimeError("the power failed")

    event.listen(house.server.database.engine, "commit", crash_when_sent)
    house.work()
    assert house.deliveries()[0].receipt is None
    house.work(minutes=1)

    assert len({headers["webhook-id"] for _, headers, _ in inbox.requests}) == 1
    assert [(d.attempts, d.receipt is None) for d in house.deliveries()] == [(2, False)]


def test_after_three_days_a_recipient_is_given_up(house: House, closed_port: int) -> None:
    house.schedule(webhook_url=f"http://127.0.0.1:{closed_port}")
    house.work()
    with house.server.database.writing() as connection:
        attempts = {"attempts": rules.MOST_ATTEMPTS - 1}
        connection.execute(update(RESIDENCY_DELIVERIES).values(attempts))

    house.work(days=1)
    house.work(days=1)

    assert [(d.attempts, d.receipt) for d in house.deliveries()] == [(rules.MOST_ATTEMPTS, None)]
    assert house.pending(reports.DELIVERY) == 0


def test_the_log_of_a_failure_tells_neither_recipient_nor_secret(
    house: House, closed_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    house.with_settings(smtp_url=f"smtp://me:s3cret@127.0.0.1:{closed_port}")
    house.schedule(email=ADMIN, webhook_url=f"http://127.0.0.1:{closed_port}/t0ken")

    with caplog.at_level(logging.DEBUG):
        house.work()

    secret = rules.webhook_secret(house.services.settings.signing_key, "acme")
    assert caplog.text.count("failed: ConnectionRefusedError") == 2
    told = [word for word in (ADMIN, "s3cret", "t0ken", secret) if word in caplog.text]
    assert told == []

"""The job that sends one report to one recipient until its server has taken it.

Each attempt is counted before it is made and confirmed after, each in a transaction of its own:
a crash in between sends once more, under the same id, rather than never.
"""

from __future__ import annotations

import json
import logging
import ssl
from contextlib import closing, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from smtplib import SMTP, SMTP_SSL, SMTPResponseException
from socket import SHUT_RDWR, create_connection
from threading import Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit
from urllib.request import Request

from intelgraph_server import lake
from intelgraph_server.engine.scalars import serialize_datetime
from intelgraph_server.generated.enums import DeliveryChannel as Channel
from intelgraph_server.jobs import PostponedError
from intelgraph_server.texts import texts

from . import rules, store
from .model import ReportDelivery

if TYPE_CHECKING:
    from intelgraph_server.jobs import Job, Shift

    from .model import ResidencyReport

LOG: Final = logging.getLogger(__name__)
WAIT: Final = timedelta(minutes=1)  # For a mail server to be set up.
WEBHOOK_TIMEOUT: Final = 5.0  # Seconds, for the connection and for all of the answer.
MAIL_TIMEOUT: Final = 20.0  # Seconds, for each step.
TAKEN: Final = 2  # The first digit with which servers of both kinds say that they took it.


def deliver(job: Job, shift: Shift) -> None:
    tenant_id, smtp_url = job.tenant_id or "", shift.services.settings.smtp_url
    wanted = ReportDelivery(**job.payload)
    if wanted.channel == Channel.EMAIL and smtp_url is None:
        raise PostponedError(shift.now + WAIT)
    with shift.database.writing() as connection:
        delivery = store.begin_attempt(connection, tenant_id, wanted)
        report = store.REPORTS.one(connection, tenant_id, id=wanted.report_id)
        if delivery is None or report is None:
            return
        document = lake.find(connection, tenant_id, report.document)
    delivery_id = rules.delivery_id(tenant_id, delivery)
    try:
        if delivery.channel == Channel.WEBHOOK:
            receipt = _post(tenant_id, report, delivery.recipient, delivery_id, shift)
        else:
            content = shift.services.lake.get(document.sha256 if document else "")
            message = _message(report, delivery.recipient, delivery_id, content, shift)
            receipt = _mail(message, smtp_url or "")
    except (OSError, HTTPException) as error:
        # The class alone: a message may quote what was sent, or to whom.
        LOG.warning("%s failed: %s", delivery_id, type(error).__name__)
        if delivery.attempts >= rules.MOST_ATTEMPTS:
            return
        raise PostponedError(shift.now + rules.pause(delivery.attempts)) from error
    confirmed = {"receipt": receipt, "delivered_at": shift.now}
    with shift.database.writing() as connection:
        store.DELIVERIES.change(connection, tenant_id, confirmed, **wanted.key)


def _post(tenant_id: str, report: ResidencyReport, url: str, delivery_id: str, shift: Shift) -> str:
    """A signed webhook; its receipt is the status of the answer and the id of the sending."""
    settings = shift.services.settings
    event = {
        "type": "residency.report.created",
        "timestamp": serialize_datetime(report.created_at),
        "data": {
            "id": report.id,
            "tenant": tenant_id,
            "quarter": report.quarter,
            "isCompliant": report.is_compliant,
            "uri": report.uri,
        },
    }
    body = json.dumps(event, separators=(",", ":")).encode()
    secret = rules.webhook_secret(settings.signing_key, tenant_id)
    headers = rules.webhook_headers(secret, delivery_id, body, shift.now)
    headers["content-type"] = "application/json"
    status = status_of(
        Request(url, body, headers),  # noqa: S310 - The schedule took no other scheme.
        is_local=rules.leads_here(settings.public_url),
    )
    if status // 100 != TAKEN:
        raise ConnectionError(f"the webhook was answered with {status}")
    return f"{status} {delivery_id}"


def status_of(request: Request, *, is_local: bool, timeout: float = WEBHOOK_TIMEOUT) -> int:
    """Posts once, and never where it is redirected to; raises OSError or HTTPException."""
    is_tls = request.type == "https"
    connection = (HTTPSConnection if is_tls else HTTPConnection)(request.host)
    peer = create_connection((connection.host, connection.port), timeout)

    def hang_up() -> None:
        # The end may have come by itself at this very moment.
        with suppress(OSError):
            peer.shutdown(SHUT_RDWR)

    # Each step has its timeout; this is for who answers slowly, byte by byte.
    deadline = Timer(timeout, hang_up)
    try:
        # Looked at once connected, so that no name can mean another address a moment later.
        if not (is_local or rules.is_public(peer.getpeername()[0])):
            raise ConnectionError("the webhook leads to an address that is not public")
        if is_tls:
            peer = ssl.create_default_context().wrap_socket(peer, server_hostname=connection.host)
        connection.sock = peer
        deadline.start()
        connection.request("POST", request.selector, request.data, request.headers)
        return connection.getresponse().status
    finally:
        deadline.cancel()
        peer.close()


def _message(
    report: ResidencyReport, recipient: str, delivery_id: str, content: bytes, shift: Shift
) -> EmailMessage:
    sender, said = shift.services.settings.mail_from, texts(report.locale)
    told = {"quarter": report.quarter, "verdict": report.summary.verdict}
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"] = sender, recipient
    message["Subject"] = said.say("residency-mail-subject", **told)
    message["Date"] = format_datetime(shift.now)
    message["Message-ID"] = f"<{delivery_id}@{sender.rpartition('@')[2]}>"
    message["Content-Language"] = report.locale
    message.set_content(said.say("residency-mail-body", **told))
    filename = f"residency-{report.id}.pdf"
    message.add_attachment(content, maintype="application", subtype="pdf", filename=filename)
    return message


def _mail(message: EmailMessage, smtp_url: str) -> str:
    """Sends a message; its receipt is what the mail server said when it took it."""
    place = urlsplit(smtp_url)
    host, port, context = place.hostname or "", place.port or 0, ssl.create_default_context()
    is_tls = place.scheme == "smtps"
    connect = partial(SMTP_SSL, context=context) if is_tls else SMTP
    # Not as a context: a server that took the message and then leaves badly has taken it.
    with closing(connect(host, port, timeout=MAIL_TIMEOUT)) as smtp:
        smtp.ehlo_or_helo_if_needed()
        if not is_tls and smtp.has_extn("starttls"):
            smtp.starttls(context=context)  # Or raises.
            is_tls = True
        if place.username is not None:
            if not (is_tls or rules.leads_here(smtp_url)):
                raise ConnectionError("the mail server has no TLS, so no password is sent to it")
            smtp.login(unquote(place.username), unquote(place.password or ""))
        _taken(smtp.mail(str(message["From"])))
        _taken(smtp.rcpt(str(message["To"])))
        # Not `send_message`, which keeps the server's last word to itself.
        receipt = _taken(smtp.data(message.as_bytes()))
        with suppress(OSError):
            smtp.quit()
    return receipt


def _taken(reply: tuple[int, bytes]) -> str:
    code, text = reply
    if code // 100 != TAKEN:
        raise SMTPResponseException(code, text)
    return f"{code} {text.decode('ascii', 'replace')}"

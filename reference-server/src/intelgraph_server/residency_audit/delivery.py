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
from http.client import HTTPConnection, HTTPException
from smtplib import SMTP, SMTP_SSL, SMTPResponseException
from socket import SHUT_RDWR, create_connection
from threading import Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from intelgraph_server.engine.scalars import serialize_datetime
from intelgraph_server.jobs.worker import PostponedError
from intelgraph_server.lake import store as lake_store
from intelgraph_server.texts import texts

from . import rules, store
from .model import Channel, ReportDelivery

if TYPE_CHECKING:
    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Shift

    from .model import ResidencyReport

LOG: Final = logging.getLogger(__name__)
WAIT: Final = timedelta(minutes=1)  # For a mail server to be set up.
WEBHOOK_TIMEOUT: Final = 5.0  # Seconds, for the connection and for all of the answer.
MAIL_TIMEOUT: Final = 20.0  # Seconds, for each step.


def deliver(job: Job, shift: Shift) -> None:
    tenant_id = job.tenant_id or ""
    wanted = ReportDelivery(**job.payload)
    if wanted.channel == Channel.EMAIL and shift.services.settings.smtp_url is None:
        raise PostponedError(shift.now + WAIT)
    with shift.database.writing() as connection:
        delivery = store.begin_attempt(connection, tenant_id, wanted)
        report = store.REPORTS.one(connection, tenant_id, id=wanted.report_id)
        if delivery is None or report is None:
            return
        document = lake_store.find(connection, tenant_id, report.document)
    try:
        if delivery.channel == Channel.WEBHOOK:
            receipt = _post(tenant_id, report, delivery, shift)
        else:
            content = shift.services.lake.get(document.sha256 if document else "")
            receipt = _mail(tenant_id, report, delivery, content, shift)
    except (OSError, HTTPException) as error:
        # The class alone: a message may quote what was sent, or to whom.
        LOG.warning("%s failed: %s", rules.delivery_id(tenant_id, delivery), type(error).__name__)
        if delivery.attempts >= rules.MOST_ATTEMPTS:
            return
        raise PostponedError(shift.now + rules.pause(delivery.attempts)) from error
    with shift.database.writing() as connection:
        store.confirm(connection, tenant_id, delivery, receipt, shift.now)


def _post(tenant_id: str, report: ResidencyReport, delivery: ReportDelivery, shift: Shift) -> str:
    """A signed webhook; its receipt is the status of the answer and the id of the sending."""
    settings = shift.services.settings
    event = {
        "type": "residency.report.created",
        "id": report.id,
        "tenant": tenant_id,
        "quarter": report.quarter,
        "isCompliant": report.is_compliant,
        "uri": report.uri,
        "createdAt": serialize_datetime(report.created_at),
    }
    body = json.dumps(event, separators=(",", ":")).encode()
    secret = rules.webhook_secret(settings.signing_key, tenant_id)
    delivery_id = rules.delivery_id(tenant_id, delivery)
    headers = {
        "Content-Type": "application/json",
        "IntelGraph-Delivery": delivery_id,
        "IntelGraph-Signature": rules.signature(secret, body, shift.now),
    }
    is_local = rules.is_loopback(urlsplit(settings.public_url).hostname)
    status = status_of_post(delivery.recipient, body, headers, is_local=is_local)
    if status // 100 != 2:  # noqa: PLR2004
        raise ConnectionError(f"the webhook was answered with {status}")
    return f"{status} {delivery_id}"


def status_of_post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    is_local: bool,
    timeout: float = WEBHOOK_TIMEOUT,
) -> int:
    """Sends once, and never where it is redirected to; raises OSError or HTTPException."""
    place = urlsplit(url)
    host, is_tls = place.hostname or "", place.scheme == "https"
    connection = HTTPConnection(host)
    peer = create_connection((host, place.port or (443 if is_tls else 80)), timeout)
    # Each step has its timeout; this is for who answers slowly, byte by byte.
    deadline = Timer(timeout, lambda: peer.shutdown(SHUT_RDWR))
    try:
        # Looked at once connected, so that no name can mean another address a moment later.
        if not (is_local or rules.is_public(peer.getpeername()[0])):
            raise ConnectionError("the webhook leads to an address that is not public")
        if is_tls:
            peer = ssl.create_default_context().wrap_socket(peer, server_hostname=host)
        connection.sock = peer
        deadline.start()
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("POST", path, body, {"Host": place.netloc, **headers})
        return connection.getresponse().status
    finally:
        deadline.cancel()
        peer.close()


def _mail(
    tenant_id: str, report: ResidencyReport, delivery: ReportDelivery, content: bytes, shift: Shift
) -> str:
    """A message with the report; its receipt is what the mail server said when it took it."""
    settings, said = shift.services.settings, texts(report.locale)
    told = {"quarter": report.quarter, "verdict": rules.verdict(report.summary)}
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"] = settings.mail_from, delivery.recipient
    message["Subject"] = said.say("residency-mail-subject", **told)
    message["Date"] = format_datetime(shift.now)
    domain = settings.mail_from.rpartition("@")[2]
    message["Message-ID"] = f"<{rules.delivery_id(tenant_id, delivery)}@{domain}>"
    message["Content-Language"] = report.locale
    message.set_content(said.say("residency-mail-body", **told))
    filename = f"residency-{report.id}.pdf"
    message.add_attachment(content, maintype="application", subtype="pdf", filename=filename)
    return _reply_to_mail(settings.smtp_url or "", settings.mail_from, delivery.recipient, message)


def _reply_to_mail(smtp_url: str, sender: str, recipient: str, message: EmailMessage) -> str:
    place = urlsplit(smtp_url)
    is_tls, host = place.scheme == "smtps", place.hostname or ""
    context = ssl.create_default_context()
    if is_tls:
        smtp: SMTP = SMTP_SSL(host, place.port or 465, timeout=MAIL_TIMEOUT, context=context)
    else:
        smtp = SMTP(host, place.port or 25, timeout=MAIL_TIMEOUT)
    # Not as a context: a server that took the message and then leaves badly has taken it.
    with closing(smtp):
        smtp.ehlo_or_helo_if_needed()
        if not is_tls and smtp.has_extn("starttls"):
            is_tls = smtp.starttls(context=context)[0] == 220  # noqa: PLR2004
        if place.username is not None:
            if not (is_tls or rules.is_loopback(host)):
                raise ConnectionError("the mail server has no TLS, so no password is sent to it")
            smtp.login(unquote(place.username), unquote(place.password or ""))
        _taken(smtp.mail(sender))
        _taken(smtp.rcpt(recipient))
        # Not `send_message`, which keeps the server's last word to itself.
        receipt = _taken(smtp.data(message.as_bytes()))
        with suppress(OSError):
            smtp.quit()
    return receipt


def _taken(reply: tuple[int, bytes]) -> str:
    code, text = reply
    if code // 100 != 2:  # noqa: PLR2004
        raise SMTPResponseException(code, text)
    return f"{code} {text.decode('ascii', 'replace')}"

"""The job that sends one report to one recipient until its server has taken it.

Each attempt is counted before it is made and confirmed after, each in a transaction of its own:
a crash in between sends once more, under the same id, rather than never.
"""

from __future__ import annotations

import json
import logging
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address
from smtplib import SMTP, SMTP_SSL, SMTPResponseException
from socket import SHUT_RDWR, create_connection
from threading import Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from intelgraph_server.jobs.worker import PostponedError
from intelgraph_server.lake import store as lake_store
from intelgraph_server.texts import texts

from . import report_store, rules
from .model import Channel, Delivery

if TYPE_CHECKING:
    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Shift
    from intelgraph_server.services import Services

    from .model import Report

LOG: Final = logging.getLogger(__name__)
WAIT: Final = timedelta(minutes=1)  # For a mail server to be set up.
WEBHOOK_TIMEOUT: Final = 5.0  # Seconds, for the connection and for all of the answer.
MAIL_TIMEOUT: Final = 20.0  # Seconds, for each step.


def deliver(job: Job, shift: Shift) -> None:
    tenant_id = job.tenant_id or ""
    wanted = Delivery(**job.payload)
    if wanted.channel == Channel.EMAIL and shift.services.settings.smtp_url is None:
        raise PostponedError(shift.now + WAIT)
    with shift.database.writing() as connection:
        delivery = report_store.begin_attempt(connection, tenant_id, wanted)
        report = report_store.report(connection, tenant_id, wanted.report_id)
        if delivery is None or report is None:
            return
        document = lake_store.find(connection, tenant_id, report.document)
    try:
        if delivery.channel is Channel.WEBHOOK:
            receipt = _post(tenant_id, report, delivery, shift)
        else:
            content = shift.services.lake.get(document.sha256 if document else "")
            receipt = _mail(tenant_id, report, delivery, content, shift)
    except (OSError, HTTPException) as error:
        if delivery.attempts >= rules.MOST_ATTEMPTS:
            raise
        # The class alone: a message may quote what was sent, or to whom.
        LOG.warning("%s failed: %s", rules.delivery_id(tenant_id, delivery), type(error).__name__)
        raise PostponedError(shift.now + rules.pause(delivery.attempts)) from error
    with shift.database.writing() as connection:
        report_store.confirm(connection, tenant_id, delivery, receipt, shift.now)

"""What an export is judged by, what may be recorded, and when and where to it is attested.

An export is judged by jurisdictions, not by the names of regions: `eu` and `eu-west-1` are
different names of one jurisdiction. What cannot be judged is unknown, and unknown is never good.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from .model import ReportDelivery

# Each region is listed, because its first letters do not tell: `eu-west-2` is London and
# `eu-central-2` is Zürich, neither of them in the European Union. The names of its member
# states are left out, because data that must stay in one of them may not go to another.
REGIONS: Final[dict[str, str]] = json.loads(
    Path(__file__).with_name("regions.json").read_text("utf-8")
)
JURISDICTIONS: Final = {
    region: jurisdiction for jurisdiction, regions in REGIONS.items() for region in regions.split()
}
LOCALES: Final = ("en", "es")
LONGEST_ADDRESS: Final = 254
LONGEST_URL: Final = 2048
FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(hours=6)
MOST_ATTEMPTS: Final = 24  # Three days.
# Fewer addresses than the standards allow, and none that a mail server could read otherwise.
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.+-]{{0,63}}@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")
_HOST: Final = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)*{_LABEL}")
# Printable ASCII, without credentials and what parsers of addresses disagree about.
_URL: Final = re.compile(r"https?://[^@#\\\s\x00-\x20\x7f-\U0010ffff]+")
_REGION: Final = re.compile(r"[a-z0-9-]{1,64}")


def is_region(text: str) -> bool:
    return _REGION.fullmatch(text) is not None


def quarter_start(at: datetime) -> datetime:
    """The first instant, in UTC, of the quarter that an instant belongs to."""
    utc = at.astimezone(UTC)
    return datetime(utc.year, utc.month - (utc.month - 1) % 3, 1, tzinfo=UTC)


def next_quarter_start(at: datetime) -> datetime:
    # A quarter has from 90 to 92 days.
    return quarter_start(quarter_start(at) + timedelta(days=93))


def quarter_of(at: datetime) -> str:
    start = quarter_start(at)
    return f"{start.year:04}-Q{start.month // 3 + 1}"


def last_ended_quarter(at: datetime) -> str:
    """The quarter that ends where the one of the instant begins."""
    return quarter_of(quarter_start(at) - timedelta(microseconds=1))


def is_email(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and _EMAIL.fullmatch(text) is not None


def leads_here(url: str) -> bool:
    """Whether a URL leads to this machine, and so is of no use to any other."""
    return _is_loopback(urlsplit(url).hostname or "")


def is_public(host: str) -> bool:
    """Whether an IP address is one that anybody may have, and not one inside a network."""
    address = _address(host)
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address is not None and (inner or address).is_global


def is_webhook(url: str, *, is_local: bool) -> bool:
    """`https`, or `http` to this machine from a server that itself is reached from there only."""
    if len(url) > LONGEST_URL or _URL.fullmatch(url) is None:
        return False
    try:
        place = urlsplit(url)
        host, _ = place.hostname or "", place.port
    except ValueError:
        return False
    is_host = _HOST.fullmatch(host) is not None or _address(host) is not None
    return is_host and (place.scheme == "https" or (is_local and _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def webhook_secret(signing_key: str, tenant_id: str) -> str:
    """What the service and one tenant share; it tells nothing of the signing key."""
    subject = f"residency webhook\n{tenant_id}".encode()
    key = hmac.digest(signing_key.encode(), subject, "sha256")
    return f"whsec_{b64encode(key).decode()}"


def webhook_headers(secret: str, delivery_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """What Standard Webhooks 1.0 sends beside a body: its id, when it was sent, and their proof."""
    sent, key = int(at.timestamp()), b64decode(secret.removeprefix("whsec_"))
    proof = hmac.digest(key, f"{delivery_id}.{sent}.".encode() + body, "sha256")
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(sent),
        "webhook-signature": f"v1,{b64encode(proof).decode()}",
    }


def delivery_id(tenant_id: str, delivery: ReportDelivery) -> str:
    """The same for each attempt, so that who gets it twice can tell."""
    subject = "\n".join((tenant_id, *delivery.key.values())).encode()
    return f"dlv_{sha256(subject).hexdigest()[:32]}"


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)

"""The audit lake: documents that are written once, their catalogue, and links that expire.

The place of bytes in the object store is their own digest, so that writing the same again is no
second write, and what comes back can be told from what was put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from itsdangerous import BadData, URLSafeSerializer
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, from_url

from intelgraph_server.database.rows import Rows, in_order_of
from intelgraph_server.database.tables import LAKE_OBJECTS

if TYPE_CHECKING:
    from datetime import datetime

    from obstore.store import ObjectStore, RetryConfig
    from sqlalchemy import Connection

    from intelgraph_server.auth import Clock

LIFETIME: Final = 300  # Seconds.
PATH: Final = "/lake/"
_SIGNER: Final = {"key_derivation": "hmac", "digest_method": sha256}
_FOLDER: Final = "file://"
# A request waits for the lake: by itself obstore would try for three minutes.
_RETRIES: Final[RetryConfig] = {"max_retries": 2, "retry_timeout": timedelta(seconds=5)}


class LakeAwayError(ConnectionError):
    """The audit lake does not answer, or has lost what it was given; nothing was done."""


class DamagedObjectError(Exception):
    """What the lake gave back is not what was put in."""


class NameTakenError(Exception):
    """The name stands for another document already; names are given once."""


class Lake:
    """One object store by its URL: `file:///folder`, `memory:///` or `s3://bucket`.

    Both its methods raise LakeAwayError when the store cannot be reached, and DamagedObjectError
    when it holds something else under the SHA-256.
    """

    def __init__(self, url: str) -> None:
        self._url: Final = url

    def put(self, content: bytes) -> str:
        """Writes the content unless it is there; gives its SHA-256."""
        digest = sha256(content).hexdigest()
        try:
            self._store.put(_place(digest), content, mode="create")
        except AlreadyExistsError:
            # It may have been altered since, and then cannot be relied on.
            self.get(digest)
        except (BaseError, OSError) as error:
            raise LakeAwayError("the audit lake cannot be written to") from error
        return digest

    def get(self, digest: str) -> bytes:
        try:
            content = bytes(self._store.get(_place(digest)).bytes())
        except FileNotFoundError as error:
            raise LakeAwayError(f"the audit lake has lost {digest}") from error
        except (BaseError, OSError) as error:
            raise LakeAwayError("the audit lake cannot be read") from error
        if sha256(content).hexdigest() != digest:
            raise DamagedObjectError(f"what the audit lake holds as {digest} was altered")
        return content

    @cached_property
    def _store(self) -> ObjectStore:
        # Opened on first use: a lake that is away must not keep the server from starting.
        if self._url.startswith(_FOLDER):
            return LocalStore(self._url.removeprefix(_FOLDER), mkdir=True)
        return from_url(self._url, retry_config=_RETRIES)


def _place(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"


@dataclass(frozen=True, slots=True)
class LakeObject:
    """A document of the lake as its catalogue knows it."""

    tenant_id: str
    name: str
    sha256: str
    size: int
    media_type: str
    created_at: datetime

    @property
    def uri(self) -> str:
        """The document's name everywhere; it is no link."""
        return f"lake://{self.tenant_id}/{self.name}"


OBJECTS: Final = Rows(LAKE_OBJECTS, LakeObject, in_order_of(LAKE_OBJECTS.c.name))


def keep(
    connection: Connection,
    lake: Lake,
    *,
    tenant_id: str,
    name: str,
    content: bytes,
    media_type: str,
    now: datetime,
) -> LakeObject:
    """Writes a document under a name, once; the same again answers what is there.

    The bytes go first: a name without bytes would promise what cannot be kept, while bytes
    without a name only take up room. Raises LakeAwayError, and NameTakenError when the name
    stands for other bytes.
    """
    entry = LakeObject(tenant_id, name, lake.put(content), len(content), media_type, now)
    kept = OBJECTS.add(connection, tenant_id, entry)
    if kept.sha256 != entry.sha256:
        raise NameTakenError(f"{name} stands for another document already")
    return kept


def find(connection: Connection, tenant_id: str, name: str) -> LakeObject | None:
    return OBJECTS.one(connection, tenant_id, name=name)


def named(connection: Connection, tenant_id: str, prefix: str) -> list[LakeObject]:
    """The tenant's documents whose names begin so, by name."""
    begins = LAKE_OBJECTS.c.name.startswith(prefix, autoescape=True)
    return OBJECTS.all(connection, tenant_id, begins)


class LinkError(Exception):
    """The link is not one of ours, or has expired; the message says which."""


class Links:
    """Issues and reads the links of one signing key."""

    def __init__(self, signing_key: str, clock: Clock, base_url: str) -> None:
        self._signer = URLSafeSerializer(signing_key, salt="lake link", signer_kwargs=_SIGNER)
        self._clock = clock
        self._base_url = base_url.rstrip("/")

    def issue(self, tenant_id: str, name: str) -> str:
        expires = int(self._clock().timestamp()) + LIFETIME
        return self._base_url + PATH + str(self._signer.dumps([tenant_id, name, expires]))

    def read(self, token: str) -> tuple[str, str]:
        """The tenant and the name of the document that the link leads to; raises LinkError."""
        try:
            tenant_id, name, expires = self._signer.loads(token)
        except (BadData, ValueError, TypeError):
            raise LinkError("This link was not issued by this server.") from None
        if self._clock().timestamp() >= expires:
            raise LinkError("This link has expired; ask for a new one.")
        return str(tenant_id), str(name)

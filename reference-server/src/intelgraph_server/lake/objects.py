"""Bytes in an object store, written once, behind obstore: a folder, memory or S3.

An object's place is its own digest, so that writing the same again is no second write, and
what comes back can be told from what was put in.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, from_url

if TYPE_CHECKING:
    from obstore.store import ObjectStore, RetryConfig

_FOLDER: Final = "file://"
# A request waits for the lake: by itself obstore would try for three minutes.
_RETRIES: Final[RetryConfig] = {"max_retries": 2, "retry_timeout": timedelta(seconds=5)}


class LakeAwayError(ConnectionError):
    """The audit lake does not answer, or has lost what it was given; nothing was done."""


class DamagedObjectError(Exception):
    """What the lake gave back is not what was put in."""


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

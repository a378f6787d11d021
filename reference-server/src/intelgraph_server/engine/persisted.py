"""Document ids into documents: those of the manifest, and in open mode those that clients sent.

An id is `sha256:` and the digest of the document's text, so a document can be taken from
anyone who has it without trusting them.
"""

from __future__ import annotations

from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from intelgraph_server.generated.error_codes import ErrorCode

from .cache import LruCache
from .errors import DomainError, bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping


class PersistedDocuments:
    """Which documents may run; `allow_list` refuses all but the manifest's."""

    def __init__(
        self,
        manifest: Mapping[str, tuple[str, str]],
        retired: Mapping[str, tuple[str, str, str]] = MappingProxyType({}),
        *,
        allow_list: bool,
        registered: LruCache[str] | None = None,
    ) -> None:
        self._known: Final = dict(manifest.values())
        self._op_ids: Final = {document_id: op for op, (document_id, _) in manifest.items()}
        self._retired: Final = retired
        self._allow_list: Final = allow_list
        self._registered: Final = LruCache[str]() if registered is None else registered

    def op_id(self, document_id: str) -> str | None:
        return self._op_ids.get(document_id)

    def resolve(self, document_id: str | None, text: str | None) -> tuple[str, str]:
        """The id and the text to run, from what a request gave of the two."""
        if text is None:
            if document_id is None:
                raise bad_request("The request has neither `query` nor `documentId`.")
            return document_id, self._text(document_id)
        own_id = document_id_of(text)
        if document_id not in {None, own_id}:
            raise bad_request("`documentId` is not the SHA-256 of `query`.")
        if self._allow_list and own_id not in self._known:
            self._refuse_retired(own_id)
            raise DomainError(
                ErrorCode.PERSISTED_DOCUMENT_REQUIRED,
                "This server runs published documents only, and this is none of them.",
            )
        return own_id, text

    def register(self, document_id: str, text: str) -> None:
        """Remembers a document that was found valid, so that its id alone is enough next time."""
        if document_id not in self._known:
            self._registered.put(document_id, text, len(text))

    def _text(self, document_id: str) -> str:
        text = self._known.get(document_id)
        if text is None and not self._allow_list:
            text = self._registered.get(document_id)
        if text is None:
            if self._allow_list:
                self._refuse_retired(document_id)
            raise DomainError(
                ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND,
                "This server does not know the document id; send `query` along with it.",
            )
        return text

    def _refuse_retired(self, document_id: str) -> None:
        """Ends the exchange for a document that was published once: its text will not help."""
        if document_id in self._retired:
            op_id, release, reason = self._retired[document_id]
            raise DomainError(
                ErrorCode.PERSISTED_DOCUMENT_RETIRED,
                f"The document `{op_id}` was retired with {release}: {reason}",
            )


def document_id_of(text: str) -> str:
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

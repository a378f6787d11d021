"""How a client names documents to its server, for those that speak otherwise than by default.

    client = IntelGraph(url=url, wire=apq(get=True))

With `get`, queries are asked by GET, so that caches between can answer them, unless their
URL is longer than `max_url_length`. Their variables stand in the URL then, which servers and
proxies tend to log. Mutations, subscriptions and what follows a miss are always posted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._wire import BY_HASH, BY_TEXT, MISS_CODES, Form, Wire

if TYPE_CHECKING:
    from ._errors import ErrorDetail
    from ._operation import Operation

__all__ = ["Wire", "apq", "persisted", "text"]

_BOTH = Form(by_hash=True, by_text=True)
# Apollo's servers name their errors by message where they are set to give no codes.
_MISSED = "PersistedQueryNotFound"
_REFUSED = "PersistedQueryNotSupported"


def persisted(*, get: bool = False, max_url_length: int = 2048) -> Wire:
    """By document id, and with the text once the server misses it: the default, but for GET."""
    return Wire(get, max_url_length)


def apq(*, get: bool = False, max_url_length: int = 2048) -> Wire:
    """By Apollo's automatic persisted queries: the hash, with the text once it is missed.

    A server that says that it does not support them is sent texts alone from then on.
    """
    return _Apq(get, max_url_length)


def text(*, get: bool = False, max_url_length: int = 2048) -> Wire:
    """By the whole text in every request, for servers that know no documents."""
    return _Text(get, max_url_length)


class _Text(Wire):
    __slots__ = ()

    def first(self, operation: Operation[Any]) -> Form:
        del operation
        return BY_TEXT

    def after(self, form: Form, error: ErrorDetail) -> None:
        del form, error


@dataclass(slots=True)
class _Apq(Wire):
    _is_refused: bool = field(default=False, init=False)

    def first(self, operation: Operation[Any]) -> Form:
        return BY_TEXT if self._is_refused or operation.document_id is None else BY_HASH

    def after(self, form: Form, error: ErrorDetail) -> Form | None:
        said = error.message
        if not form.by_hash:
            return None
        if error.code == "PERSISTED_QUERY_NOT_SUPPORTED" or said == _REFUSED:
            self._is_refused = True
            return BY_TEXT
        is_missed = error.code in MISS_CODES or said == _MISSED
        return _BOTH if form == BY_HASH and is_missed else None

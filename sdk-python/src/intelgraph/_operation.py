"""Operation: what generated code hands to the runtime, and what it is for ad-hoc text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

D = TypeVar("D")
OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class Operation(Generic[D]):
    """A named query or mutation with its document, its ids and the type of its data."""

    name: str
    """The operation's name in its document."""
    kind: OperationKind
    """What the operation does to the graph."""
    op_id: str | None
    """The readable versioned name, such as `getEntity:v1`; None for ad-hoc text."""
    document_id: str | None
    """`sha256:` and the digest of `document`; None when no server knows it by id."""
    document: str
    """The GraphQL text, exactly as it is sent."""
    retry_safe: bool
    """Whether the operation may be sent twice without harm."""
    data: type[D]
    """What the response's `data` is read into."""
    serializers: Mapping[str, Callable[[Any], object]] = field(default_factory=dict[str, Any])
    """How variables of custom scalars are written, by their names."""
    keyed: bool = False
    """Whether the server gives its first answer again to a request with the same key."""


# Strings, block strings and comments may hold anything, so they go before braces are counted.
_OPAQUE = re.compile(r'"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*', re.DOTALL)
_TOP_LEVEL = re.compile(r"[{}()]|\b(query|mutation|subscription)\b\s*([A-Za-z_]\w*)?")


AD_HOC = 256
"""How many ad-hoc operations, and types of their data, are kept for the next call."""


@lru_cache(maxsize=AD_HOC)
def ad_hoc_operation(document: str, data: type[Any] = dict[str, Any]) -> Operation[Any]:
    """The operation that a caller's own text describes, read into a plain dict unless told.

    Only the kind and the name are looked for; the server is the judge of the rest.
    """
    kind, name = _headline(_OPAQUE.sub(" ", document))
    return Operation(
        name=name or "anonymous",
        kind=kind,
        op_id=None,
        document_id=None,
        document=document,
        retry_safe=kind == "query",
        data=data,
    )


def _headline(document: str) -> tuple[OperationKind, str | None]:
    depth = 0
    for match in _TOP_LEVEL.finditer(document):
        found = match.group()
        if found in "{(":
            depth += 1
        elif found in "})":
            depth -= 1
        elif depth == 0 and not _names_a_fragment(document, match.start()):
            # The alternation of the pattern holds nothing but the three kinds.
            return match.group(1), match.group(2)  # type: ignore[return-value]
    return "query", None


def _names_a_fragment(document: str, start: int) -> bool:
    # `fragment query on T` and `fragment x on query` are odd but legal names.
    return re.search(r"\b(fragment|on)\s+$", document[:start]) is not None

"""For programs that call with gql: this package's runtime as a transport of their `gql.Client`.

The extra `gql` brings gql along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph._lazy import lazy

if TYPE_CHECKING:
    from ._transport import AsyncIntelGraphTransport, IntelGraphTransport

__all__ = ["AsyncIntelGraphTransport", "IntelGraphTransport"]

_WHERE = {
    "AsyncIntelGraphTransport": "._transport",
    "IntelGraphTransport": "._transport",
}

if not TYPE_CHECKING:
    __getattr__ = lazy(__name__, _WHERE)


def __dir__() -> list[str]:
    return __all__

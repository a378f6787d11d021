"""For projects that ariadne-codegen generates: this package's runtime under their clients.

`AriadneClient` and `AsyncAriadneClient` are what its generated clients may inherit from;
they need nothing but this package. `IntelGraphPlugin` runs inside ariadne-codegen, which
the extra `ariadne` brings along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph._lazy import lazy

if TYPE_CHECKING:
    from ._client import AriadneClient, AsyncAriadneClient
    from ._plugin import IntelGraphPlugin

__all__ = ["AriadneClient", "AsyncAriadneClient", "IntelGraphPlugin"]

_WHERE = {
    "AriadneClient": "._client",
    "AsyncAriadneClient": "._client",
    "IntelGraphPlugin": "._plugin",
}

if not TYPE_CHECKING:
    __getattr__ = lazy(__name__, _WHERE)


def __dir__() -> list[str]:
    return __all__

"""Typed clients for IntelGraph, blocking and awaiting, generated from its GraphQL schema.

    from intelgraph import IntelGraph

    with IntelGraph() as client:
        for tile in client.trust_tiles():
            print(tile.kind, tile.status)

The import costs next to nothing; what a program uses is imported when it is first used.
"""

from __future__ import annotations

from ._lazy import TYPE_CHECKING, lazy
from ._version import __version__

if TYPE_CHECKING:
    from . import generated, runtime, telemetry, testing, webhooks, wire
    from ._errors import (
        ConfigurationError,
        ConnectError,
        ErrorDetail,
        IntelGraphError,
        OperationError,
        ResponseError,
        TimeoutError,  # noqa: A004 - ours, and always reached by its package.
        TransportError,
        WebhookError,
        WebhookSignatureError,
    )
    from ._events import (
        AttemptFinished,
        AttemptStarted,
        CallFinished,
        CallStarted,
        Event,
        Hook,
        RetryScheduled,
    )
    from ._exchange import AsyncTransport, Failure, Reply, Request, Transport
    from ._inputs import UNSET, Unset
    from ._intelgraph import AsyncIntelGraph, IntelGraph
    from ._models import Unknown
    from ._operation import Operation
    from ._pagination import AsyncPaginator, Paginator
    from ._raw import RawResponse
    from ._retry import RetryPolicy

__all__ = [
    "UNSET",
    "AsyncIntelGraph",
    "AsyncPaginator",
    "AsyncTransport",
    "AttemptFinished",
    "AttemptStarted",
    "CallFinished",
    "CallStarted",
    "ConfigurationError",
    "ConnectError",
    "ErrorDetail",
    "Event",
    "Failure",
    "Hook",
    "IntelGraph",
    "IntelGraphError",
    "Operation",
    "OperationError",
    "Paginator",
    "RawResponse",
    "Reply",
    "Request",
    "ResponseError",
    "RetryPolicy",
    "RetryScheduled",
    "TimeoutError",
    "Transport",
    "TransportError",
    "Unknown",
    "Unset",
    "WebhookError",
    "WebhookSignatureError",
    "__version__",
    "generated",
    "runtime",
    "telemetry",
    "testing",
    "webhooks",
    "wire",
]

_WHERE = {
    "AsyncIntelGraph": "._intelgraph",
    "AsyncPaginator": "._pagination",
    "AsyncTransport": "._exchange",
    "AttemptFinished": "._events",
    "AttemptStarted": "._events",
    "CallFinished": "._events",
    "CallStarted": "._events",
    "ConfigurationError": "._errors",
    "ConnectError": "._errors",
    "ErrorDetail": "._errors",
    "Event": "._events",
    "Failure": "._exchange",
    "Hook": "._events",
    "IntelGraph": "._intelgraph",
    "IntelGraphError": "._errors",
    "Operation": "._operation",
    "OperationError": "._errors",
    "Paginator": "._pagination",
    "RawResponse": "._raw",
    "Reply": "._exchange",
    "Request": "._exchange",
    "ResponseError": "._errors",
    "RetryPolicy": "._retry",
    "RetryScheduled": "._events",
    "TimeoutError": "._errors",
    "Transport": "._exchange",
    "TransportError": "._errors",
    "UNSET": "._inputs",
    "Unknown": "._models",
    "Unset": "._inputs",
    "WebhookError": "._errors",
    "WebhookSignatureError": "._errors",
    "generated": ".generated",
    "runtime": ".runtime",
    "telemetry": ".telemetry",
    "testing": ".testing",
    "webhooks": ".webhooks",
    "wire": ".wire",
}

if not TYPE_CHECKING:
    __getattr__ = lazy(__name__, _WHERE)


def __dir__() -> list[str]:
    return __all__

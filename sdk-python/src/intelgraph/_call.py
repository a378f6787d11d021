"""One call without I/O: a generator that yields wishes and is resumed with what came of them.

`_drive.py` grants the wishes, blocking or awaiting. Nothing here knows sockets, clocks or
event loops, so that both clients are one implementation, tested once.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ._errors import OperationError
from ._exchange import Failure, Reply, Request
from ._inputs import encode_variables
from ._operation import D, Operation
from ._wire import MISS_CODES, Attempt, encode_body, encode_json, failure_error, read_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._wire import Endpoint


@dataclass(frozen=True, slots=True)
class Send:
    """The wish to send a request, granted with its reply or failure."""

    request: Request


Call: TypeAlias = Generator[Send, Reply | Failure | None, D]


def call(operation: Operation[D], variables: Mapping[str, object], endpoint: Endpoint) -> Call[D]:
    """Send an operation by its id, and once more with its text if the server asks for it."""
    encoded = encode_json(encode_variables(variables))
    attempt = Attempt(operation, endpoint.host, number=1, limit=1)
    body = encode_body(operation, encoded, with_document=False)
    try:
        return _read((yield Send(endpoint.request(body))), attempt)
    except OperationError as error:
        if operation.document_id is None or error.code not in MISS_CODES:
            raise
    body = encode_body(operation, encoded, with_document=True)
    return _read((yield Send(endpoint.request(body))), attempt)


def _read(outcome: Reply | Failure | None, attempt: Attempt[D]) -> D:
    if isinstance(outcome, Reply):
        return read_reply(outcome, attempt)
    if isinstance(outcome, Failure):
        raise failure_error(outcome, attempt)
    raise TypeError(f"a transport returns a Reply or a Failure, not {outcome!r}")

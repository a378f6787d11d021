"""What a call's last reply was, beside the value that was read from it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from ._decode import error_details

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._errors import ErrorDetail
    from ._settings import Success

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RawResponse(Generic[T]):
    """The HTTP reply that a call ended with, and the call's value in `parse()`."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Lower-case names to values, or any mapping that ignores case."""
    body: bytes = field(repr=False)
    """The decoded body, a GraphQL response in JSON."""
    attempts: int
    elapsed: float
    """Seconds from the call's start, with all its attempts and waits."""
    _value: T = field(repr=False)

    @property
    def request_id(self) -> str | None:
        """The server's name for the request; None when it gave none."""
        return self.headers.get("x-request-id")

    @property
    def errors(self) -> tuple[ErrorDetail, ...]:
        """What the server could not answer, which only the policy `partial` lets come so far."""
        return error_details(json.loads(self.body.decode("utf-8-sig")).get("errors"))

    def parse(self) -> T:
        """What the call returns otherwise."""
        return self._value


def raw_response(value: T, successes: Sequence[Success]) -> RawResponse[T]:
    """The response of the last of the calls that a value came of; none raises TypeError."""
    if not successes:
        raise TypeError(
            "the function of with_raw_response makes a call of the client that it is given, and "
            "this one made none; what is read piece by piece, such as a subscription, calls later."
        )
    reply, attempts, elapsed = successes[-1]
    return RawResponse(reply.status, reply.headers, reply.body, attempts, elapsed, value)

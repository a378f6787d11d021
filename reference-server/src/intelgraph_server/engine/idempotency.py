"""A mutation with an `Idempotency-Key` acts once: its answer is kept, and given to its repetitions.

The answer is written in the transaction of what it tells of, so that there is never one without
the other. A mutation that fails is undone with its key, and runs anew when it comes again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from intelgraph_server import kept_answers as store
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.kept_answers import KeptAnswer

from .errors import DomainError, bad_request, forbidden

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.auth import Principal
    from intelgraph_server.jobs import Job, Shift

    from .documents import PreparedOperation
    from .errors import JsonObject
    from .execute import Request

LONGEST: Final = 255
_UNPRINTABLE: Final = re.compile(r"[^ -~]")
_IDS: Final = UUID("5f6c1a0e-3a4b-4c51-9a53-0d0f7a3c7d11")  # Any, as long as it stays.


@dataclass(frozen=True, slots=True)
class Once:
    """One request under its key. Keys of two subjects have nothing to do with each other."""

    principal: Principal
    key: str
    fingerprint: str

    def answer(self, connection: Connection, since: datetime) -> JsonObject | None:
        """The answer that was kept since then; None when this is the first such request.

        Raises DomainError when the first one still runs, or was another than this.
        """
        if not store.lock(connection, *self._own):
            raise DomainError(
                ErrorCode.IDEMPOTENCY_KEY_IN_USE,
                "The first request with this `Idempotency-Key` is still running; ask again.",
            )
        kept = store.find(connection, *self._own, since)
        if kept is None:
            return None
        if kept.fingerprint != self.fingerprint:
            raise DomainError(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "The `Idempotency-Key` came with another request before; this one needs a new key.",
            )
        if not self.principal.permissions.issuperset(kept.permissions):
            raise forbidden("The token grants less than that of the first request with the key.")
        return dict(kept.body)

    def keep(self, connection: Connection, body: JsonObject, now: datetime) -> None:
        tenant_id, subject, key = self._own
        answer = KeptAnswer(
            tenant_id=tenant_id,
            subject=subject,
            key=key,
            fingerprint=self.fingerprint,
            permissions=sorted(self.principal.permissions),
            body=body,
            created_at=now,
        )
        store.keep(connection, answer)

    def new_ids(self) -> Callable[[], str]:
        """Ids that a repetition draws again, for what is made where no transaction reaches."""
        numbers, name = count(), "\0".join((*self._own, self.fingerprint))
        return lambda: str(uuid5(_IDS, f"{name}\0{next(numbers)}"))

    @property
    def _own(self) -> tuple[str, str, str]:
        return self.principal.tenant_id, self.principal.subject, self.key


def once(request: Request, operation: PreparedOperation, document_id: str) -> Once | None:
    """What a mutation's key asks for; raises DomainError for a key that is none."""
    if not (request.idempotency_keys and request.principal and operation.is_mutation):
        return None
    if fault := _fault(request.idempotency_keys):
        raise bad_request(
            f"The header `Idempotency-Key` {fault}; send one of 1 to {LONGEST} printable ASCII"
            " characters, or none."
        )
    asked = [document_id, operation.name, request.variables]
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    fingerprint = sha256(canonical.encode()).hexdigest()
    return Once(request.principal, request.idempotency_keys[0], fingerprint)


def _fault(keys: Sequence[str]) -> str | None:
    if len(keys) > 1:
        return f"came {len(keys)} times"
    if wrong := _UNPRINTABLE.search(keys[0]):
        return f"is not printable ASCII at character {wrong.start() + 1}"
    if len(keys[0]) > LONGEST:
        return f"has {len(keys[0])} characters"
    return None if keys[0] else "is empty"


def forget(_job: Job, shift: Shift) -> None:
    """Deletes the answers that nobody gets any more."""
    with shift.database.writing() as connection:
        store.forget(connection, shift.now - shift.services.settings.answers_kept)

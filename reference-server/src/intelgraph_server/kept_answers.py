"""Answers by the `Idempotency-Key` of their requests, kept with what they tell of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, select

from intelgraph_server.database.rows import Rows
from intelgraph_server.database.tables import KEPT_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What the first request with a key was answered; `permissions` are its token's."""

    tenant_id: str
    subject: str
    key: str
    fingerprint: str
    permissions: Sequence[str]
    body: Mapping[str, Any]
    created_at: datetime


_ROWS: Final = Rows(KEPT_ANSWERS, KeptAnswer)


def lock(connection: Connection, tenant_id: str, subject: str, key: str) -> bool:
    """Whether the key is the caller's until the transaction ends; if not, it is another's now."""
    if connection.dialect.name != "postgresql":
        # SQLite has one writer at a time: whoever gets here sees what the one before has written.
        return True
    name = sha256(f"{tenant_id}\0{subject}\0{key}".encode()).digest()
    number = int.from_bytes(name[:8], signed=True)
    query = select(func.pg_try_advisory_xact_lock(number))
    return bool(connection.execute(query).scalar_one())


def find(
    connection: Connection, tenant_id: str, subject: str, key: str, since: datetime
) -> KeptAnswer | None:
    """The answer by its key, unless it is older; such a one is forgotten on the way."""
    answer = _ROWS.one(connection, tenant_id, subject=subject, key=key)
    if answer is None or answer.created_at >= since:
        return answer
    old = _ROWS.own(tenant_id, subject=subject, key=key)
    connection.execute(delete(KEPT_ANSWERS).where(old))
    return None


def keep(connection: Connection, answer: KeptAnswer) -> None:
    """Fails where there is one already, so that whatever else happened is undone."""
    connection.execute(insert(KEPT_ANSWERS).values(asdict(answer)))


def forget(connection: Connection, before: datetime) -> None:
    connection.execute(delete(KEPT_ANSWERS).where(KEPT_ANSWERS.c.created_at < before))

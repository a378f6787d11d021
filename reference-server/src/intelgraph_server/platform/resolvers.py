"""The GraphQL edge of the operator's switches and of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.controls import switches, trail
from intelgraph_server.controls.switches import Switch, SwitchName
from intelgraph_server.controls.trail import AuditEntry
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.pagination import Connection, Edge, ListKind
from intelgraph_server.engine.schema import Domain
from intelgraph_server.generated.error_codes import ErrorCode

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

LONGEST_REASON: Final = 200
TRAIL_LIST: Final[ListKind[AuditEntry]] = ListKind("audit trail", lambda e: (e.id,), (int,))


def resolve_switches(_source: None, context: Context) -> list[Switch]:
    return switches.all_switches(context.connection)


def resolve_audit_trail(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[AuditEntry]:
    page = TRAIL_LIST.page(first, after)
    return Connection(TRAIL_LIST, page, trail.entries(context.connection, context.tenant_id, page))


def resolve_set_switch(_source: None, context: Context, input_: dict[str, Any]) -> Switch:
    name, is_on, reason = SwitchName(input_["name"]), input_["is_on"], input_["reason"].strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise DomainError(
            ErrorCode.BAD_USER_INPUT, f"A reason has from 1 to {LONGEST_REASON} characters."
        )
    if switches.is_on(context.connection, name) == is_on:
        return _switch(context, name)
    actor = context.authenticated().subject
    switch = Switch(name=name, is_on=is_on, changed_by=actor, changed_at=context.now, reason=reason)
    if not switches.write(context.connection, switch):
        return _switch(context, name)
    trail.record(
        context.connection,
        tenant_id=None,
        at=context.now,
        actor=actor,
        action=f"switch.{'on' if is_on else 'off'}",
        subject=name,
        reason=reason,
    )
    return switch


def _switch(context: Context, name: SwitchName) -> Switch:
    return next(s for s in switches.all_switches(context.connection) if s.name == name)


DOMAIN: Final = Domain(
    name="platform",
    types={
        "AuditEntry": AuditEntry,
        "AuditEntryConnection": Connection,
        "AuditEntryEdge": Edge,
        "Switch": Switch,
    },
    resolvers={
        "Query": {"switches": resolve_switches, "auditTrail": resolve_audit_trail},
        "Mutation": {"setSwitch": resolve_set_switch},
    },
)

"""The GraphQL edge of the operator's switches and of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from intelgraph_server import controls
from intelgraph_server.controls import AuditEntry, Switch
from intelgraph_server.engine.errors import bad_input
from intelgraph_server.engine.pagination import ListKind
from intelgraph_server.generated.enums import SwitchName

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

LONGEST_REASON: Final = 200
TRAIL_LIST: Final[ListKind[AuditEntry]] = ListKind("audit trail", controls.ENTRIES.order)

resolve_audit_trail = TRAIL_LIST.resolver(controls.entries)


def resolve_switches(_source: None, context: Context) -> list[Switch]:
    return controls.all_switches(context.connection)


def resolve_set_switch(_source: None, context: Context, input_: dict[str, Any]) -> Switch:
    name, is_on, reason = SwitchName(input_["name"]), input_["is_on"], input_["reason"].strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise bad_input(f"A reason has from 1 to {LONGEST_REASON} characters.")
    if controls.is_on(context.connection, name) == is_on:
        return _switch(context, name)
    actor = context.authenticated().subject
    switch = Switch(name=name, is_on=is_on, changed_by=actor, changed_at=context.now, reason=reason)
    if not controls.turn(context.connection, switch):
        return _switch(context, name)
    entry = AuditEntry(
        tenant_id=None,
        at=context.now,
        actor=actor,
        action=f"switch.{'on' if is_on else 'off'}",
        subject=name,
        reason=reason,
    )
    controls.record(context.connection, entry)
    return switch


def _switch(context: Context, name: SwitchName) -> Switch:
    return next(s for s in controls.all_switches(context.connection) if s.name == name)

"""The GraphQL edge of anomaly detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intelgraph_server.engine.errors import DomainError, bad_input, conflict
from intelgraph_server.engine.pagination import hanging, listed, listed_by_status
from intelgraph_server.generated.enums import IncidentStatus, SignalKind, SignalState
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.outbox import publish

from . import model, store
from .watching import EVENT, Watcher, enrol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intelgraph_server.engine.context import Context

    from .model import AnomalyEnrollment, Incident, Signal


def _judged(name: str) -> Callable[[Signal, Context], float | None]:
    """The resolver of a part of the last judgement, if there is one."""
    return lambda signal, _: getattr(signal.judged, name, None)


resolve_alerts = listed("alerts", store.ALERTS)
resolve_incidents = listed_by_status("incidents", store.INCIDENTS)
resolve_incident_alerts = hanging("incidents", store.ONSETS, "incident_id")
resolve_signal_expected = _judged("expected")
resolve_signal_lower = _judged("lower")
resolve_signal_upper = _judged("upper")


def resolve_signals(_source: None, context: Context) -> list[Signal]:
    is_enrolled = store.enrollment(*context.own).is_enrolled
    return list(store.signals(*context.own).values()) if is_enrolled else []


def resolve_signal_state(signal: Signal, context: Context) -> SignalState:
    return model.state(signal, context.now)


def resolve_set_anomaly_enrollment(
    _source: None,
    context: Context,
    is_enrolled: bool,  # noqa: FBT001
) -> AnomalyEnrollment:
    context.require_tenant()
    before = store.enrollment(*context.own, is_locked=True)
    if before.is_enrolled == is_enrolled:
        return before
    context.record(f"anomaly.{'enrol' if is_enrolled else 'withdraw'}", context.tenant_id)
    return enrol(*context.own, context.now, is_enrolled=is_enrolled)


def resolve_push_measurement(_source: None, context: Context, input_: dict[str, Any]) -> Signal:
    kind, value, at = SignalKind(input_["kind"]), input_["value"], input_["measured_at"]
    if not model.is_possible(kind, value):
        raise bad_input("A value is not negative, and an error rate is at most 1.")
    if at > context.now:
        raise bad_input("The value was measured in the future; check the clock that measured it.")
    if not store.enrollment(*context.own, is_locked=True).is_enrolled:
        raise conflict(
            "The tenant takes no part in anomaly detection; enrol it before it is measured."
        )
    watcher = Watcher(context.connection, context.services, context.tenant_id, context.now)
    return watcher.take(kind, value, at, is_pushed=True)


def resolve_acknowledge_incident(
    _source: None, context: Context, id_: str, note: str | None = None
) -> Incident:
    principal = context.authenticated()
    if not principal.is_human:
        raise DomainError(
            ErrorCode.FORBIDDEN, "Only a person acknowledges an incident; the token is a machine's."
        )
    if note is not None and len(note) > model.LONGEST_NOTE:
        raise bad_input(f"A note has up to {model.LONGEST_NOTE} characters.")
    acknowledged = {
        "status": IncidentStatus.ACKNOWLEDGED,
        "acknowledged_by": principal.subject,
        "acknowledged_at": context.now,
        "note": note,
    }
    # Only the first to do so: whoever comes later is told who that was.
    is_first = store.INCIDENTS.change(
        *context.own, acknowledged, id=id_, status=IncidentStatus.OPEN
    )
    incident = store.INCIDENTS.one(*context.own, id=id_)
    if incident is None:
        raise bad_input("There is no incident of this id.")
    if is_first:
        context.record("incident.acknowledge", id_, note)
        publish(*context.own, EVENT, {"id": id_}, context.now)
    return incident


def resolve_incident_changed(source: Mapping[str, Any], context: Context) -> Incident:
    """The incident that an event of the outbox tells of, as it stands when it is read."""
    incident = store.INCIDENTS.one(*context.own, id=source["id"])
    if incident is None:
        raise LookupError(source["id"])
    return incident


def resolve_incident_title(incident: Incident, _context: Context) -> str:
    return model.TEMPLATES[incident.template].title


def resolve_incident_runbook(incident: Incident, _context: Context) -> str:
    return f"{model.RUNBOOKS}#{incident.template}"

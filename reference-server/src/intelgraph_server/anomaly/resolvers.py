"""The GraphQL edge of anomaly detection."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.controls import trail
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.pagination import Connection, Edge, ListKind
from intelgraph_server.engine.schema import Domain
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.outbox.store import publish

from . import rules, sampling, store
from .model import Alert, Enrollment, Incident, Signal, SignalKind, SignalState
from .watching import EVENT, Watcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_server.auth import Principal
    from intelgraph_server.engine.context import Context

ALERT_LIST: Final[ListKind[Alert]] = ListKind(
    "alerts", lambda alert: (alert.raised_at, alert.id), (datetime, str)
)
INCIDENT_LIST: Final[ListKind[Incident]] = ListKind(
    "incidents", lambda incident: (incident.opened_at, incident.id), (datetime, str)
)


def resolve_signals(_source: None, context: Context) -> list[Signal]:
    if not store.enrollment(context.connection, context.tenant_id).is_enrolled:
        return []
    return list(store.signals(context.connection, context.tenant_id).values())


def resolve_alerts(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Alert]:
    page = ALERT_LIST.page(first, after)
    part = store.alert_page(context.connection, context.tenant_id, page)
    return Connection(ALERT_LIST, page, part)


def resolve_incidents(
    _source: None,
    context: Context,
    first: int,
    after: str | None = None,
    status: str | None = None,
) -> Connection[Incident]:
    page = INCIDENT_LIST.page(first, after)
    part = store.incident_page(context.connection, context.tenant_id, page, status)
    context.loaders.expect("incident", (incident.id for incident in part.items))
    return Connection(INCIDENT_LIST, page, part)


def resolve_set_anomaly_enrollment(
    _source: None,
    context: Context,
    is_enrolled: bool,  # noqa: FBT001
) -> Enrollment:
    tenant_id = context.tenant_id
    if not store.is_tenant(context.connection, tenant_id):
        raise DomainError(ErrorCode.FORBIDDEN, "The token's tenant is not one of this server's.")
    before = store.enrollment(context.connection, tenant_id, is_locked=True)
    if before.is_enrolled == is_enrolled:
        return before
    if is_enrolled:
        enrollment = sampling.enrol(context.connection, tenant_id, context.now)
    else:
        enrollment = Enrollment(is_enrolled=False, changed_at=context.now)
        store.keep_enrollment(context.connection, tenant_id, enrollment)
    _record(context, f"anomaly.{'enrol' if is_enrolled else 'withdraw'}", tenant_id)
    return enrollment


def resolve_push_measurement(_source: None, context: Context, input_: dict[str, Any]) -> Signal:
    kind, value, at = SignalKind(input_["kind"]), input_["value"], input_["measured_at"]
    if not rules.is_possible(kind, value):
        raise _bad_input("A value is not negative, and an error rate is at most 1.")
    if at > context.now:
        raise _bad_input("The value was measured in the future; check the clock that measured it.")
    enrolled = store.enrollment(context.connection, context.tenant_id, is_locked=True)
    if not enrolled.is_enrolled:
        raise DomainError(
            ErrorCode.CONFLICT,
            "The tenant takes no part in anomaly detection; enrol it before it is measured.",
        )
    watcher = Watcher(context.connection, context.services, context.tenant_id, context.now)
    return watcher.take(kind, value, at, is_pushed=True)


def resolve_acknowledge_incident(
    _source: None, context: Context, id_: str, note: str | None = None
) -> Incident:
    principal = _person(context)
    if note is not None and len(note) > rules.LONGEST_NOTE:
        raise _bad_input(f"A note has up to {rules.LONGEST_NOTE} characters.")
    tenant_id, connection = context.tenant_id, context.connection
    is_first = store.acknowledge(
        connection, tenant_id, id_, by=principal.subject, at=context.now, note=note
    )
    incident = store.incident(connection, tenant_id, id_)
    if incident is None:
        raise _bad_input("There is no incident of this id.")
    if is_first:
        _record(context, "incident.acknowledge", id_, note)
        publish(connection, tenant_id, EVENT, {"id": id_}, context.now)
    return incident


def resolve_incident_changed(source: Mapping[str, Any], context: Context) -> Incident:
    """The incident that an event of the outbox tells of, as it stands when it is read."""
    incident = store.incident(context.connection, context.tenant_id, source["id"])
    if incident is None:
        raise LookupError(source["id"])
    return incident


def resolve_state(signal: Signal, context: Context) -> SignalState:
    return rules.state(signal, context.now)


def resolve_incident_alerts(incident: Incident, context: Context) -> list[Alert]:
    connection, tenant_id = context.connection, context.tenant_id
    return context.loaders.load(
        "incident", None, incident.id, lambda ids: store.alerts_of(connection, tenant_id, ids)
    )


def resolve_title(incident: Incident, _context: Context) -> str:
    return rules.TEMPLATES[incident.template].title


def resolve_runbook(incident: Incident, _context: Context) -> str:
    return f"{rules.RUNBOOKS}#{incident.template}"


def _person(context: Context) -> Principal:
    principal = context.authenticated()
    if not principal.is_human:
        raise DomainError(
            ErrorCode.FORBIDDEN, "Only a person acknowledges an incident; the token is a machine's."
        )
    return principal


def _record(context: Context, action: str, subject: str, reason: str | None = None) -> None:
    trail.record(
        context.connection,
        tenant_id=context.tenant_id,
        at=context.now,
        actor=context.authenticated().subject,
        action=action,
        subject=subject,
        reason=reason,
    )


def _bad_input(message: str) -> DomainError:
    return DomainError(ErrorCode.BAD_USER_INPUT, message)


DOMAIN: Final = Domain(
    name="anomaly",
    types={
        "Alert": Alert,
        "AlertConnection": Connection,
        "AlertEdge": Edge,
        "AnomalyEnrollment": Enrollment,
        "Incident": Incident,
        "IncidentConnection": Connection,
        "IncidentEdge": Edge,
        "Signal": Signal,
    },
    resolvers={
        "Query": {
            "signals": resolve_signals,
            "alerts": resolve_alerts,
            "incidents": resolve_incidents,
        },
        "Mutation": {
            "setAnomalyEnrollment": resolve_set_anomaly_enrollment,
            "pushMeasurement": resolve_push_measurement,
            "acknowledgeIncident": resolve_acknowledge_incident,
        },
        "Subscription": {"incidentChanged": resolve_incident_changed},
        "Incident": {
            "alerts": resolve_incident_alerts,
            "title": resolve_title,
            "runbook": resolve_runbook,
        },
        "Signal": {"state": resolve_state},
    },
    jobs={sampling.JOB: sampling.sample},
)

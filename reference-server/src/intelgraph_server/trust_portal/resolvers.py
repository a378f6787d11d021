"""The GraphQL edge of the trust portal."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.controls import SwitchName
from intelgraph_server.database.rows import tenant_name
from intelgraph_server.engine.errors import DomainError, bad_input, conflict
from intelgraph_server.engine.switches import require
from intelgraph_server.generated.error_codes import ErrorCode

from . import bundle, rules, store
from .items import Portal, portal_of
from .model import Evidence, PublicTrust, TrustItem, TrustPage, TrustTile

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context
    from intelgraph_server.jobs import Job, Shift

LARGEST: Final = 512 * 1024  # Bytes.


def resolve_trust_tiles(_source: None, context: Context) -> list[TrustTile]:
    portal = _portal(context, context.tenant_id)
    return portal.tiles() if portal else []


def resolve_trust_items(_source: None, context: Context) -> list[TrustItem]:
    portal = _portal(context, context.tenant_id)
    return portal.items() if portal else []


def resolve_public_trust(_source: None, context: Context, slug: str) -> PublicTrust | None:
    portal = _portal(context, slug)
    if portal is None or not portal.page.is_public:
        return None
    name, shown = tenant_name(context.connection, slug) or slug, portal.public_items()
    return PublicTrust(slug=slug, name=name, generated_at=context.now, items=shown)


def resolve_trust_page(_source: None, context: Context) -> TrustPage:
    page = store.PAGES.one(context.connection, context.tenant_id)
    return page or TrustPage(enrolled_at=context.now)


def resolve_trust_page_slug(_page: TrustPage, context: Context) -> str:
    return context.tenant_id


def resolve_set_trust_page(_source: None, context: Context, is_public: bool) -> TrustPage:  # noqa: FBT001
    portal = _own_portal(context)
    # Whatever the page will show is decided about by the policies in force.
    portal.decide_all()
    if portal.page.is_public != is_public:
        store.PAGES.change(context.connection, portal.tenant_id, {"is_public": is_public})
        context.record(f"trust_page.{'on' if is_public else 'off'}", portal.tenant_id)
    return replace(portal.page, is_public=is_public)


def resolve_publish_evidence(_source: None, context: Context, input_: dict[str, Any]) -> TrustItem:
    portal = _own_portal(context)
    content = _content(input_.pop("content"))
    given = input_ | {"topic": input_["topic"].lower()}
    evidence = Evidence(sha256=sha256(content).hexdigest(), published_at=context.now, **given)
    problem = rules.problem(evidence.id, evidence.title, evidence.media_type)
    if problem is not None:
        raise bad_input(problem)
    known = store.EVIDENCE.one(context.connection, context.tenant_id, id=evidence.id)
    if known is None:
        _check_budget(context, len(content))
        context.record("evidence.published", evidence.id)
        return portal.publish(evidence, content)
    if replace(evidence, signature=known.signature, published_at=known.published_at) != known:
        raise conflict(f"The evidence `{evidence.id}` is already published, and it is another one.")
    return portal.item(known, store.decisions(context.connection, context.tenant_id).get(known.id))


def resolve_download_evidence_bundle(_source: None, context: Context, version: str) -> str:
    if version != bundle.VERSION:
        raise bad_input(
            f"There is no such version of the evidence bundle; ask for `{bundle.VERSION}`."
        )
    _check_budget(context)
    name = bundle.keep(context.connection, context.services, context.tenant_id, context.now)
    return context.services.links.issue(context.tenant_id, name)


def decide_daily(_job: Job, shift: Shift) -> None:
    """Decides anew, since policies change with a release and documents may be damaged."""
    with shift.database.reading() as connection:
        tenants = store.enrolled(connection)
    for tenant_id in tenants:
        with shift.database.writing() as connection:
            page = store.own_page(connection, tenant_id, shift.now)
            Portal(connection, shift.services, tenant_id, page, shift.now).decide_all()


def _portal(context: Context, slug: str) -> Portal | None:
    return portal_of(context.connection, context.services, slug, context.now)


def _own_portal(context: Context) -> Portal:
    """The caller's portal, for a change that nobody else makes at the same time."""
    require(context, SwitchName.TRUST_PORTAL_WRITES)
    context.require_tenant()
    connection, tenant_id, now = context.connection, context.tenant_id, context.now
    page = store.own_page(connection, tenant_id, now)
    return Portal(connection, context.services, tenant_id, page, now)


def _check_budget(context: Context, more: int = 0) -> None:
    """Bundles count too: each one that is asked for is kept."""
    today = context.now.replace(hour=0, minute=0, second=0, microsecond=0)
    budget = context.services.objectives.budgets["evidenceBytesPerDay"]
    spent = store.bytes_since(context.connection, context.tenant_id, today)
    if spent + more > budget:
        raise DomainError(
            ErrorCode.BUDGET_EXCEEDED,
            f"The {budget} bytes of evidence and bundles of today are used up;"
            " the budget begins anew at 00:00 UTC.",
        )


def _content(text: str) -> bytes:
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        raise bad_input("The content is not base64.") from None
    if not 0 < len(content) <= LARGEST:
        raise bad_input(f"A document has from 1 to {LARGEST} bytes.")
    return content

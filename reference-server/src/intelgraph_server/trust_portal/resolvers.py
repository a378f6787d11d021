"""The GraphQL edge of the trust portal."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.database.rows import tenant_name
from intelgraph_server.engine.errors import DomainError, bad_input, check_input, conflict
from intelgraph_server.engine.switches import require
from intelgraph_server.generated.enums import SwitchName
from intelgraph_server.generated.error_codes import ErrorCode

from . import bundle, store
from .items import Portal
from .model import Evidence, PublicTrust, TrustItem, TrustPage, TrustTile

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context
    from intelgraph_server.jobs import Job, Shift

LARGEST: Final = 512 * 1024  # Bytes.
NO_SUCH_VERSION: Final = (
    f"There is no such version of the evidence bundle; ask for `{bundle.VERSION}`."
)


def resolve_trust_tiles(_source: None, context: Context) -> list[TrustTile]:
    return _portal(context, context.tenant_id).tiles()


def resolve_trust_items(_source: None, context: Context) -> list[TrustItem]:
    return _portal(context, context.tenant_id).items()


def resolve_public_trust(_source: None, context: Context, slug: str) -> PublicTrust | None:
    portal = _portal(context, slug)
    if portal.page is None or not portal.page.is_public:
        return None
    name, shown = tenant_name(context.connection, slug) or slug, portal.public_items()
    return PublicTrust(slug=slug, name=name, generated_at=context.now, items=shown)


def resolve_trust_page(_source: None, context: Context) -> TrustPage:
    return store.PAGES.one(*context.own) or TrustPage(enrolled_at=context.now)


def resolve_trust_page_slug(_page: TrustPage, context: Context) -> str:
    return context.tenant_id


def resolve_set_trust_page(_source: None, context: Context, is_public: bool) -> TrustPage:  # noqa: FBT001
    # Whatever the page will show is decided about by the policies in force.
    _own_portal(context).decide_all()
    if store.PAGES.change(*context.own, {"is_public": is_public}, is_public=not is_public):
        context.record(f"trust_page.{'on' if is_public else 'off'}", context.tenant_id)
    return resolve_trust_page(None, context)


def resolve_publish_evidence(_source: None, context: Context, input_: dict[str, Any]) -> TrustItem:
    portal = _own_portal(context)
    content = _content(input_.pop("content"))
    given = input_ | {"topic": input_["topic"].lower()}
    evidence = Evidence(sha256=sha256(content).hexdigest(), published_at=context.now, **given)
    check_input(evidence.expected())
    known = store.EVIDENCE.one(*context.own, id=evidence.id)
    if known is None:
        _check_budget(context, len(content))
        context.record("evidence.published", evidence.id)
        return portal.publish(evidence, content)
    if replace(evidence, signature=known.signature, published_at=known.published_at) != known:
        raise conflict(f"The evidence `{evidence.id}` is already published, and it is another one.")
    return portal.item(known, store.decisions(*context.own).get(known.id))


def resolve_download_evidence_bundle(_source: None, context: Context, version: str) -> str:
    check_input({NO_SUCH_VERSION: version == bundle.VERSION})
    _check_budget(context)
    name = bundle.keep(_portal(context, context.tenant_id))
    return context.services.links.issue(context.tenant_id, name)


def decide_daily(_job: Job, shift: Shift) -> None:
    """Decides anew, since policies change with a release and documents may be damaged."""
    with shift.database.reading() as connection:
        tenants = store.enrolled(connection)
    for tenant_id in tenants:
        with shift.database.writing() as connection:
            store.own_page(connection, tenant_id, shift.now)
            Portal(connection, shift.services, tenant_id, shift.now).decide_all()


def _portal(context: Context, tenant_id: str) -> Portal:
    return Portal(context.connection, context.services, tenant_id, context.now)


def _own_portal(context: Context) -> Portal:
    """The caller's portal, for a change that nobody else makes at the same time."""
    require(context, SwitchName.TRUST_PORTAL_WRITES)
    context.require_tenant()
    store.own_page(*context.own, context.now)
    return _portal(context, context.tenant_id)


def _check_budget(context: Context, more: int = 0) -> None:
    """Bundles count too: each one that is asked for is kept."""
    today = context.now.replace(hour=0, minute=0, second=0, microsecond=0)
    budget = context.services.objectives.budgets["evidenceBytesPerDay"]
    spent = store.bytes_since(*context.own, today)
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
    check_input({f"A document has from 1 to {LARGEST} bytes.": 0 < len(content) <= LARGEST})
    return content

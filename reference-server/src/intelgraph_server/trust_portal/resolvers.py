"""The GraphQL edge of the trust portal."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.controls import trail
from intelgraph_server.controls.switches import SwitchName
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.schema import Domain
from intelgraph_server.engine.switches import require
from intelgraph_server.generated.error_codes import ErrorCode

from . import bundle, items, rules, store
from .model import Evidence, Item, Page, PublicTrust, TrustTile

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context
    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Shift

LARGEST: Final = 512 * 1024  # Bytes.


def resolve_trust_tiles(_source: None, context: Context) -> list[TrustTile]:
    page = store.page(context.connection, context.tenant_id)
    if page is None:
        return []
    return items.tiles(context.connection, context.services, page, context.now)


def resolve_trust_items(_source: None, context: Context) -> list[Item]:
    page = store.page(context.connection, context.tenant_id)
    if page is None:
        return []
    return items.items(context.connection, context.services, page, context.now)


def resolve_public_trust(_source: None, context: Context, slug: str) -> PublicTrust | None:
    page = store.page(context.connection, slug)
    if page is None or not page.is_public:
        return None
    shown = items.public_items(context.connection, context.services, page, context.now)
    return PublicTrust(slug=slug, name=page.name, generated_at=context.now, items=shown)


def resolve_trust_page(_source: None, context: Context) -> Page:
    tenant_id = context.tenant_id
    page = store.page(context.connection, tenant_id)
    return page or Page(slug=tenant_id, name="", is_public=False, enrolled_at=context.now)


def resolve_set_trust_page(_source: None, context: Context, is_public: bool) -> Page:  # noqa: FBT001
    page = _own_page(context)
    # Whatever the page will show is decided about by the policies in force.
    items.decide_all(context.connection, context.services, page.slug, context.now)
    if page.is_public != is_public:
        store.turn(context.connection, page.slug, is_public=is_public)
        _tell(context, f"trust_page.{'on' if is_public else 'off'}", page.slug)
    return replace(page, is_public=is_public)


def resolve_publish_evidence(_source: None, context: Context, input_: dict[str, Any]) -> Item:
    page = _own_page(context)
    content = _content(input_["content"])
    problem = rules.problem(input_["id"], input_["title"], input_["media_type"])
    if problem is not None:
        raise DomainError(ErrorCode.BAD_USER_INPUT, problem)
    evidence = Evidence(
        id=input_["id"],
        topic=input_["topic"].lower(),
        title=input_["title"],
        media_type=input_["media_type"],
        contains_pii=input_["contains_pii"],
        sha256=rules.sha256_of(content),
        published_at=context.now,
    )
    known = store.evidence_of(context.connection, page.slug).get(evidence.id)
    if known is None:
        _check_budget(context, len(content))
        _tell(context, "evidence.published", evidence.id)
        return items.publish(context.connection, context.services, page.slug, evidence, content)
    if replace(evidence, signature=known.signature, published_at=known.published_at) != known:
        raise DomainError(
            ErrorCode.CONFLICT,
            f"The evidence `{evidence.id}` is already published, and it is another one.",
        )
    decision = store.decisions(context.connection, page.slug).get(known.id)
    return items.of_evidence(known, decision, context.now)


def resolve_download_evidence_bundle(_source: None, context: Context, version: str) -> str:
    if version != bundle.VERSION:
        raise DomainError(
            ErrorCode.BAD_USER_INPUT,
            f"There is no such version of the evidence bundle; ask for `{bundle.VERSION}`.",
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
            store.page(connection, tenant_id, locked=True)
            items.decide_all(connection, shift.services, tenant_id, shift.now)


def _own_page(context: Context) -> Page:
    """The caller's page, for a change that nobody else makes at the same time."""
    require(context, SwitchName.TRUST_PORTAL_WRITES)
    if store.name_of(context.connection, context.tenant_id) is None:
        raise DomainError(ErrorCode.FORBIDDEN, "The token's tenant is not one of this server's.")
    return store.own_page(context.connection, context.tenant_id, context.now)


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
    except (binascii.Error, ValueError):
        raise DomainError(ErrorCode.BAD_USER_INPUT, "The content is not base64.") from None
    if not 0 < len(content) <= LARGEST:
        raise DomainError(ErrorCode.BAD_USER_INPUT, f"A document has from 1 to {LARGEST} bytes.")
    return content


def _tell(context: Context, action: str, subject: str) -> None:
    trail.record(context.connection, tenant_id=context.tenant_id, at=context.now,
                 actor=context.authenticated().subject, action=action, subject=subject)  # fmt: skip


DOMAIN: Final = Domain(
    name="trust_portal",
    types={
        "PublicTrust": PublicTrust,
        "PublicTrustItem": Item,
        "TrustItem": Item,
        "TrustPage": Page,
        "TrustTile": TrustTile,
    },
    resolvers={
        "Query": {
            "publicTrust": resolve_public_trust,
            "trustItems": resolve_trust_items,
            "trustPage": resolve_trust_page,
            "trustTiles": resolve_trust_tiles,
        },
        "Mutation": {
            "downloadEvidenceBundle": resolve_download_evidence_bundle,
            "publishEvidence": resolve_publish_evidence,
            "setTrustPage": resolve_set_trust_page,
        },
    },
    jobs={"trust.decide": decide_daily},
    daily=("trust.decide",),
)

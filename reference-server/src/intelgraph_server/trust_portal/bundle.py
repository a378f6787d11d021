"""What the run really produced for a tenant into one signed archive: Evidence Bundle v15.

The specification's list of its contents is the checklist. Each line of it stands in the signed
manifest exactly once: as included, with its files, or as not included, with the reason.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeAlias

from intelgraph_server import lake
from intelgraph_server._version import __version__
from intelgraph_server.documents.bundle import MANIFEST, MEDIA_TYPE, build
from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS
from intelgraph_server.lake import DamagedObjectError

from . import policy, store

if TYPE_CHECKING:
    from .items import Portal

VERSION: Final = "v15"
Files: TypeAlias = "dict[str, bytes]"
NONE_YET: Final = "The tenant has none."
ALTERED: Final = "The audit lake no longer holds what was written under this name."


def keep(portal: Portal) -> str:
    """Builds the bundle and writes it to the lake; gives its name there."""
    altered: list[str] = []
    contents = _contents(portal, altered)
    included = [{"path": p, "what": w} for w, (files, _) in contents.items() for p in sorted(files)]
    missing = {what: why for what, (files, why) in contents.items() if not files}
    missing |= dict.fromkeys(altered, ALTERED)
    predicate = {
        "version": VERSION,
        "tenant": portal.tenant_id,
        "generatedAt": portal.now.isoformat(),
        "included": [*included, {"path": MANIFEST, "what": "signed manifest"}],
        "notIncluded": [{"what": what, "why": why} for what, why in missing.items()],
    }
    files = {path: content for some, _ in contents.values() for path, content in some.items()}
    content = build(files, predicate, portal.services.identity)
    name = f"bundles/{sha256(content).hexdigest()[:16]}/evidence-bundle-{VERSION}.zip"
    lake.keep(portal.connection, portal.services.lake, tenant_id=portal.tenant_id, name=name,
              content=content, media_type=MEDIA_TYPE, now=portal.now)  # fmt: skip
    return name


def _contents(portal: Portal, altered: list[str]) -> dict[str, tuple[Files, str]]:
    """The checklist: the files of each line of it, and why there are none if there are none."""
    services, report = portal.services, portal.services.settings.a11y_report

    def of_domain(domain: str, prefix: str | None = None) -> Files:
        """What the domain adds, and what the lake keeps under the prefix."""
        gather = services.evidence.get(domain)
        found = gather(*portal.own).items() if gather else ()
        files = {f"{domain}/{name}": content for name, content in found}
        for known in lake.named(*portal.own, prefix) if prefix else ():
            try:
                files[known.name] = services.lake.get(known.sha256)
            except DamagedObjectError:
                altered.append(known.name)
        return files

    audit = {"a11y/report.json": report.read_bytes()} if report and report.is_file() else {}
    return {
        "billing flows (test) with signed invoices": (of_domain("billing", "invoices/"), NONE_YET),
        "trust tiles": (_tiles(portal), "The tenant takes no part."),
        "evidence": (_evidence(portal), "None that the policies allow."),
        "policies and decisions": (_decisions(portal), ""),
        "persisted documents of SDKs v1.1": (_sdk(), ""),
        "SHAs of the packages of SDKs v1.1": ({}, "The server does not see the packages."),
        "anomaly alerts and incident trails": (of_domain("anomaly"), NONE_YET),
        "residency reports": (of_domain("residency_audit", "residency/"), NONE_YET),
        "A11y checklist": (audit, "No report of an audit of the pages was given to the server."),
        "issuer's certificate": ({"issuer.pem": services.identity.certificate_pem}, ""),
    }


def _tiles(portal: Portal) -> Files:
    objectives, tiles = portal.services.objectives.objectives, list(map(asdict, portal.tiles()))
    told = {"objectives": objectives, "tiles": tiles}
    return {"trust/tiles.json": _json(told)} if tiles else {}


def _evidence(portal: Portal) -> Files:
    files: Files = {}
    for one in filter(None, (item.evidence for item in portal.public_items())):
        folder = f"evidence/{one.id}"
        files[f"{folder}/content"] = portal.services.lake.get(one.sha256)
        files[f"{folder}/claim.json"] = one.claim(portal.tenant_id)
        files[f"{folder}/claim.sig"] = b64decode(one.signature)
    return files


def _decisions(portal: Portal) -> Files:
    decisions = {i: asdict(decision) for i, decision in store.decisions(*portal.own).items()}
    policies = {f"trust/{name}": source for name, source in policy.sources().items()}
    return policies | {"trust/decisions.json": _json(decisions)}


def _sdk() -> Files:
    ids = {op_id: known.document_id for op_id, known in PERSISTED_DOCUMENTS.items()}
    said = {"release": __version__, "persistedDocuments": ids}
    return {"sdk/persisted_documents.json": _json(said)}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, default=str).encode() + b"\n"

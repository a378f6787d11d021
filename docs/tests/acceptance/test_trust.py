"""Trust: what the portal shows, to whom, and what can be taken away."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING

import httpx
import story

from intelgraph import IntelGraph
from intelgraph.generated.enums import EvidenceTopic
from intelgraph.generated.inputs import PublishEvidenceInput
from intelgraph_server.documents.bundle import verify_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_server import ReferenceServer

CONTENT = base64.b64encode(b"Tested by others; nothing was found.").decode()


def evidence(item_id: str, *, contains_pii: bool = False) -> PublishEvidenceInput:
    return PublishEvidenceInput(
        id=item_id,
        topic=EvidenceTopic.SECURITY,
        title=f"Report {item_id}",
        media_type="text/plain",
        content=CONTENT,
        contains_pii=contains_pii,
    )


def test_tiles_reflect_the_objectives(tmp_path: Path, proved: Callable[[str], None]) -> None:
    # A minute after the demonstration data's last one, so that its own answers are all that is new.
    with story.kept_server(tmp_path, clock="2026-04-15T00:01:00Z") as server:
        with story.client_of(server) as client:
            before = {tile.kind: tile.status for tile in client.trust_tiles()}
        with story.client_of(server, "initech") as other:
            unmeasured = {tile.kind: tile.status for tile in other.trust_tiles()}

    assert before == {"slo": "met", "uptime": "met", "error_rate": "at_risk"}
    assert set(unmeasured.values()) <= {"unknown"}
    proved(f"from request measurements: {before}; a tenant without any: {unmeasured or 'no tile'}")


def test_evidence_downloads_work(live: ReferenceServer, proved: Callable[[str], None]) -> None:
    with story.client_of(live) as client:
        client.publish_evidence(input=evidence("pentest"))
        link = client.download_evidence_bundle(version="v15")
    content = story.download(link)
    root = httpx.get(live.url.replace("/graphql", "/issuer.pem"), timeout=60).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()

    whole = verify_bundle(content, root)
    bent = httpx.get(link[:-2] + ("AA" if not link.endswith("AA") else "BB"))

    assert whole.is_valid, whole.problems
    assert bent.status_code == 403
    proved(f"bundle v15 of {len(names)} files verifies offline; a bent link answers 403")


def test_the_policy_allows_only_safe_artifacts(
    live: ReferenceServer, proved: Callable[[str], None]
) -> None:
    with story.client_of(live) as client:
        safe = client.publish_evidence(input=evidence("safe"))
        unsafe = client.publish_evidence(input=evidence("unsafe", contains_pii=True))
        client.set_trust_page(is_public=True)
        with IntelGraph(url=live.url, api_key=None) as anonymous:
            page = anonymous.public_trust(slug="acme")
            assert page is not None
            shown = {item.id for item in page.items}
            client.set_trust_page(is_public=False)
            hidden = anonymous.public_trust(slug="acme")
        client.set_trust_page(is_public=True)

    assert safe.is_allowed
    assert not unsafe.is_allowed
    assert unsafe.reasons
    assert "safe" in shown
    assert "unsafe" not in shown
    assert hidden is None
    proved(
        f"shown to everybody: {json.dumps(sorted(shown))};"
        f" refused: {unsafe.reasons[0]!r}; nothing once the page is off"
    )

"""Publishes a document as evidence, reads the page that everybody sees, takes the bundle home.

INTELGRAPH_URL and INTELGRAPH_API_KEY say where and as whom; the page is read without a token.
"""

from __future__ import annotations

import base64
import urllib.request

from intelgraph import IntelGraph
from intelgraph.generated.enums import EvidenceTopic
from intelgraph.generated.inputs import PublishEvidenceInput

REPORT = b"Penetration test of the demonstration service: nothing was found."


def main() -> None:
    with IntelGraph() as client:
        evidence = PublishEvidenceInput(
            id="pentest-2026",
            topic=EvidenceTopic.SECURITY,
            title="Penetration test 2026",
            media_type="text/plain",
            content=base64.b64encode(REPORT).decode(),
        )
        item = client.publish_evidence(input=evidence)
        print(f"evidence {item.title}, allowed: {item.is_allowed}, sha256 {item.sha256}")
        page = client.set_trust_page(is_public=True)

        with IntelGraph(api_key=None) as anonymous:
            shown = anonymous.public_trust(slug=page.slug)
        assert shown is not None
        for entry in shown.items:
            print(f"shown    {entry.topic:<12} {entry.status:<10} {entry.title}")

        link = client.download_evidence_bundle(version="v15")
        with urllib.request.urlopen(link, timeout=30) as reply:  # noqa: S310
            print(f"bundle   {len(reply.read()) // 1024} KiB, its manifest signed")


if __name__ == "__main__":
    main()

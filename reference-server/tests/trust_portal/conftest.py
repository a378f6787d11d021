"""A seeded server for one test alone, because these tests write."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from intelgraph_server.database.engine import Database
    from intelgraph_server.settings import Settings

    Ask = Callable[..., Awaitable[Any]]

PUBLISH = """
mutation ($input: PublishEvidenceInput!) {
  publishEvidence(input: $input) {
    id category topic title status updatedAt sha256 isAllowed reasons policySha256 decidedAt
  }
}
"""


@pytest.fixture
def settings(settings: Settings, filled: Database) -> Settings:
    url = filled.engine.url.render_as_string(hide_password=False)
    return replace(settings, database_url=url)


@pytest.fixture
def publish(ask: Ask) -> Callable[..., Awaitable[Any]]:
    """Publishes a small document, of which any part can be given; gives the reply."""

    async def publish(tenant: str = "acme", text: str = "No findings.", **changed: object) -> Any:
        given = {
            "id": "pentest",
            "topic": "SECURITY",
            "title": "Penetration test",
            "mediaType": "text/plain",
            "content": b64encode(text.encode()).decode(),
        }
        return await ask(PUBLISH, tenant=tenant, input=given | changed)

    return publish

"""The GraphQL edge of anomaly detection."""

from __future__ import annotations

from typing import Final

from intelgraph_server.engine.schema import Domain

DOMAIN: Final = Domain(name="anomaly")

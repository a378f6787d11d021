"""The operator's own part of the schema: switches and the audit trail."""

from intelgraph_server import controls
from intelgraph_server.engine.schema import Domain

from . import resolvers

__all__ = ["DOMAIN"]

DOMAIN = Domain("platform", (controls, resolvers))

"""The operator's own part of the schema: switches and the audit trail."""

from intelgraph_server.controls import switches, trail
from intelgraph_server.engine.schema import Domain

from . import resolvers

__all__ = ["DOMAIN"]

DOMAIN = Domain("platform", (switches, trail, resolvers))

"""The graph itself: entities and the relations between them."""

from intelgraph_server.engine.schema import Domain

from . import model, resolvers

__all__ = ["DOMAIN"]

DOMAIN = Domain("entities", (model, resolvers))

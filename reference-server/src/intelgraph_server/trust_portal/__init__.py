"""What a tenant may see of how the service stands."""

from intelgraph_server.engine.schema import Domain

from . import model, resolvers

__all__ = ["DOMAIN"]

DOMAIN = Domain(
    "trust_portal",
    (model, resolvers),
    jobs={"trust.decide": resolvers.decide_daily},
    daily=("trust.decide",),
)

"""The operator's own part of the schema, switches and the audit trail, and the house-keeping."""

from intelgraph_server import controls
from intelgraph_server.engine import idempotency
from intelgraph_server.engine.schema import Domain

from . import resolvers

__all__ = ["DOMAIN"]

DOMAIN = Domain(
    "platform",
    (controls, resolvers),
    jobs={"platform.forget_answers": idempotency.forget},
    daily=("platform.forget_answers",),
)

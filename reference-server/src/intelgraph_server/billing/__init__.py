"""What tenants owe, and the marketplace where they buy."""

from intelgraph_server.engine.schema import Domain

from . import daily, events, invoices, model, resolvers
from .events import routes

__all__ = ["DOMAIN", "routes"]

DOMAIN = Domain(
    "billing",
    (model, resolvers),
    jobs={
        "billing.invoice": invoices.issue,
        "billing.reconcile": daily.reconcile,
        "billing.replay": events.replay,
    },
    daily=("billing.reconcile", "billing.replay"),
)

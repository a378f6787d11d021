"""What tenants owe, and the marketplace where they buy."""

from intelgraph_server.engine.schema import Domain

from . import daily, invoices, model, resolvers
from .webhook import routes

__all__ = ["DOMAIN", "routes"]

DOMAIN = Domain(
    "billing",
    (model, resolvers),
    jobs={
        "billing.invoice": invoices.issue,
        "billing.reconcile": daily.reconcile,
        "billing.replay": daily.replay,
    },
    daily=("billing.reconcile", "billing.replay"),
)

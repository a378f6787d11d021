"""What tenants owe, and the marketplace where they buy."""

from intelgraph_server.engine.schema import Domain

from . import books, invoices, model, resolvers

DOMAIN = Domain(
    "billing",
    (model, resolvers),
    jobs={
        "billing.invoice": invoices.issue,
        "billing.reconcile": books.reconcile,
        "billing.replay": books.replay,
    },
    daily=("billing.reconcile", "billing.replay"),
)

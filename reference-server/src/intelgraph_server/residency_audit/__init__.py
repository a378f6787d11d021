"""Where a tenant's data is kept, where it went, and whether it stayed where it must."""

from intelgraph_server.engine.schema import Domain

from . import delivery, model, reports, resolvers

__all__ = ["DOMAIN"]

DOMAIN = Domain(
    "residency_audit",
    (model, resolvers),
    jobs={
        reports.RUN: reports.run,
        reports.DELIVERY: delivery.deliver,
        reports.MEASURE: reports.measure,
    },
    daily=(reports.MEASURE,),
)

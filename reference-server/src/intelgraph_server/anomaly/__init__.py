"""Preview of anomaly detection: signals, alerts that agree, and the incidents they open."""

from intelgraph_server.engine.schema import Domain

from . import model, resolvers, store, watching
from .watching import enrol

__all__ = ["DOMAIN", "enrol"]

DOMAIN = Domain(
    "anomaly",
    (model, resolvers),
    jobs={watching.JOB: watching.sample},
    evidence=store.evidence,
)

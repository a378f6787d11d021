"""Preview of anomaly detection: signals, alerts that agree, and the incidents they open."""

from intelgraph_server.engine.schema import Domain

from . import model, resolvers, sampling, store
from .sampling import enrol

__all__ = ["DOMAIN", "enrol"]

DOMAIN = Domain(
    "anomaly",
    (model, resolvers),
    jobs={sampling.JOB: sampling.sample},
    evidence=store.evidence,
)

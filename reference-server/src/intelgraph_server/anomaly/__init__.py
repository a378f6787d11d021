"""Preview of anomaly detection: signals, alerts that agree, and the incidents they open."""

from .resolvers import DOMAIN
from .sampling import enrol

__all__ = ["DOMAIN", "enrol"]

"""Preview of anomaly detection: signals, alerts that agree, and the incidents they open."""

from .resolvers import DOMAIN

__all__ = ["DOMAIN"]

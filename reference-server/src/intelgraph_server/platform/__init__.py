"""The operator's own part of the schema: switches and the audit trail."""

from .resolvers import DOMAIN

__all__ = ["DOMAIN"]

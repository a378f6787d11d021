"""What tenants owe, and the marketplace where they buy."""

from .resolvers import DOMAIN

__all__ = ["DOMAIN"]

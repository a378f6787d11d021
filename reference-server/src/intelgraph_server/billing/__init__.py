"""What tenants owe, and the marketplace where they buy."""

from .resolvers import DOMAIN
from .webhook import routes

__all__ = ["DOMAIN", "routes"]

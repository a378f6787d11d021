"""Where a tenant's data is kept, where it went, and whether it stayed where it must."""

from .resolvers import DOMAIN

__all__ = ["DOMAIN"]

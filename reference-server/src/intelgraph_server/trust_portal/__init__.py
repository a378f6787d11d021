"""What a tenant may see of how the service stands."""

from .resolvers import DOMAIN

__all__ = ["DOMAIN"]

"""The graph itself: entities and the relations between them."""

from .resolvers import DOMAIN

__all__ = ["DOMAIN"]

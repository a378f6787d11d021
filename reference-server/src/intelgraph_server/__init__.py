"""The IntelGraph reference server: GraphQL over HTTP on Starlette and a real database."""

from ._version import __version__

__all__ = ["__version__"]

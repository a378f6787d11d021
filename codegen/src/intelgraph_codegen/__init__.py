"""Typed Python and TypeScript clients from a GraphQL schema and named operations."""

from __future__ import annotations

from ._version import __version__
from .config import Settings
from .errors import CodegenError, Diagnostic, Place, UsageError
from .run import Outcome, generate, publish
from .targets import ScalarTarget

__all__ = [
    "CodegenError",
    "Diagnostic",
    "Outcome",
    "Place",
    "ScalarTarget",
    "Settings",
    "UsageError",
    "__version__",
    "generate",
    "publish",
]

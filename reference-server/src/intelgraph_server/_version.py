"""The one version that every package of this repository carries."""

__version__ = "1.1.0.dev0"

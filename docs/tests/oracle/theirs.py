"""Packages that ariadne-codegen prints, and what it answers where it prints none."""

from __future__ import annotations

import contextlib
import io
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Linear's documents break a rule of validation, and its unused fragments are no matter.
SKIPPED = ["NoUnusedFragments", "OverlappingFieldsCanBeMerged"]


def generate(
    folder: Path,
    name: str,
    schema: Path,
    documents: Path,
    options: Mapping[str, object] | None = None,
    *,
    warns: bool = False,
) -> None:
    """Print a package into a folder, with the program's own defaults but for `options`."""
    client: Any = import_module("ariadne_codegen.main").client
    section = {
        "schema_path": str(schema),
        "queries_path": str(documents),
        "target_package_path": str(folder),
        "target_package_name": name,
        "include_comments": "none",
        "skip_validation_rules": SKIPPED,
        **(options or {}),
    }
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # It warns of each deprecated field that is used; ours does so elsewhere.
        warnings.simplefilter("ignore", DeprecationWarning)
        if not warns:
            warnings.simplefilter("ignore", UserWarning)
        client({"tool": {"ariadne-codegen": section}})


def model_of(package: str, operation: str) -> Any:
    """The class of an operation's data, wherever its package is printed to."""
    names: Any = import_module("ariadne_codegen.utils")
    module = import_module(f"{package}.{names.process_name(operation, convert_to_snake_case=True)}")
    return getattr(module, names.str_to_pascal_case(operation))

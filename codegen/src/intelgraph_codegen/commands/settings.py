"""The settings of a run: the folder's configuration, with what the command line says instead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from intelgraph_codegen.config import OWN_FILE, Settings, read_config
from intelgraph_codegen.errors import Diagnostic, Place, UsageError
from intelgraph_codegen.files import read_text

if TYPE_CHECKING:
    import argparse

CONFIG_FILES = ("pyproject.toml", OWN_FILE, "package.json")
OUTPUTS = ("python", "typescript", "server", "manifest")


def settings_of(options: argparse.Namespace) -> Settings:
    """The configuration of this folder, with what the command line says in its place.

    A command line that names another schema than the configuration is a run of its own, in
    which nothing of the configuration has a meaning; one that names an output wants that
    output and no other.
    """
    schema = tuple(options.schema or ())
    settings = configured() or Settings()
    if settings.schema and schema and settings.schema != schema:
        settings = Settings()
    outputs = {name: getattr(options, name) for name in OUTPUTS}
    if any(outputs.values()):
        settings = replace(settings, **outputs)
    return replace(
        settings,
        schema=schema or settings.schema,
        documents=tuple(options.documents or settings.documents),
        lenient=options.lenient or settings.lenient,
    )


def configured(folder: Path = Path()) -> Settings | None:
    """The configuration of a folder, or None where it has none.

    Raises `UsageError` for a configuration that cannot be followed, and for a second one.
    """
    found = configurations(folder)
    if len(found) > 1:
        first, second, *_ = found
        message = f"This folder is configured in `{first}` already; keep one of the two."
        raise UsageError([Diagnostic(message, Place(second), code="second-configuration")])
    return next(iter(found.values()), None)


def configurations(folder: Path) -> dict[str, Settings]:
    """What each file of a folder that may configure it says, by how messages name the file."""
    found: dict[str, Settings] = {}
    for name in CONFIG_FILES:
        shown = (folder / name).as_posix()
        if (folder / name).is_file():
            settings = read_config(read_text(folder / name, shown), shown)
            if settings is not None:
                found[shown] = replace(settings, root=folder)
    return found

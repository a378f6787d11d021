"""The goldens: a folder for each feature of GraphQL, with what is printed for it."""

from __future__ import annotations

from pathlib import Path

from intelgraph_codegen import python, typescript
from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.config import read_config
from intelgraph_codegen.load import load

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


def printed(case: str) -> dict[str, str]:
    """Every file that is printed for a case, by its path below `expected/`."""
    folder = GOLDEN / case
    loaded = load(["schema.graphql"], ["operations.graphql"], root=folder)
    program = build(loaded, print_documents(loaded))
    config = folder / "pyproject.toml"
    settings = read_config(config.read_text(), str(config)) if config.exists() else None
    scalars = settings.scalars if settings else {}
    files = {f"python/{path}": text for path, text in python.emit(program, scalars).items()}
    files |= {f"typescript/{path}": text for path, text in typescript.emit(program, scalars).items()}
    return files


def expected(case: str) -> dict[str, str]:
    """The files that are stored for a case."""
    folder = GOLDEN / case / "expected"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

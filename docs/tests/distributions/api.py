"""The dumps of the public API in `docs/api`, one file each, and what the last release had."""

from __future__ import annotations

import argparse
import json
import re
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from distributions import api_python, api_typescript
from repository import ROOT

FOLDER = ROOT / "docs" / "api"


def newest(folder: str) -> Path:
    """The last release that is kept in a folder, by the numbers in its name."""
    kept = [path for path in (ROOT / folder).iterdir() if path.suffix in {".whl", ".tgz"}]
    return max(kept, key=lambda path: [int(part) for part in re.findall(r"\d+", path.name)])


WHEEL = newest("sdk-python/tests/releases")
TARBALL = newest("sdk-js/test/releases")
# The generator of a release is not kept, so its dump is.
RELEASED_GENERATOR = FOLDER / "released" / "codegen.txt"
GENERATED_NAMES = ("#operations.", "#fragments.", "#inputs.", "#enums.", "#Client.", "#ErrorCode")
GENERATED_ENTRIES = ("/operations/", "/fragments/", "intelgraph.generated")


def is_generated(name: str) -> bool:
    return any(part in name for part in (*GENERATED_NAMES, *GENERATED_ENTRIES))


def dumps() -> dict[str, dict[str, str]]:
    """Today's API by the name of its file; sdk-js has to be built."""
    return {
        **clients(ROOT / "sdk-python" / "src", ROOT / "sdk-js"),
        "codegen": {
            **api_python.public_api(ROOT / "codegen/src", "intelgraph_codegen", whole=False),
            **command_line(),
            **configuration(),
        },
    }


def released() -> dict[str, dict[str, str]]:
    """The same of the last release, read off what was published."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(TARBALL) as archive:
        archive.extractall(folder, filter="data")
        found = clients(WHEEL, Path(folder) / "package")
    return {**found, "codegen": read(RELEASED_GENERATOR)}


def clients(python: Path, package: Path) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for language, facts in (
        ("python", api_python.public_api(python, "intelgraph")),
        ("typescript", api_typescript.public_api(package)),
    ):
        own = {name: text for name, text in facts.items() if not is_generated(name)}
        names[language] = own
        names[f"{language}_generated"] = {n: t for n, t in facts.items() if n not in own}
    return names


def command_line() -> dict[str, str]:
    """Every command and option of the generator, with its default."""
    from intelgraph_codegen.commands import COMMANDS  # noqa: PLC0415 - only today's has it.

    facts: dict[str, str] = {}
    for command in COMMANDS:
        key = f"intelgraph-codegen {command.name}"
        parser = argparse.ArgumentParser(add_help=False)
        command.add_options(parser)
        facts[key] = "command"
        for action in parser._actions:
            name = " ".join(action.option_strings) or action.dest
            takes = "flag" if action.nargs == 0 else f"value, default {action.default!r}"
            facts[f"{key} {name}"] = f"{takes}{', required' if action.required else ''}"
    return facts


def configuration() -> dict[str, str]:
    """Every key of the generator's configuration, with its type."""
    schema = ROOT / "codegen/src/intelgraph_codegen/config.schema.json"
    return dict(keys_of(json.loads(schema.read_text("utf-8")), "[tool.intelgraph-codegen]"))


def keys_of(schema: dict[str, Any], place: str) -> list[tuple[str, str]]:
    keys = [(place, str(schema.get("type", "any")))]
    for name, inner in schema.get("properties", {}).items():
        keys += keys_of(inner, f"{place}.{name}")
    for kind, inner in (("additionalProperties", "*"), ("items", "[]")):
        if isinstance(schema.get(kind), dict):
            keys += keys_of(schema[kind], f"{place}.{inner}")
    return keys


def rendered(facts: dict[str, str]) -> str:
    return "".join(f"{name}: {text}\n" for name, text in sorted(facts.items()))


def read(path: Path) -> dict[str, str]:
    """A dump as it was rendered; the arguments of a long call stand on lines of their own."""
    facts: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith((" ", ")")):
            facts[list(facts)[-1]] += f"\n{line}"
        else:
            name, _, text = line.partition(": ")
            facts[name] = text
    return facts

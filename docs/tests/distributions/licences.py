"""What each distribution needs at run time and under which licence, from installed metadata.

The page says what is needed on any system that is supported, so that it is the same wherever it
is written; versions are those of the lock file.
"""

from __future__ import annotations

import itertools
import tomllib
from importlib import metadata
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repository import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = "docs/reference/third_party_licences.md"
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
# The SDK's extras bring libraries that their user has chosen already; PostgreSQL is ours to choose.
EXTRAS = {"reference-server": ("postgres",)}
HEAD = """\
# Licences of others

What each distribution needs at run time, with all that this needs in turn, on every system that is
supported. `nox -s api` writes this page from the metadata of what the lock file installs; a test
holds it to both. Every package of this project is under the Apache License 2.0, and carries it.

`@intelgraph/sdk` needs nothing. An extra of `intelgraph` brings the library that it is named after.
"""
# What metadata says in words of its own, as SPDX has it.
SPDX = {
    "APL 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def page() -> str:
    parts = [HEAD]
    for package, name in (
        ("sdk-python", "intelgraph"),
        ("codegen", "intelgraph-codegen"),
        ("reference-server", "intelgraph-server"),
    ):
        rows = [f"| {n} | {d.version} | {licence_of(d)} |" for n, d in needed_by(package).items()]
        table = ["| Package | Version | Licence |", "| --- | --- | --- |", *rows]
        parts.append(f"## {name}\n\n" + "\n".join(table) + "\n")
    return "\n".join(parts)


def needed_by(package: str) -> dict[str, metadata.Distribution]:
    """All that a distribution needs, directly or not, by name."""
    project = tomllib.loads(text(f"{package}/pyproject.toml"))["project"]
    extras = (project["optional-dependencies"][extra] for extra in EXTRAS.get(package, ()))
    waiting = [Requirement(each) for each in itertools.chain(project["dependencies"], *extras)]
    found: dict[tuple[str, frozenset[str]], metadata.Distribution] = {}
    while waiting:
        needed = waiting.pop()
        key = canonicalize_name(needed.name), frozenset(needed.extras)
        if key not in found:
            found[key] = metadata.distribution(needed.name)
            waiting += needs(found[key], needed.extras)
    return {name: distribution for (name, _), distribution in sorted(found.items(), key=first)}


def first(item: tuple[tuple[str, frozenset[str]], metadata.Distribution]) -> str:
    return item[0][0]


def needs(distribution: metadata.Distribution, extras: set[str]) -> Iterator[Requirement]:
    for each in map(Requirement, distribution.requires or []):
        marker = each.marker
        if not marker or any(marker.evaluate(dict(where)) for where in environments(extras)):
            yield each


def environments(extras: set[str]) -> Iterator[Mapping[str, str]]:
    """Where the packages run: each system with each Python that they name."""
    classifiers = tomllib.loads(text("sdk-python/pyproject.toml"))["project"]["classifiers"]
    versions = [each.split(" :: ")[-1] for each in classifiers if "Python :: 3." in each]
    for (platform, system, name), python, extra in itertools.product(
        SYSTEMS, versions, extras | {""}
    ):
        yield {
            "sys_platform": platform,
            "platform_system": system,
            "os_name": name,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "platform_machine": "x86_64",
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
            "extra": extra,
        }


def licence_of(distribution: metadata.Distribution) -> str:
    """The licence as an SPDX expression; whoever names none has to be read by a person."""
    told = distribution.metadata
    names = ("License-Expression", "License")
    stated: list[str] = [said for name in names for said in told.get_all(name, [])]
    classifiers = (c.split(" :: ")[-1] for c in told.get_all("Classifier", []) if "License" in c)
    said: str | None = next(filter(None, (*stated, *classifiers)), None)
    if not said:
        raise LookupError(f"{distribution.name} names no licence")
    return SPDX.get(said, said)

"""What others wrote and we need is named with its licence, as the lock file has it."""

from __future__ import annotations

import re

import pytest
from distributions import licences
from repository import text

# A client becomes part of its user's program; the server stands alone, and may be told to use more.
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0", "PSF-2.0"}
UNCHANGED_FILES = {"MPL-2.0"}
LIBRARY = {"LGPL-3.0-only"}
ALLOWED = {
    "sdk-python": PERMISSIVE | UNCHANGED_FILES,
    "codegen": PERMISSIVE,
    "reference-server": PERMISSIVE | UNCHANGED_FILES | LIBRARY,
}


def test_the_page_says_what_is_installed() -> None:
    assert text(licences.PAGE) == licences.page(), "run nox -s api, and read what changed"


@pytest.mark.parametrize("package", ALLOWED)
def test_the_versions_are_those_of_the_lock_file(package: str) -> None:
    locked = dict(re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;]+)", lock(), re.MULTILINE))

    needed = {name: found.version for name, found in licences.needed_by(package).items()}

    assert {name: locked[name.replace("_", "-")] for name in needed} == needed


def lock() -> str:
    return text("requirements/main.txt").replace("fluent.", "fluent-")


@pytest.mark.parametrize("package", ALLOWED)
def test_a_distribution_needs_nothing_under_another_licence(package: str) -> None:
    found = {
        name: licences.licence_of(distribution)
        for name, distribution in licences.needed_by(package).items()
    }

    strange = {
        name: licence
        for name, licence in found.items()
        if not set(re.split(r" AND | OR ", licence)) <= ALLOWED[package]
    }
    assert found
    assert strange == {}

"""What tests are given is the same in both languages: names, functions, and members of classes."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest
from repository import text

MODULES = {
    "testing": "sdk-js/src/testing.ts",
    "testing.fixtures": "sdk-js/src/testing/fixtures.ts",
    "testing.server": "sdk-js/src/testing/server.ts",
}
# Types of options and of what is given back, which Python has as parameters or tuples.
OF_ONE_LANGUAGE = re.compile(r"Options$|^(FakeRequest|SignedWebhook|Part)$")
CLASSES = {
    ("testing", "FakeTransport"): {"add", "outcomesLeft"},
    ("testing.fixtures", "Fixtures"): {"answer", "response"},
    ("testing.server", "RunningServer"): {"fail", "recover"},
}


def camel(name: str) -> str:
    words = name.lower() if name.isupper() else name
    return re.sub(r"_(\w)", lambda match: match[1].upper(), words)


def exported(module: str) -> set[str]:
    """The names that a module of TypeScript exports, but those that only its own language needs."""
    pattern = r"^export (?:async )?(?:class|const|function|interface|type) (\w+)"
    names = re.findall(pattern, text(MODULES[module]), re.MULTILINE)
    return {name for name in names if not OF_ONE_LANGUAGE.search(name)}


@pytest.mark.parametrize("module", MODULES)
def test_both_languages_give_the_same_names(module: str) -> None:
    python = {camel(name) for name in import_module(f"intelgraph.{module}").__all__}

    assert python == exported(module)


@pytest.mark.parametrize(("module", "name"), CLASSES)
def test_both_languages_give_their_classes_the_same_members(module: str, name: str) -> None:
    found = getattr(import_module(f"intelgraph.{module}"), name)
    python = {camel(each) for each in dir(found) if not each.startswith("_")}
    typescript = text(MODULES[module]).partition(f" {name} ")[2].partition("\n}\n")[0]

    expected = CLASSES[module, name]
    assert expected <= python | {camel(each) for each in inspect.get_annotations(found)}
    missing = [each for each in expected if not re.search(rf"\b{each}(\(|:|<)", typescript)]
    assert missing == []

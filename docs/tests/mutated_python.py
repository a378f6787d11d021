"""Runs vectors on a Python runtime of which places are changed; prints what became of each.

What is read is a JSON list of objects, each with the names of the vectors to run, with the modules
that run them, and with the changes: the module, its text and the new text of each. In a process of
its own, because the runtime is imported anew for each.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType, ModuleType

TESTS = Path(__file__).parents[2] / "sdk-python" / "tests"
OURS = {"intelgraph", *(path.stem for path in (TESTS / "conformance").glob("*.py"))}


class Unchanged(SourceFileLoader):
    """Loads a module whose text was compiled before."""

    compiled: ClassVar[dict[str, CodeType | None]] = {}

    def get_code(self, fullname: str) -> CodeType | None:
        if fullname not in self.compiled:
            self.compiled[fullname] = super().get_code(fullname)
        return self.compiled[fullname]


class Changed(SourceFileLoader):
    """Loads a module with its text changed."""

    changes: tuple[dict[str, str], ...] = ()

    def get_code(self, fullname: str) -> CodeType:
        text = self.get_data(self.get_filename(fullname)).decode()
        for change in self.changes:
            text = text.replace(change["old"], change["new"])
        return compile(text, self.path, "exec")


class Finder:
    """Finds our modules, of which some are changed; others are found by whoever comes next."""

    def __init__(self, changes: Sequence[dict[str, str]]) -> None:
        self._changes = changes

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name.partition(".")[0] in OURS else None
        if spec is not None and spec.origin:
            spec.loader = Unchanged(name, spec.origin)
            own = tuple(change for change in self._changes if change["module"] == name)
            if own:
                spec.loader = Changed(name, spec.origin)
                spec.loader.changes = own
        return spec


def failures(broken: dict[str, Any]) -> list[str]:
    """The names of the vectors that fail with the changes, of those that are named."""
    for name in [*sys.modules]:
        if name.partition(".")[0] in OURS:
            del sys.modules[name]
    finder = Finder(broken["changes"])
    sys.meta_path.insert(0, finder)
    try:
        found = runs(broken["runners"])
        return [name for name, run in found if name in broken["vectors"] and fails(run)]
    finally:
        sys.meta_path.remove(finder)


def runs(runners: Sequence[str]) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every vector of the modules, with what runs it in a blocking way."""
    for module in runners:
        for test in vars(importlib.import_module(module)).values():
            if not inspect.isfunction(test) or inspect.iscoroutinefunction(test):
                continue
            for mark in getattr(test, "pytestmark", []):
                if mark.args[0] == "vector":
                    for each in mark.args[1]:
                        vector = getattr(each, "values", (each,))[0]
                        yield vector["name"], partial(test, vector)


def fails(run: Callable[[], None]) -> bool:
    try:
        run()
    except (Exception, pytest.fail.Exception):  # noqa: BLE001 - the vector is not satisfied.
        return True
    return False


def main() -> None:
    sys.path.insert(0, str(TESTS / "conformance"))
    found = [failures(broken) for broken in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()

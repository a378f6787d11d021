"""Names that are imported when they are first asked for (PEP 562).

A package with thousands of generated modules costs nothing until one of them is used.
"""

from __future__ import annotations

import sys
from importlib import import_module

# That of `typing`, whose import takes longer than all else that a lazy package does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def lazy(package: str, where: Mapping[str, str]) -> Callable[[str], object]:
    """The `__getattr__` of `package`, whose names stand in the modules that `where` gives.

    A name that its module does not define is the module itself, if it bears the same name.
    """

    def resolve(name: str) -> object:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(where[name], package)
        is_the_module = where[name].rpartition(".")[2] == name
        value = getattr(module, name, module) if is_the_module else getattr(module, name)
        # Found without asking the next time.
        setattr(sys.modules[package], name, value)
        return value

    return resolve

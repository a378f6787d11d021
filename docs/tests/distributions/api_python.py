"""The public names of a Python package with all that a caller depends on, one fact a line.

A name is public when no part of it starts with an underscore and its module exports it. A class
tells its members, and those it has from bases that are not public themselves.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from distributions.api_modules import (
    DEFINITIONS,
    Module,
    Statement,
    exported,
    found,
    modules_of,
    names_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a program calls by syntax rather than by name.
SPOKEN = {
    *("__init__", "__call__", "__enter__", "__exit__", "__aenter__", "__aexit__"),
    *("__iter__", "__next__", "__aiter__", "__anext__", "__getitem__", "__len__"),
}
# The version moves with every release, and the other is what type checkers know.
UNTOLD = {"__version__", "TYPE_CHECKING"}
WIDTH = 100
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def public_api(place: Path, package: str, *, whole: bool = True) -> dict[str, str]:
    """What each public name is; without `whole`, of the package's own entry alone."""
    modules = modules_of(place, package)
    entries = [m for m in modules.values() if is_entry(m.name) and (whole or m.name == package)]
    facts: dict[str, str] = {}
    for module in entries:
        facts[module.name] = "module"
        for name in (n for n in exported(module) if n not in UNTOLD):
            facts.update(facts_of(modules, module, name))
    return facts


def is_entry(name: str) -> bool:
    """Generated code is entered by its namespaces, whose modules move with the operations."""
    inside = name.partition(".generated.")[2]
    namespaces = {"", "operations", "fragments", "inputs", "enums", "errors"}
    return "._" not in name and inside in namespaces


def facts_of(modules: dict[str, Module], entry: Module, name: str) -> dict[str, str]:
    place = found(modules, entry, name)
    key = f"{entry.name}.{name}"
    if isinstance(place, str):
        return {key: "module" if place == key else f"is {place}"}
    home, statements = place
    first = statements[0]
    if isinstance(first, ast.ClassDef):
        return facts_of_class(modules, home, first, key)
    return {key: told(statements)}


def facts_of_class(
    modules: dict[str, Module], home: Module, defined: ast.ClassDef, key: str
) -> dict[str, str]:
    bases = [ast.unparse(base) for base in defined.bases]
    public = [base for base in bases if not base.rpartition(".")[2].startswith("_")]
    facts = {key: f"{decorations(defined)}class({', '.join(public)})"}
    members = dict(members_of(modules, home, defined))
    facts.update((f"{key}.{name}", text) for name, text in members.items())
    return facts


def members_of(
    modules: dict[str, Module], home: Module, defined: ast.ClassDef
) -> Iterator[tuple[str, str]]:
    for base in defined.bases:
        name = ast.unparse(base).partition("[")[0]
        if name.startswith("_"):
            place = found(modules, home, name)
            if not isinstance(place, str) and isinstance(place[1][0], ast.ClassDef):
                yield from members_of(modules, place[0], place[1][0])
    if "dataclass" in decorations(defined):
        yield "__init__", constructor(defined)
    own = [s for s in defined.body if isinstance(s, DEFINITIONS)]
    for name in dict.fromkeys(name for statement in own for name in names_of(statement)):
        if name in SPOKEN or not name.startswith("_"):
            yield name, told([statement for statement in own if name in names_of(statement)])
    yield from set_by_constructor(defined)


def set_by_constructor(defined: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Attributes that `__init__` gives an instance; properties and fields stand in the class."""
    stated = {name for statement in defined.body for name in names_of(statement)}
    makers = (s for s in defined.body if isinstance(s, FUNCTIONS) and s.name == "__init__")
    for statement in (inner for maker in makers for inner in ast.walk(maker)):
        if isinstance(statement, ast.Attribute) and isinstance(statement.ctx, ast.Store):
            is_own = isinstance(statement.value, ast.Name) and statement.value.id == "self"
            if is_own and not statement.attr.startswith("_") and statement.attr not in stated:
                yield statement.attr, "attribute"


def constructor(defined: ast.ClassDef) -> str:
    """What `dataclass` makes of the fields, so that their order and defaults are held too."""
    fields = [s for s in defined.body if isinstance(s, ast.AnnAssign)]
    parts = ["self", *(["*"] if "kw_only=True" in decorations(defined) else [])]
    fields = [field for field in fields if "ClassVar" not in ast.unparse(field.annotation)]
    parts += map(ast.unparse, fields)
    return signature("def", parts, " -> None")


def signature(kind: str, parts: list[str], result: str) -> str:
    """A call on one line, or one argument a line, so that a diff shows the one that changed."""
    line = f"{kind}({', '.join(parts)}){result}"
    return line if len(line) <= WIDTH else f"{kind}(\n    " + ",\n    ".join(parts) + f"){result}"


def arguments_of(arguments: ast.arguments) -> list[str]:
    """Each argument as it is written, with the marks `/` and `*` between them."""
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    defaults = [*[None] * required, *arguments.defaults]
    parts = [argument(*pair) for pair in zip(positional, defaults, strict=True)]
    if arguments.posonlyargs:
        parts.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg or arguments.kwonlyargs:
        parts.append(f"*{ast.unparse(arguments.vararg)}" if arguments.vararg else "*")
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    parts += [argument(*pair) for pair in named]
    return [*parts, *([f"**{ast.unparse(arguments.kwarg)}"] if arguments.kwarg else [])]


def argument(named: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(named) + (f" = {ast.unparse(default)}" if default else "")


def told(statements: list[Statement]) -> str:
    """What one name is; the overloads of a function stand behind one another."""
    return " & ".join(dict.fromkeys(map(told_alone, statements)))


def told_alone(statement: Statement) -> str:
    if isinstance(statement, ast.ClassDef):
        return f"{decorations(statement)}class"
    if isinstance(statement, FUNCTIONS):
        kind = "async def" if isinstance(statement, ast.AsyncFunctionDef) else "def"
        result = f" -> {ast.unparse(statement.returns)}" if statement.returns else ""
        return signature(decorations(statement) + kind, arguments_of(statement.args), result)
    if isinstance(statement, ast.AnnAssign):
        return annotated(statement)
    value = statement.value
    return f"= {ast.unparse(value)}" if len(ast.unparse(value)) <= WIDTH else "value"


def annotated(statement: ast.AnnAssign) -> str:
    annotation = ast.unparse(statement.annotation)
    # An operation's text decides its id, which the manifest holds.
    if statement.value is None or annotation.startswith("Operation["):
        return annotation
    return f"{annotation} = {ast.unparse(statement.value)}"


def decorations(defined: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return "".join(f"@{ast.unparse(decorator)} " for decorator in defined.decorator_list)

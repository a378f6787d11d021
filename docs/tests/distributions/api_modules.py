"""Python modules as text: what each defines, and where a name that it exports is defined.

Nothing is imported, so that a released wheel is read like the sources, extras are not needed,
and every version of Python sees the same.
"""

from __future__ import annotations

import ast
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.AnnAssign
Statement: TypeAlias = Definition | ast.Assign
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.AnnAssign, ast.Assign)


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its dotted name, its statements, and whether it is a package."""

    name: str
    statements: tuple[ast.stmt, ...]
    is_package: bool

    def absolute(self, source: ast.ImportFrom) -> str:
        """The module that a relative import names."""
        if not source.level:
            return source.module or ""
        parts = self.name.split(".")
        kept = parts[: len(parts) - source.level + self.is_package]
        return ".".join([*kept, *([source.module] if source.module else [])])


def modules_of(place: Path, package: str) -> dict[str, Module]:
    """Every module of a package, in a folder of sources or in a wheel."""
    if place.suffix == ".whl":
        with zipfile.ZipFile(place) as wheel:
            names = [n for n in wheel.namelist() if n.startswith(f"{package}/") and n[-3:] == ".py"]
            texts = {name: wheel.read(name).decode() for name in names}
    else:
        paths = (place / package).rglob("*.py")
        texts = {p.relative_to(place).as_posix(): p.read_text("utf-8") for p in paths}
    trees = {name: ast.parse(text) for name, text in texts.items()}
    spelled = Spelled({k: v for tree in trees.values() for k, v in constants_of(tree)})
    modules = [parsed(name, spelled.visit(tree)) for name, tree in trees.items()]
    return {module.name: module for module in modules}


def constants_of(tree: ast.Module) -> Iterator[tuple[str, ast.Constant]]:
    for statement in tree.body:
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Constant) and value.value is not None:
            yield from ((name, value) for name in names_of(statement) if name.isupper())


class Spelled(ast.NodeTransformer):
    """Puts the value of a constant where a default names it, so that a new value is seen."""

    def __init__(self, constants: dict[str, ast.Constant]) -> None:
        self.constants = constants

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        node.defaults = [self.value_of(default) or default for default in node.defaults]
        node.kw_defaults = [default and self.value_of(default) for default in node.kw_defaults]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        node.value = node.value and self.value_of(node.value)
        return node

    def value_of(self, default: ast.expr) -> ast.expr | None:
        if isinstance(default, ast.Call) and ast.unparse(default.func) == "field":
            given = {keyword.arg: keyword.value for keyword in default.keywords}
            factory = given.get("default_factory")
            factory = factory.value if isinstance(factory, ast.Subscript) else factory
            return given.get("default") or (factory and ast.Call(factory, [], []))
        return self.constants.get(default.id, default) if isinstance(default, ast.Name) else default


def parsed(name: str, tree: ast.Module) -> Module:
    dotted = name.removesuffix(".py").replace("/", ".")
    statements = tuple(unwrapped(tree.body))
    return Module(dotted.removesuffix(".__init__"), statements, dotted.endswith(".__init__"))


def unwrapped(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, and those that only a type checker reads."""
    for statement in statements:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            if not ast.unparse(statement.test).startswith("not "):
                yield from unwrapped(statement.body)
        else:
            yield statement


def exported(module: Module) -> list[str]:
    """The names of `__all__`, or else the public ones that the module itself defines."""
    for statement in module.statements:
        if "__all__" in names_of(statement) and isinstance(statement, ast.Assign | ast.AnnAssign):
            return sorted(ast.literal_eval(statement.value or ast.List([])))
    defined = {name for statement in module.statements for name in names_of(statement)}
    return sorted(name for name in defined if not name.startswith("_"))


def names_of(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    return [target.id for target in targets if isinstance(target, ast.Name)]


def found(
    modules: dict[str, Module], module: Module, name: str
) -> tuple[Module, list[Statement]] | str:
    """Where a name is defined, through however many modules; a name of elsewhere as text."""
    own = [s for s in module.statements if isinstance(s, DEFINITIONS) and name in names_of(s)]
    if own:
        return module, own
    for statement in module.statements:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if name == (alias.asname or alias.name):
                    return found_there(modules, module.absolute(statement), alias.name)
    return found_there(modules, "", f"{module.name}.{name}")


def found_there(
    modules: dict[str, Module], source: str, name: str
) -> tuple[Module, list[Statement]] | str:
    if source in modules and f"{source}.{name}" not in modules:
        return found(modules, modules[source], name)
    return f"{source}.{name}".strip(".")

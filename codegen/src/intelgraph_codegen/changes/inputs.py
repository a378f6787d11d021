"""Compares what callers give: arguments of fields and directives, and fields of inputs."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graphql import GraphQLNonNull, print_ast

from .differ import pairs
from .variance import fits_input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLArgument, GraphQLInputField

    from .differ import Differ

    Given: TypeAlias = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose arguments or input fields are compared."""

    kind: str
    """What their kinds of change begin with: `argument`, `input-field`, `directive-argument`."""
    noun: str
    name: str

    def coordinate(self, name: str) -> str:
        if self.kind == "input-field":
            return f"{self.name}.{name}"
        return f"{self.name}({name}:)"


def compare_given(
    differ: Differ, owner: Owner, old: Mapping[str, Given], new: Mapping[str, Given]
) -> None:
    """Add every change of arguments or input fields."""
    for name, before, after in pairs(old, new):
        coordinate = owner.coordinate(name)
        touches = (coordinate,)
        if after is None:
            message = f"The {owner.noun} `{coordinate}` was removed."
            differ.add(f"{owner.kind}-removed", coordinate, message, before, *touches)
        elif before is None:
            required = is_required(after)
            kind = f"{owner.kind}-{'required-' if required else ''}added"
            message = f"The {'required ' if required else ''}{owner.noun} `{coordinate}` was added."
            differ.add(kind, coordinate, message, after, owner.name)
        else:
            _compare_one(differ, owner, name, before, after)
            differ.words(coordinate, before, after, *touches)


def is_required(item: Given) -> bool:
    """Whether a caller has to give it."""
    return isinstance(item.type, GraphQLNonNull) and _default(item) is None


def _compare_one(differ: Differ, owner: Owner, name: str, old: Given, new: Given) -> None:
    coordinate = owner.coordinate(name)
    before, after = str(old.type), str(new.type)
    if before != after:
        fits = fits_input(old.type, new.type)
        kind = f"{owner.kind}-type-{'widened' if fits else 'changed'}"
        message = f"The type of `{coordinate}` changed from `{before}` to `{after}`."
        differ.add(kind, coordinate, message, new, coordinate, *_absent(owner, old, new))
    elif is_required(new) and not is_required(old):
        message = f"`{coordinate}` lost its default and has to be given."
        differ.add(f"{owner.kind}-became-required", coordinate, message, new, owner.name)
        return
    given, gives = _default(old), _default(new)
    if given != gives:
        message = f"The default of `{coordinate}` changed from {_shown(given)} to {_shown(gives)}."
        differ.add(f"{owner.kind}-default-changed", coordinate, message, new, owner.name)


def _absent(owner: Owner, old: Given, new: Given) -> tuple[str, ...]:
    """Who leaves it out is concerned where it has to be given from now on."""
    return (owner.name,) if is_required(new) and not is_required(old) else ()


def _default(item: Given) -> str | None:
    node = item.ast_node.default_value if item.ast_node else None
    return print_ast(node) if node else None


def _shown(default: str | None) -> str:
    return "none" if default is None else f"`{default}`"

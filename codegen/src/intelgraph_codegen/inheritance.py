"""Which fragments a model extends, and what is left for the model itself to declare.

GraphQL spreads fragments in any order and any number of times; classes and interfaces are
pickier. Bases that another base already has are left out, the others are put into one
order for the whole program, in which every inheritance can be linearized, and a base that
contradicts an earlier one gives its fields instead of its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .ir import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .ir import Field, Fragment

Naming: TypeAlias = "Callable[[Sequence[str], Iterable[str]], Sequence[str]]"
"""Response keys and the names that are taken → the attributes of a language, one for each key."""


@dataclass(frozen=True, slots=True)
class Member:
    """A field as a class has it."""

    field: Field
    attribute: str
    typenames: tuple[str, ...]
    """For a `__typename` all that it can be, where that is known for good."""

    def fits(self, other: Member) -> bool:
        """Whether one class can inherit both; a `__typename` is declared anew if need be."""
        return self.attribute == other.attribute and (
            self.field.name == other.field.name == "__typename"
            or (self.field.type, self.field.is_optional)
            == (other.field.type, other.field.is_optional)
        )


@dataclass(frozen=True, slots=True)
class Family:
    """A model as a class: what it extends and what it declares."""

    bases: tuple[str, ...]
    own: tuple[Member, ...]
    members: Mapping[str, Member]
    """Its own and all inherited members by their response keys."""
    ancestors: frozenset[str]
    height: int
    """How many generations of ancestors it has."""
    narrows: bool
    """Whether it declares a `__typename` that a base declares more widely."""


class Lineage:
    """The families of all models of a program."""

    def __init__(self, fragments: Sequence[Fragment], naming: Naming) -> None:
        self._models = {
            fragment.name: shape
            for fragment in fragments
            if isinstance(shape := fragment.shapes[-1], Model)
        }
        self._place = {name: place for place, name in enumerate(self._models)}
        self._naming = naming
        self._families: dict[str, Family] = {}

    def of(self, model: Model, typenames: tuple[str, ...] | None = None) -> Family:
        """The family of a model; `typenames` are for one whose `__typename` is known for good."""
        bases: list[str] = []
        inherited: dict[str, Member] = {}
        fields: list[Field] = []
        for name in self._ordered(model.bases):
            theirs = self._family(name).members
            if _fit_together(inherited, theirs):
                bases.append(name)
                inherited |= {key: each for key, each in theirs.items() if key not in inherited}
            else:
                fields += [each.field for each in theirs.values()]
        families = [self._family(name) for name in bases]
        known = typenames or _fixed_typenames(model)
        own = self._own([*fields, *model.fields], inherited, known, families)
        return Family(
            bases=tuple(bases),
            own=own,
            members=inherited | {each.field.key: each for each in own},
            ancestors=frozenset(bases).union(*(family.ancestors for family in families)),
            height=1 + max((family.height for family in families), default=-1),
            narrows=any(each.field.key in inherited for each in own),
        )

    def _family(self, fragment: str) -> Family:
        if fragment not in self._families:
            self._families[fragment] = self.of(self._models[fragment])
        return self._families[fragment]

    def _ordered(self, bases: Sequence[str]) -> list[str]:
        covered = frozenset[str]().union(*(self._family(name).ancestors for name in bases))
        youngest_first = sorted(
            bases, key=lambda name: (-self._family(name).height, self._place[name])
        )
        return [name for name in youngest_first if name not in covered]

    def _own(
        self,
        fields: Sequence[Field],
        inherited: Mapping[str, Member],
        typenames: tuple[str, ...],
        families: Sequence[Family],
    ) -> tuple[Member, ...]:
        new = {each.key: each for each in reversed(fields) if each.key not in inherited}
        keys = [each.key for each in fields if new.get(each.key) is each]
        taken = [each.attribute for each in inherited.values()]
        attributes = dict(zip(keys, self._naming(keys, taken), strict=True))
        own: list[Member] = []
        for field in fields:
            fixed = typenames if field.name == "__typename" else ()
            if field.key in attributes:
                own.append(Member(field, attributes.pop(field.key), fixed))
            elif field.key in inherited and _is_narrower(field, fixed, families):
                own.append(Member(field, inherited[field.key].attribute, fixed))
        return tuple(own)


def _fit_together(some: Mapping[str, Member], others: Mapping[str, Member]) -> bool:
    keys = {each.attribute: key for key, each in some.items()}
    return all(
        some[key].fits(each) if key in some else each.attribute not in keys
        for key, each in others.items()
    )


def _fixed_typenames(model: Model) -> tuple[str, ...]:
    # An object type has one name for ever; what an interface has today may grow.
    return model.typenames if model.typenames == (model.parent,) else ()


def _is_narrower(field: Field, fixed: tuple[str, ...], families: Iterable[Family]) -> bool:
    return field.name == "__typename" and any(
        field.key in family.members and family.members[field.key].typenames != fixed
        for family in families
    )

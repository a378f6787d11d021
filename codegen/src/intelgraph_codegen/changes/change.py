"""One change, its kind, and how much each kind matters.

A change is judged by what it does to a client that was generated before it: breaking where a
call that worked can fail or its types no longer fit, dangerous where it may answer otherwise
than was expected, safe where nobody notices who does not look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intelgraph_codegen.errors import Place

Level: TypeAlias = Literal["breaking", "dangerous", "safe"]
Bump: TypeAlias = Literal["major", "minor", "patch", "none"]

LEVELS: Final[tuple[Level, ...]] = ("breaking", "dangerous", "safe")

_OF_ARGUMENTS: Final[Mapping[str, Level]] = {
    "removed": "breaking",
    "required-added": "breaking",
    "added": "dangerous",
    "type-changed": "breaking",
    "type-widened": "safe",
    "became-required": "breaking",
    "default-changed": "dangerous",
}

KINDS: Final[Mapping[str, Level]] = {
    "root-changed": "breaking",
    "root-added": "safe",
    "type-removed": "breaking",
    "type-added": "safe",
    "type-kind-changed": "breaking",
    "interface-removed": "breaking",
    "interface-added": "dangerous",
    "field-removed": "breaking",
    "field-added": "safe",
    "field-type-changed": "breaking",
    "field-type-narrowed": "safe",
    **{f"argument-{kind}": level for kind, level in _OF_ARGUMENTS.items()},
    **{f"input-field-{kind}": level for kind, level in _OF_ARGUMENTS.items()},
    "one-of-added": "breaking",
    "one-of-removed": "dangerous",
    "enum-value-removed": "breaking",
    "enum-value-added": "dangerous",
    "enum-value-added-to-input": "safe",
    "union-member-removed": "breaking",
    "union-member-added": "dangerous",
    "specified-by-changed": "dangerous",
    "directive-removed": "breaking",
    "directive-added": "safe",
    **{f"directive-argument-{kind}": level for kind, level in _OF_ARGUMENTS.items()},
    "directive-location-removed": "breaking",
    "directive-location-added": "safe",
    "directive-repeatable-removed": "breaking",
    "directive-repeatable-added": "safe",
    "applied-directive-removed": "dangerous",
    "applied-directive-added": "dangerous",
    "deprecation-added": "safe",
    "deprecation-removed": "safe",
    "deprecation-reason-changed": "safe",
    "description-changed": "safe",
    "operation-invalid": "breaking",
    "operation-removed": "breaking",
    "operation-added": "safe",
    "operation-kind-changed": "breaking",
    "operation-retry-safety-removed": "dangerous",
    "operation-key-removed": "dangerous",
    "operation-document-changed": "safe",
    **{f"variable-{kind}": level for kind, level in _OF_ARGUMENTS.items()},
    "variable-added": "safe",
    "result-root-changed": "breaking",
    "result-key-removed": "breaking",
    "result-key-added": "safe",
    "result-key-type-changed": "breaking",
    "result-key-type-narrowed": "safe",
    "result-key-became-optional": "breaking",
    "result-key-became-certain": "safe",
    "result-type-renamed": "dangerous",
    "result-arm-removed": "breaking",
    "result-arm-added": "dangerous",
    "fragment-removed": "breaking",
    "fragment-added": "safe",
}

_ONLY_WORDS: Final = frozenset({"description-changed", "deprecation-reason-changed"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `coordinate` names what changed as GraphQL's schema coordinates do."""

    kind: str
    coordinate: str
    message: str
    place: Place | None = None
    """Where it stands in the new files, or stood in the old ones."""
    touches: frozenset[str] = frozenset()
    """What an operation uses if the change concerns it; see `usage`."""

    @property
    def level(self) -> Level:
        return KINDS[self.kind]


def bump(changes: Iterable[Change]) -> Bump:
    """The least release that these changes ask for, as semantic versions are counted."""
    kinds = {change.kind for change in changes}
    if any(KINDS[kind] == "breaking" for kind in kinds):
        return "major"
    if kinds - _ONLY_WORDS:
        return "minor"
    return "patch" if kinds else "none"

"""The report of a comparison: for people, as JSON, and as annotations of a pull request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intelgraph_codegen.reports import command, object_of_place
from intelgraph_codegen.terminal import number

from .change import LEVELS, bump
from .usage import Use, affected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .change import Bump, Change

_FORMAT: Final = "intelgraph-codegen-changes/1"
_SEVERITIES: Final = {"breaking": "error", "dangerous": "warning", "safe": "notice"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, the gravest first, and the operations that may be concerned."""

    changes: Sequence[Change]
    uses: Sequence[Use]
    has_documents: bool

    @classmethod
    def of(
        cls, changes: Sequence[Change], uses: Sequence[Use], *, has_documents: bool
    ) -> Comparison:
        ordered = sorted(changes, key=lambda change: LEVELS.index(change.level))
        return cls(ordered, uses, has_documents)

    @property
    def bump(self) -> Bump:
        return bump(self.changes)

    def count(self, level: str) -> int:
        return sum(change.level == level for change in self.changes)

    def affected(self) -> list[Use]:
        """The operations that a change which is not safe concerns, in their order."""
        concerned = {
            use.name
            for change in self.changes
            if change.level != "safe"
            for use in affected(change, self.uses)
        }
        return [use for use in self.uses if use.name in concerned]


def as_text(comparison: Comparison) -> str:
    lines = [line for change in comparison.changes for line in _lines(change, comparison.uses)]
    counts = ", ".join(f"{comparison.count(level)} {level}" for level in LEVELS)
    lines.append(f"{number(len(comparison.changes), 'change')}: {counts}.")
    if comparison.has_documents:
        concerned, of = len(comparison.affected()), number(len(comparison.uses), "operation")
        lines.append(f"{concerned} of {of} concerned by what is not safe.")
    return "".join(f"{line}\n" for line in (*lines, f"Next release: {comparison.bump}"))


def as_json(comparison: Comparison) -> str:
    told = {
        "format": _FORMAT,
        "bump": comparison.bump,
        "counts": {level: comparison.count(level) for level in LEVELS},
        "affected": [use.name for use in comparison.affected()],
        "changes": [_object(change, comparison.uses) for change in comparison.changes],
    }
    return json.dumps(told, indent=2) + "\n"


def as_github(comparison: Comparison) -> str:
    return "".join(f"{_command(change, comparison.uses)}\n" for change in comparison.changes)


FORMS: Final[Mapping[str, Callable[[Comparison], str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}


def _lines(change: Change, uses: Sequence[Use]) -> Iterator[str]:
    where = f"{change.place}: " if change.place else ""
    yield f"{where}{change.level}: {change.message} [{change.kind}]"
    if change.level != "safe":
        for use in affected(change, uses):
            if use.name == change.coordinate.partition("(")[0].partition(".")[0]:
                continue  # The message named it already.
            yield f"    concerns `{use.name}` at {use.place}"


def _object(change: Change, uses: Sequence[Use]) -> dict[str, object]:
    return {
        "level": change.level,
        "kind": change.kind,
        "coordinate": change.coordinate,
        "message": change.message,
        **object_of_place(change.place),
        "operations": [
            {"name": use.name, **object_of_place(use.place)} for use in affected(change, uses)
        ],
    }


def _command(change: Change, uses: Sequence[Use]) -> str:
    names = ", ".join(f"`{use.name}`" for use in affected(change, uses))
    concerned = f" Concerned: {names}." if names and change.level != "safe" else ""
    return command(_SEVERITIES[change.level], change.place, f"{change.message}{concerned}")

"""Findings in the forms that other programs read, each apart from how people are told of them.

`json` is one document for editors and scripts. `github` is one workflow command a finding, which
GitHub shows at its line in the changed files:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from .findings import help_of
from .terminal import put, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .errors import Diagnostic, Place

_FORMAT: Final = "intelgraph-codegen-findings/1"


def as_json(findings: Iterable[Diagnostic]) -> str:
    """A document with every finding; what has no place has no path, and a whole file no line."""
    return json.dumps({"format": _FORMAT, "findings": [_object(one) for one in findings]}, indent=2)


def as_github(findings: Iterable[Diagnostic]) -> str:
    """A workflow command for each finding."""
    return "\n".join(map(_command, findings))


FORMS: Final[Mapping[str, Callable[[Iterable[Diagnostic]], str]]] = {
    "json": as_json,
    "github": as_github,
}


def report(findings: Iterable[Diagnostic], form: str) -> None:
    """Tell findings in the form that was asked for: to people, or as data."""
    if form in FORMS:
        told = FORMS[form](findings)
        put(f"{told}\n" if told else "")
        return
    for finding in findings:
        tell(finding)


def object_of_place(place: Place | None) -> dict[str, object]:
    """A place as JSON tells it: nothing for none, and no line for a whole file."""
    if place is None:
        return {}
    if not place.line:
        return {"path": place.path}
    end = place.column + place.width
    return {"path": place.path, "line": place.line, "column": place.column, "endColumn": end}


def command(severity: str, place: Place | None, message: str, title: str = "") -> str:
    """A workflow command: `error`, `warning` or `notice` at a place."""
    where: dict[str, object] = {"title": title} if title else {}
    where |= {"file": place.path} if place else {}
    if place and place.line:
        where |= {"line": place.line, "col": place.column, "endColumn": place.column + place.width}
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in where.items())
    return f"::{severity} {properties}".rstrip() + f"::{_escaped(message)}"


def _object(finding: Diagnostic) -> dict[str, object]:
    told: dict[str, object] = {"severity": finding.severity, "message": finding.message}
    if finding.suggestion:
        told["suggestion"] = finding.suggestion
    if finding.code:
        told |= {"code": finding.code, "help": help_of(finding.code)}
    return told | object_of_place(finding.place)


def _command(finding: Diagnostic) -> str:
    more = f"See {help_of(finding.code)}." if finding.code else ""
    message = " ".join(filter(None, (finding.message, finding.suggestion, more)))
    return command(finding.severity, finding.place, message, finding.code or "")


def _escaped(text: str, also: str = "") -> str:
    """The text with `%`, line ends, and in properties their separators, as GitHub wants them."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text

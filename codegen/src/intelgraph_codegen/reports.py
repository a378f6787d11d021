"""Findings in the forms that other programs read, each apart from how people are told of them.

`json` is one document for editors and scripts. `github` is one workflow command a finding, which
GitHub shows at its line in the changed files:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from .terminal import put, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .errors import Diagnostic

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


def _object(finding: Diagnostic) -> dict[str, object]:
    place = finding.place
    told: dict[str, object] = {"severity": finding.severity, "message": finding.message}
    if finding.suggestion:
        told["suggestion"] = finding.suggestion
    if place:
        told["path"] = place.path
    if place and place.line:
        told |= {"line": place.line, "column": place.column}
        told["endColumn"] = place.column + place.width
    return told


def _command(finding: Diagnostic) -> str:
    place = finding.place
    where: dict[str, object] = {"file": place.path} if place else {}
    if place and place.line:
        where |= {"line": place.line, "col": place.column, "endColumn": place.column + place.width}
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in where.items())
    message = " ".join(filter(None, (finding.message, finding.suggestion)))
    return f"::{finding.severity} {properties}".rstrip() + f"::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """The text with `%`, line ends, and in properties their separators, as GitHub wants them."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text

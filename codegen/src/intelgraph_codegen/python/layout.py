"""How Python is laid out in 100 columns: what `ruff format` would leave as it is.

The emitters write statements through these functions, so that the output needs no
formatter. Arguments that do not fit on a line are written one a line with a comma behind
the last; only a type that is too long by itself is broken by the formatter's own rules.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import SourceFile, Syntax, columns

from .imports import import_lines

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

STEP = "    "


def python_file(path: str, source: str, *, own_names: Iterable[str] = ()) -> SourceFile:
    """An empty module, which knows where it stands and where its text is from."""
    syntax = Syntax(comment="#", indent=STEP, imports=import_lines)
    return SourceFile(syntax, path=path, source=source, own_names=own_names)


def write_variable(file: SourceFile, name: str, annotation: str, value: str = "") -> None:
    """Write `name: annotation`, or `name: annotation = value` with a short value."""
    ending = f" = {value}" if value else ""
    if ending and _is_value_apart(file, f"{name}: {annotation}", ending):
        with file.block(f"{name}: {annotation} = (", ")"):
            file.line(value)
    else:
        file.lines(_annotated(name, annotation, ending, file.room))


def write_call(
    file: SourceFile, name: str, annotation: str, callee: str, arguments: Sequence[str]
) -> None:
    """Write `name: annotation = callee(arguments)`; an argument may have several lines."""
    flat = f"{name}: {annotation} = {callee}({', '.join(arguments)})"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    # The formatter sees no use in parentheses where an argument is too long for any line.
    lines = [line for argument in arguments for line in f"{argument},".split("\n")]
    are_short = all(columns(STEP * 2 + line) <= file.room for line in lines)
    is_atom = not annotation.endswith(("]", " | None"))
    with value_block(
        file, name, annotation, f"{callee}(", ")", may_be_apart=are_short or not is_atom
    ):
        file.lines(lines)


@contextmanager
def value_block(
    file: SourceFile,
    name: str,
    annotation: str,
    opening: str,
    closing: str,
    *,
    may_be_apart: bool = True,
) -> Generator[None, None, None]:
    """Write `name: annotation = opening`, then what is written inside, indented, and `closing`."""
    ending = f" = {opening}"
    if may_be_apart and _is_value_apart(file, f"{name}: {annotation}", ending):
        with file.block(f"{name}: {annotation} = (", ")"), file.block(opening, closing):
            yield
    else:
        *head, last = _annotated(name, annotation, ending, file.room)
        file.lines(head)
        with file.block(last, closing):
            yield


def write_alias(
    file: SourceFile, name: str, annotation: str, head: str, arguments: Sequence[str]
) -> None:
    """Write `name: annotation = head[arguments]`."""
    flat = f"{name}: {annotation} = {head}[{', '.join(arguments)}]"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with value_block(file, name, annotation, f"{head}[", "]"):
        for argument in arguments:
            file.lines(broken(argument, file.room, ","))


def write_constant(file: SourceFile, name: str, value: str) -> None:
    """Write `name = value`, where the value is one token."""
    flat = f"{name} = {value}"
    if columns(flat) <= file.room or columns(STEP + value) > file.room:
        file.line(flat)
        return
    with file.block(f"{name} = (", ")"):
        file.line(value)


def write_signature(
    file: SourceFile, opening: str, parameters: Sequence[str], returns: str
) -> None:
    """Write `opening(parameters) -> returns`; a parameter is `name: type` or has a default.

    `returns` goes on to the end of the line: `str:`, or `None: ...`.
    """
    flat = f"{opening}({', '.join(parameters)}) -> {returns}"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with file.block(f"{opening}("):
        for parameter in parameters:
            file.lines(_parameter(parameter, file.room))
    file.lines(_returns(returns, file.room))


def broken(expression: str, room: int, ending: str = "") -> list[str]:
    """The lines of an expression that stands inside brackets, with `ending` behind the last."""
    if columns(expression + ending) <= room:
        return [expression + ending]
    *others, last = split(expression, " | ")
    if others:
        lines = broken(others[0], room)
        for operand in others[1:]:
            lines += _prefixed(broken(operand, room - len("| ")))
        return lines + _prefixed(broken(last, room - len("| "), ending))
    if expression.endswith("]"):
        return _subscript(expression, "", ending, room)
    return [expression + ending]


def split(expression: str, separator: str) -> list[str]:
    """The parts of an expression between separators that stand outside brackets."""
    parts: list[str] = []
    depth = start = 0
    for index, character in enumerate(expression):
        depth += (character in "[(") - (character in "])")
        if depth == 0 and expression.startswith(separator, index):
            parts.append(expression[start:index])
            start = index + len(separator)
    return [*parts, expression[start:]]


def _is_value_apart(file: SourceFile, declared: str, ending: str) -> bool:
    """Whether the declaration has room for nothing but a parenthesis behind it."""
    return columns(f"{declared} = (") <= file.room < columns(declared + ending)


def _annotated(name: str, annotation: str, ending: str, room: int) -> list[str]:
    flat = f"{name}: {annotation}{ending}"
    if columns(flat) <= room:
        return [flat]
    if annotation.endswith("]") and len(split(annotation, " | ")) == 1:
        return _subscript(annotation, f"{name}: ", ending, room)
    if " | " in annotation or (_fits_in_parentheses(annotation, room) and not ending):
        return [f"{name}: (", *_nested(broken(annotation, room - len(STEP))), f"){ending}"]
    return [flat]


def _parameter(parameter: str, room: int) -> list[str]:
    flat = f"{parameter},"
    if columns(flat) <= room:
        return [flat]
    declared, equals, default = parameter.partition(" = ")
    name, _, annotation = declared.partition(": ")
    ending = f"{equals}{default},"
    if len(split(annotation, " | ")) == 1:
        is_subscript = annotation.endswith("]")
        return _subscript(annotation, f"{name}: ", ending, room) if is_subscript else [flat]
    first, *others = split(annotation, " | ")
    lines = broken(f"{name}: {first}", room)
    for operand in others:
        lines += _prefixed(broken(operand, room - len("| ")))
    return [*lines[:-1], lines[-1] + ending]


def _returns(returns: str, room: int) -> list[str]:
    flat = f") -> {returns}"
    annotation, colon, body = returns.partition(":")
    if columns(flat) <= room:
        return [flat]
    if len(split(annotation, " | ")) > 1 or _fits_in_parentheses(annotation, room):
        return [") -> (", *_nested(broken(annotation, room - len(STEP))), f"){colon}{body}"]
    if annotation.endswith("]"):
        return _subscript(annotation, ") -> ", f"{colon}{body}", room)
    return [flat]


def _subscript(expression: str, before: str, behind: str, room: int) -> list[str]:
    head, _, inner = expression.removesuffix("]").partition("[")
    items = split(inner, ", ")
    comma = "," if len(items) > 1 else ""
    lines = [line for item in items for line in broken(item, room - len(STEP), comma)]
    return [f"{before}{head}[", *_nested(lines), f"]{behind}"]


def _fits_in_parentheses(annotation: str, room: int) -> bool:
    return not annotation.endswith("]") and columns(STEP + annotation) <= room


def _prefixed(operand: Sequence[str]) -> list[str]:
    return [f"| {operand[0]}", *operand[1:]]


def _nested(lines: Iterable[str]) -> list[str]:
    return [STEP + line for line in lines]

"""How TypeScript is laid out in 100 columns: what `biome format` would leave as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import SourceFile, Syntax, columns

from .imports import import_lines
from .naming import GLOBALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LIST = "ReadonlyArray<"
_WORDS = frozenset({"boolean", "number", "string", "unknown"})


def typescript_file(path: str, source: str, *, own_names: Iterable[str] = ()) -> SourceFile:
    """An empty module, which knows where it stands and where its text is from."""
    syntax = Syntax(comment="//", indent="  ", imports=import_lines)
    # An import must not hide a global either, or a reader would take one for the other.
    taken = GLOBALS | frozenset(own_names)
    return SourceFile(syntax, path=path, source=source, own_names=taken)


def write_property(file: SourceFile, name: str, type_: str) -> None:
    """Write `readonly name: type;`."""
    flat = f"readonly {name}: {type_};"
    members = _members(type_)
    # A type that may be null is one type to the formatter, however long it is, but for those
    # that are a word of the language.
    is_one = members[1:] == ["null"] and members[0] not in _WORDS
    if columns(flat) <= file.room or len(members) == 1 or is_one:
        file.lines(_broken(f"readonly {name}: ", type_, ";", file.room))
        return
    with file.block(f"readonly {name}:"):
        for member in members:
            ending = ";" if member is members[-1] else ""
            first, *rest = _broken("| ", member, ending, file.room)
            file.lines([first, *(f"  {line}" for line in rest)])


def write_constant(file: SourceFile, name: str, value: str) -> None:
    """Write `const name = value;`, where the value may go to a line of its own."""
    flat = f"const {name} = {value};"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with file.block(f"const {name} ="):
        file.line(f"{value};")


def write_union(file: SourceFile, name: str, members: Sequence[str]) -> None:
    """Write `export type name = a | b;`."""
    flat = f"export type {name} = {' | '.join(members)};"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with file.block(f"export type {name} ="):
        if len(members) == 1:
            file.line(f"{members[0]};")
            return
        file.lines(f"| {member}" for member in members[:-1])
        file.line(f"| {members[-1]};")


def write_interface_opening(file: SourceFile, name: str, bases: Sequence[str], ending: str) -> None:
    """Write `export interface name extends a, b {`."""
    if not bases:
        file.line(f"export interface {name} {ending}")
        return
    flat = f"export interface {name} extends {', '.join(bases)} {ending}"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with file.block(f"export interface {name}"):
        *others, last = bases
        lines = [*(f"{base}," for base in others), f"{last} {ending}"]
        file.line(f"extends {lines[0]}")
        with file.indented():
            file.lines(lines[1:])


def write_method_opening(
    file: SourceFile,
    name: str,
    parameters: Sequence[str],
    returns: tuple[str, *tuple[str, ...]],
    *,
    is_async: bool,
) -> None:
    """Write `async name(parameters): head<arguments> {`; `returns` is the head and the others."""
    head, *arguments = returns
    opening = f"async {name}(" if is_async else f"{name}("
    closing = f"): {head}<{', '.join(arguments)}> {{"
    flat = f"{opening}{', '.join(parameters)}{closing}"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with file.block(opening):
        file.lines(f"{parameter}," for parameter in parameters)
    # A single plain name is never broken off.
    if columns(closing) <= file.room or (len(arguments) == 1 and "[" not in arguments[0]):
        file.line(closing)
        return
    *others, last = arguments
    with file.block(f"): {head}<", "> {"):
        file.lines([*(f"{each}," for each in others), last])


def write_generic_opening(
    file: SourceFile,
    opening: str,
    parameters: Sequence[str],
    head: str,
    arguments: Sequence[str],
) -> None:
    """Write `opening(parameters): head<arguments> {`."""
    closing = f"): {head}<{', '.join(arguments)}> {{"
    flat = f"{opening}({', '.join(parameters)}{closing}"
    if columns(flat) <= file.room:
        file.line(flat)
        return
    with file.block(f"{opening}("):
        file.lines(f"{parameter}," for parameter in parameters)
    if columns(closing) <= file.room:
        file.line(closing)
        return
    with file.block(f"): {head}<", "> {"):
        *others, last = arguments
        file.lines([*(f"{argument}," for argument in others), last])


def _members(type_: str) -> list[str]:
    """The members of a union, those of its type arguments left alone."""
    members = [""]
    for part in type_.split(" | "):
        is_open = members[-1].count("<") > members[-1].count(">")
        if is_open:
            members[-1] += f" | {part}"
        else:
            members.append(part)
    return members[1:]


def _broken(before: str, type_: str, ending: str, room: int) -> list[str]:
    """The lines of a type.

    Two things are broken: a list of plain lists, between the two, and a list of words of the
    language that may be null, around these.
    """
    flat = f"{before}{type_}{ending}"
    if columns(flat) <= room:
        return [flat]
    element = type_.removesuffix(" | null").removeprefix(_LIST).removesuffix(">")
    if element.startswith(_LIST) and element.endswith(">"):
        closing = type_[len(_LIST) + len(element) :]
        return [f"{before}{_LIST}", f"  {element}", f"{closing}{ending}"]
    opening, _, inner = type_.rpartition("<")
    word, null, closing = inner.partition(" | null>")
    if word in _WORDS and null:
        return [f"{before}{opening}<", f"  {word} | null", f">{closing}{ending}"]
    return [flat]

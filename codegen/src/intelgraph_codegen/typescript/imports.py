"""The imports of a generated module, in the order that biome keeps."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.source_file import Import


def import_lines(imports: Sequence[Import]) -> list[str]:
    """The import statements; a module of which only types are used vanishes when compiled."""
    by_module: dict[str, list[Import]] = defaultdict(list)
    for each in imports:
        by_module[each.module].append(each)
    lines: list[str] = []
    for module in sorted(by_module, key=_module_order):
        found = sorted(by_module[module], key=lambda each: name_order(each.name))
        are_types = [each.is_type_only for each in found]
        names = [
            each.name if each.name == each.alias else f"{each.name} as {each.alias}"
            for each in found
        ]
        lines += from_statement("import", names, are_types, module)
    return lines


def from_statement(
    verb: str, names: Sequence[str], are_types: Sequence[bool], module: str
) -> list[str]:
    """`verb { names } from "module";`, one name a line where several do not fit on one."""
    if all(are_types):
        verb = f"{verb} type"
    else:
        pairs = zip(names, are_types, strict=True)
        names = [f"type {name}" if is_type else name for name, is_type in pairs]
    flat = f'{verb} {{ {", ".join(names)} }} from "{module}";'
    if len(flat) <= WIDTH or len(names) == 1:
        return [flat]
    return [f"{verb} {{", *(f"  {name}," for name in names), f'}} from "{module}";']


def name_order(name: str) -> list[tuple[int, int, str]]:
    """Signs, then digits by their number, then letters as in AaBb; a key to sort by."""
    return _natural(name)


def _module_order(module: str) -> tuple[int, list[tuple[int, int, str]]]:
    # Packages stand before files, and files far above before those nearby.
    distance = 0 if not module.startswith(".") else 1 if module.startswith("../") else 2
    return distance, _natural(module)


@cache
def _natural(text: str) -> list[tuple[int, int, str]]:
    return [_rank(part) for part in re.findall(r"\d+|\D", text)]


def _rank(part: str) -> tuple[int, int, str]:
    if part.isdigit():
        return 1, int(part), ""
    if part.isalpha():
        return 2, 2 * ord(part.lower()) + part.islower(), ""
    return 0, 0, part

"""The imports of a generated module, in the order that isort keeps."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import WIDTH, Import

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STEP = "    "


def import_lines(imports: Sequence[Import]) -> list[str]:
    """The import statements, and behind them those that only type checkers run."""
    needed = [each for each in imports if not each.is_type_only]
    typing_only = [each for each in imports if each.is_type_only]
    if typing_only and not any(each.name == "TYPE_CHECKING" for each in needed):
        name = "TYPE_CHECKING"
        needed.append(Import("typing", name, name, is_type_only=False))
    lines = ["from __future__ import annotations"]
    for section in _sections(needed):
        lines += ["", *_statements(section, WIDTH)]
    if typing_only:
        lines += ["", "if TYPE_CHECKING:"]
        for number, section in enumerate(_sections(typing_only)):
            statements = _statements(section, WIDTH - len(STEP))
            lines += [""] * (number > 0) + [STEP + line for line in statements]
    return lines


def import_statement(module: str, names: Sequence[str], room: int = WIDTH) -> list[str]:
    """`from module import names`, one name a line where they do not fit on one."""
    flat = f"from {module} import {', '.join(names)}"
    if len(flat) <= room:
        return [flat]
    return [f"from {module} import (", *(f"{STEP}{name}," for name in names), ")"]


def export_order(name: str) -> tuple[int, list[tuple[int, int, str]]]:
    """Constants, then classes, then functions, as `__all__` is sorted; a key to sort by."""
    kind = 0 if len(name) > 1 and name.isupper() else 1 if name[:1].isupper() else 2
    return kind, _natural(name)


def _sections(imports: Iterable[Import]) -> Iterator[list[Import]]:
    by_section: dict[int, list[Import]] = defaultdict(list)
    for each in imports:
        by_section[_section(each.module)].append(each)
    for _, section in sorted(by_section.items()):
        yield section


def _section(module: str) -> int:
    root = module.partition(".")[0]
    if module.startswith("."):
        return 3
    if root == "intelgraph":
        return 2
    return 0 if root in sys.stdlib_module_names else 1


def _statements(section: Iterable[Import], room: int) -> Iterator[str]:
    by_module: dict[str, list[Import]] = defaultdict(list)
    for each in section:
        by_module[each.module].append(each)
    for module in sorted(by_module, key=_module_order):
        found = sorted(by_module[module], key=_import_order)
        plain = [each.name for each in found if each.alias == each.name]
        # What keeps its name shares one statement, which stands where the first of it would.
        for each in found:
            if each.alias != each.name:
                yield from import_statement(module, [f"{each.name} as {each.alias}"], room)
            elif each.name == plain[0]:
                yield from import_statement(module, plain, room)


def _module_order(module: str) -> tuple[int, list[tuple[int, int, str]]]:
    path = module.lstrip(".")
    return len(path) - len(module), _natural(path)


def _import_order(each: Import) -> tuple[int, list[tuple[int, int, str]], str]:
    kind, _ = export_order(each.name)
    return kind, _natural(each.name.lower()), each.name


@cache
def _natural(text: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"\d+|\D+", text)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]

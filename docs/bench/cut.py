"""Documents and schemas of a chosen size, made from real ones: how time grows is read from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    parse,
    print_ast,
    visit,
)
from graphql.language import Visitor

if TYPE_CHECKING:
    from graphql import DefinitionNode


def first_operations(documents: str, count: int) -> str:
    """The first operations of some documents, with the fragments that they reach."""
    definitions = parse(documents, no_location=True).definitions
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    fragments: dict[str, FragmentDefinitionNode] = {
        each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)
    }
    kept: list[DefinitionNode] = [*operations[:count]]
    due, seen = list(kept), set[str]()
    while due:
        for name in spread_in(due.pop()) - seen:
            seen.add(name)
            kept.append(fragments[name])
            due.append(fragments[name])
    return "\n\n".join(map(print_ast, kept)) + "\n"


def spread_in(definition: DefinitionNode) -> set[str]:
    names: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
            names.add(node.name.value)

    visit(definition, Spreads())
    return names


def multiplied(schema: str, lines: int) -> str:
    """A schema and renamed copies of all its types, of about so many lines."""
    types = re.findall(r"^(?:type|interface|enum|union) (\w+)", schema, re.MULTILINE)
    named = re.compile(rf"\b({'|'.join(types)})\b")
    copies = range(1, max(1, lines // schema.count("\n")))
    return "\n".join([schema, *(named.sub(rf"\g<1>{number}", schema) for number in copies)])

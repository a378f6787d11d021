"""Checks documents against a schema and words every finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    ParallelVisitor,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    is_abstract_type,
    specified_rules,
    visit,
)

from .documents import composite_type, field_of, name_of
from .errors import Diagnostic, did_you_mean, one_of
from .identity import op_id
from .overlap import Overlaps
from .own_rules import OwnRules
from .places import in_order, place_of
from .sound_documents import unused_fragments
from .wording import DOCUMENT_WORDINGS, UNUSED_FRAGMENT, reword

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphql import DefinitionNode, GraphQLError, GraphQLSchema, Node

    from .errors import Place
    from .wording import Worded

# What these find is found, and worded, by this module itself: their messages or their very
# presence differ from one graphql-core to another.
_OWN = frozenset(
    {
        "DeferStreamDirectiveLabel",
        "DeferStreamDirectiveOnRootField",
        "DeferStreamDirectiveOnValidOperationsRule",
        "KnownOperationTypesRule",
        "LoneAnonymousOperationRule",
        "MaxIntrospectionDepthRule",
        "OverlappingFieldsCanBeMergedRule",
        "SingleFieldSubscriptionsRule",
        "StreamDirectiveOnListField",
        "ValuesOfCorrectTypeRule",
    }
)


def check_documents(
    schema: GraphQLSchema,
    definitions: tuple[DefinitionNode, ...],
    *,
    whole: Place | None,
    lenient: bool,
    diagnostics: list[Diagnostic],
) -> None:
    """Add everything that is wrong with the documents; `whole` stands for all of them."""
    check = _Check(schema, definitions)
    if not check.operations:
        diagnostics.append(
            Diagnostic("There is no operation in these documents.", whole, code="no-operations")
        )
    found = [
        *check.by_rules(),
        *check.op_id_collisions(),
        *check.overlaps(lenient=lenient),
    ]
    diagnostics.extend(in_order(found, definitions))


class _Check:
    def __init__(self, schema: GraphQLSchema, definitions: tuple[DefinitionNode, ...]) -> None:
        self._schema = schema
        self._definitions = definitions
        self.operations = [
            node for node in definitions if isinstance(node, OperationDefinitionNode)
        ]
        self._fragments = {
            node.name.value: node
            for node in definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def by_rules(self) -> list[Diagnostic]:
        """What graphql-core's rules and our own find, if there may be anything to find."""
        unused = unused_fragments(self._schema, self._definitions)
        if unused is None:
            return self._by_all_rules()
        return [_unused(node) for node in unused]

    def _by_all_rules(self) -> list[Diagnostic]:
        errors: list[GraphQLError] = []
        document = DocumentNode(definitions=self._definitions)
        type_info = TypeInfo(self._schema)
        context = ValidationContext(self._schema, document, type_info, errors.append)
        own = OwnRules(self._schema, type_info, self._fragments)
        rules = [rule(context) for rule in specified_rules if rule.__name__ not in _OWN]
        try:
            visit(document, TypeInfoVisitor(type_info, ParallelVisitor([own, *rules])))
        except RecursionError:
            return [
                Diagnostic(
                    "The fragments of these documents nest too deeply.", code="nested-too-deeply"
                )
            ]
        worded = [self._worded(error) for error in errors]
        return [*own.diagnostics, *(item for item in worded if item)]

    def op_id_collisions(self) -> Iterator[Diagnostic]:
        first: dict[str, OperationDefinitionNode] = {}
        for node in self.operations:
            name = name_of(node)
            other = first.setdefault(op_id(name, 1), node)
            if name_of(other) != name:
                yield Diagnostic(
                    f"The operation `{name}` would have the same opId as "
                    f"`{name_of(other)}` at {place_of(other)}; rename one of them.",
                    place_of(node),
                    code="same-op-id",
                )

    def overlaps(self, *, lenient: bool) -> Iterator[Diagnostic]:
        overlaps = Overlaps(self._schema, self._fragments)
        roots = [
            (node.selection_set, self._schema.get_root_type(node.operation))
            for node in self.operations
        ]
        parts = [
            (node.selection_set, composite_type(self._schema, node.type_condition.name.value))
            for node in self._fragments.values()
        ]
        for conflict in overlaps.find([*roots, *parts]):
            is_kept_apart = lenient and not conflict.is_on_one_object
            reason = conflict.reason.format(first=place_of(conflict.first))
            yield Diagnostic(
                f"The key `{conflict.key}` {reason}; an alias keeps them apart.",
                place_of(conflict.second),
                severity="warning" if is_kept_apart else "error",
                code="conflicting-fields",
            )

    def _worded(self, error: GraphQLError) -> Diagnostic | None:
        nodes = error.nodes or []
        worded = reword(error.message, DOCUMENT_WORDINGS)
        if worded is None:
            place = place_of(nodes[-1]) if nodes else None
            return Diagnostic(f"This is not valid: {error.message}", place, code="invalid-document")
        if not worded.wording.words:
            return None
        return Diagnostic(
            worded.message(first=str(place_of(nodes[0]))),
            place_of(nodes[worded.wording.node]),
            suggest(self._schema, worded, nodes, fragments=self._fragments),
            "warning" if worded.wording.is_warning else "error",
            code=worded.wording.code,
        )


def _unused(node: FragmentDefinitionNode) -> Diagnostic:
    message = UNUSED_FRAGMENT.format(name=node.name.value)
    return Diagnostic(message, place_of(node), severity="warning", code="unused-fragment")


def suggest(
    schema: GraphQLSchema,
    worded: Worded,
    nodes: Sequence[Node],
    *,
    fragments: Iterable[str] = (),
) -> str | None:
    """The names that may have been meant."""
    name = worded.names.get("name", "")
    known: Iterable[str] = ()
    sigil = ""
    match worded.wording.suggests:
        case "type":
            known = [key for key in schema.type_map if not key.startswith("__")]
        case "directive":
            known, sigil = [item.name for item in schema.directives], "@"
        case "directive argument":
            directive = schema.get_directive(worded.names["of"])
            known = directive.args if directive else ()
        case "field":
            return _suggest_field(schema, worded.names["type"], name)
        case "argument":
            parent, _, field = worded.names["of"].partition(".")
            definition = field_of(schema, composite_type(schema, parent), field)
            known = definition.args if definition else ()
        case "fragment":
            known = fragments
        case "variable":
            definitions = getattr(nodes[-1], "variable_definitions", None) or ()
            known, sigil = [item.variable.name.value for item in definitions], "$"
        case "selection":
            return one_of([f"{name} {{ ... }}"])
        case _:
            return None
    return did_you_mean(name, known, sigil)


def _suggest_field(schema: GraphQLSchema, type_name: str, name: str) -> str | None:
    parent = composite_type(schema, type_name)
    if is_abstract_type(parent):
        having = [
            item.name for item in schema.get_possible_types(parent) if field_of(schema, item, name)
        ]
        if having:
            return one_of([f"... on {item}" for item in having[:3]])
    return did_you_mean(name, getattr(parent, "fields", ()))

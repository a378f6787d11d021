"""Checks type definitions, builds the schema of them, and words every finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    GraphQLError,
    ParallelVisitor,
    build_ast_schema,
    validate_schema,
    visit,
)
from graphql.validation import SDLValidationContext
from graphql.validation.specified_rules import specified_sdl_rules

from .errors import CodegenError, Diagnostic, did_you_mean
from .own_sdl_rules import (
    SdlDirectives,
    check_kinds,
    check_types,
    only_types,
    without_repeated_fields,
)
from .places import in_order, place_of
from .sdl_wording import SCHEMA_WORDINGS, SDL_WORDINGS
from .wording import reword

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphql import DefinitionNode, GraphQLSchema

    from .errors import Place
    from .wording import Worded, Wording


def check_sdl(
    definitions: tuple[DefinitionNode, ...], *, lenient: bool, diagnostics: list[Diagnostic]
) -> tuple[DefinitionNode, ...]:
    """Add what is wrong with the definitions as they are written; the ones that count.

    With `lenient` a field that is defined again is a warning, and the first counts.
    """
    definitions, found = only_types(definitions)
    found += check_kinds(definitions)
    if lenient:
        definitions, repeated = without_repeated_fields(definitions)
        found += repeated
    errors: list[GraphQLError] = []
    document = DocumentNode(definitions=definitions)
    context = SDLValidationContext(document, None, errors.append)
    directives = SdlDirectives()
    rules = [rule(context) for rule in specified_sdl_rules]
    visit(document, ParallelVisitor([directives, *rules]))
    found += directives.diagnostics
    names = _Names(definitions)
    found += [item for error in errors if (item := _worded(error, SDL_WORDINGS, names))]
    diagnostics.extend(in_order(found, definitions))
    return definitions


def build_schema(
    definitions: tuple[DefinitionNode, ...], *, whole: Place | None, diagnostics: list[Diagnostic]
) -> GraphQLSchema:
    """The schema of checked definitions; adds what is wrong with it as a whole."""
    document = DocumentNode(definitions=definitions)
    try:
        schema = build_ast_schema(document, assume_valid_sdl=True)
    except GraphQLError as error:
        # The library evaluates its own directives while it builds.
        place = place_of(error.nodes[-1]) if error.nodes else whole
        message = "The arguments of this directive do not fit its definition."
        raise CodegenError([*diagnostics, Diagnostic(message, place, code="wrong-value")]) from None
    found = [*check_types(schema)]
    names = _Names(definitions)
    found += [
        item
        for error in validate_schema(schema)
        if (item := _worded(error, SCHEMA_WORDINGS, names))
    ]
    if schema.query_type is None:
        found.append(Diagnostic("The schema has no query type.", whole, code="missing-root"))
    diagnostics.extend(in_order(found, definitions))
    return schema


class _Names:
    """The names that may have been meant; only an error needs them."""

    def __init__(self, definitions: Sequence[DefinitionNode]) -> None:
        self._definitions = definitions

    def types(self) -> Iterable[str]:
        named = (node for node in self._definitions if "type_definition" in node.kind)
        return ("Int", "Float", "String", "Boolean", "ID", *map(_name, named))

    def directives(self) -> Mapping[str, tuple[str, ...]]:
        found = {"deprecated": ("reason",), "specifiedBy": ("url",), "oneOf": ()}
        for node in self._definitions:
            if node.kind == "directive_definition":
                arguments = getattr(node, "arguments", None) or ()
                found[_name(node)] = tuple(map(_name, arguments))
        return found

    def suggest(self, worded: Worded) -> str | None:
        name = worded.names.get("name", "")
        match worded.wording.suggests:
            case "type":
                return did_you_mean(name, self.types())
            case "directive":
                return did_you_mean(name, self.directives(), "@")
            case "directive argument":
                return did_you_mean(name, self.directives().get(worded.names["of"], ()))
            case _:
                return None


def _worded(error: GraphQLError, wordings: tuple[Wording, ...], names: _Names) -> Diagnostic | None:
    nodes = error.nodes or []
    worded = reword(error.message, wordings)
    if worded is None:
        place = place_of(nodes[-1]) if nodes else None
        return Diagnostic(f"The schema is not valid: {error.message}", place, code="invalid-schema")
    if not worded.wording.words:
        return None
    index = worded.wording.node
    return Diagnostic(
        worded.message(
            first=str(place_of(nodes[0])) if nodes else "",
            path=", ".join(f"`{_name(node)}`" for node in nodes),
        ),
        place_of(nodes[index]) if nodes else None,
        names.suggest(worded),
        code=worded.wording.code,
    )


def _name(node: object) -> str:
    return str(getattr(getattr(node, "name", None), "value", ""))

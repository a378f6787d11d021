"""The plugin that lets ariadne-codegen print what this package's runtime wants to know."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false
# The stub in typings/ stands in for ariadne-codegen where that is not installed.
# pyright: reportMissingModuleSource=false

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ariadne_codegen.plugins.base import Plugin
from graphql import GraphQLEnumType, OperationDefinitionNode, parse

from intelgraph._errors import ConfigurationError
from intelgraph.contrib._documents import MissingFragmentError, normal_form
from intelgraph.contrib._facts import is_idempotent, is_keyed, retryable_codes
from intelgraph.contrib._manifest import Manifest

if TYPE_CHECKING:
    from graphql import (
        ExecutableDefinitionNode,
        FieldNode,
        FragmentDefinitionNode,
        GraphQLSchema,
    )

_TABLE = "[tool.ariadne-codegen.intelgraph]"
_KEYS = ("manifest", "idempotent_mutations", "keyed_mutations", "retryable_codes")


@dataclass(frozen=True, slots=True)
class _Options:
    """What the table of the configuration says; lists add to what the schema's directives say."""

    manifest: str | None
    idempotent_mutations: frozenset[str]
    keyed_mutations: frozenset[str]
    retryable_codes: frozenset[str]


class IntelGraphPlugin(Plugin):
    """Opens enums in results, sends documents in normal form and prints their ids.

    It goes last in `plugins`. `[tool.ariadne-codegen.intelgraph]` may name a `manifest`,
    without which no ids are printed, and `idempotent_mutations`, `keyed_mutations` and
    `retryable_codes` of a schema that has no directives that say so.
    """

    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, Any]) -> None:
        super().__init__(schema, config_dict)
        section = config_dict.get("tool", {}).get("ariadne-codegen", {})
        _check_base_client(section)
        self._options = _options(section.get("intelgraph", {}))
        path = self._options.manifest
        self._manifest = Manifest(Path(path)) if path is not None else None
        self._documents: dict[str, str] = {}

    def generate_operation_str(
        self, operation_str: str, operation_definition: ExecutableDefinitionNode
    ) -> str:
        document = _normal(self.schema, operation_str)
        if isinstance(operation_definition, OperationDefinitionNode):
            self._documents[_name(operation_definition)] = document
        return document

    def generate_client_method(
        self,
        method_def: ast.FunctionDef | ast.AsyncFunctionDef,
        operation_definition: OperationDefinitionNode,
    ) -> ast.FunctionDef | ast.AsyncFunctionDef:
        name = _name(operation_definition)
        document = self._documents[name]
        facts: dict[str, object] = {}
        if self._manifest is not None:
            kind = operation_definition.operation.value
            facts["op_id"], facts["document_id"] = self._manifest.add(name, kind, document)
        if is_idempotent(operation_definition, self.schema, self._options.idempotent_mutations):
            facts["is_idempotent"] = True
        if is_keyed(
            operation_definition,
            self.schema,
            self._options.idempotent_mutations,
            self._options.keyed_mutations,
        ):
            facts["is_keyed"] = True
        for node in ast.walk(method_def):
            if isinstance(node, ast.Call):
                _change_call(node, document, facts)
        return ast.fix_missing_locations(method_def)

    def generate_client_class(self, class_def: ast.ClassDef) -> ast.ClassDef:
        codes = sorted(self._options.retryable_codes | retryable_codes(self.schema))
        if codes:
            line = f"_retryable_codes = frozenset({codes!r})"
            class_def.body[:0] = ast.parse(line).body
        return ast.fix_missing_locations(class_def)

    def generate_client_code(self, generated_code: str) -> str:
        nodes = ast.walk(ast.parse(generated_code))
        printed = {node.value for node in nodes if isinstance(node, ast.Constant)}
        for name, document in self._documents.items():
            if document not in printed:
                raise ConfigurationError(
                    f"The document of {name} is not printed into its method as it is: another "
                    "plugin changes it. Put IntelGraphPlugin last in `plugins`, and leave out "
                    "what moves documents elsewhere, as ExtractOperationsPlugin does."
                )
        return generated_code

    def generate_result_field(
        self,
        field_implementation: ast.AnnAssign,
        operation_definition: ExecutableDefinitionNode,
        field: FieldNode,
    ) -> ast.AnnAssign:
        del operation_definition, field
        opened = _Opening(self.schema).visit(field_implementation.annotation)
        field_implementation.annotation = opened
        return ast.fix_missing_locations(field_implementation)

    def generate_fragments_module(
        self, module: ast.Module, fragments_definitions: dict[str, FragmentDefinitionNode]
    ) -> ast.Module:
        taken = {_class_name(name) for name in fragments_definitions}
        if named_alike := sorted(name for name in self._documents if _class_name(name) in taken):
            warnings.warn(
                "ariadne-codegen takes the class of a fragment for that of an operation of the "
                f"same name, and refuses valid answers: rename {', '.join(named_alike)}.",
                stacklevel=2,
            )
        return module

    def generate_files(self, generated_files: list[str]) -> list[str]:
        if self._manifest is not None:
            self._manifest.write()
        return generated_files


def _normal(schema: GraphQLSchema, text: str) -> str:
    document = parse(text, no_location=True)
    nodes = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    try:
        return normal_form(document, next(nodes), schema)
    except MissingFragmentError as error:
        raise ConfigurationError(
            f"ariadne-codegen leaves the fragment {error.fragment} out of the document of "
            f"{error.operation}, as it does where a field is selected twice. Select that field "
            "once, with all that is wanted of it."
        ) from None


class _Opening(ast.NodeTransformer):
    """Makes each enum `State` of an annotation `State` or any other text."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(self._schema.type_map.get(node.id), GraphQLEnumType):
            return node
        text = f'Annotated[Union[{node.id}, str], Field(union_mode="left_to_right")]'
        return ast.parse(text, mode="eval").body


def _change_call(call: ast.Call, document: str, facts: dict[str, object]) -> None:
    function = call.func
    if isinstance(function, ast.Name) and function.id == "gql":
        call.args = [ast.Constant(document)]
    elif isinstance(function, ast.Attribute) and function.attr in {"execute", "execute_ws"}:
        told = [
            ast.keyword(arg=name, value=ast.Constant(cast("str", facts[name]))) for name in facts
        ]
        # Before `**kwargs`, which ends the list.
        call.keywords[-1:-1] = told


def _check_base_client(section: dict[str, Any]) -> None:
    path = section.get("base_client_file_path")
    text = Path(path).read_text("utf-8") if path and Path(path).is_file() else ""
    if "intelgraph.contrib.ariadne" not in text:
        raise ConfigurationError(
            "IntelGraphPlugin prints for the base clients of intelgraph.contrib.ariadne: let "
            "`base_client_file_path` name a file with a class that inherits from AriadneClient "
            "or AsyncAriadneClient, and `base_client_name` that class."
        )


def _options(table: object) -> _Options:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{_TABLE} is a table.")
    given = cast("dict[str, object]", table)
    if unknown := sorted(given.keys() - set(_KEYS)):
        raise ConfigurationError(f"{_TABLE} has no `{unknown[0]}`; it knows {', '.join(_KEYS)}.")
    manifest = given.get("manifest")
    if manifest is not None and not isinstance(manifest, str):
        raise ConfigurationError(f"`manifest` of {_TABLE} is the path of a file.")
    return _Options(manifest, *(_names(given, key) for key in _KEYS[1:]))


def _names(table: dict[str, object], key: str) -> frozenset[str]:
    given = table.get(key, [])
    names = cast("list[object]", given) if isinstance(given, list) else [given]
    texts = [name for name in names if isinstance(name, str)]
    if not isinstance(given, list) or len(texts) != len(names):
        raise ConfigurationError(f"`{key}` of {_TABLE} is a list of names.")
    return frozenset(texts)


def _class_name(name: str) -> str:
    return name[:1].upper() + name[1:]


def _name(operation: OperationDefinitionNode) -> str:
    return operation.name.value if operation.name else ""

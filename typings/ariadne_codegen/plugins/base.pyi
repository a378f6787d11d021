import ast
from typing import Any

from graphql import (
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
)

class Plugin:
    schema: GraphQLSchema
    config_dict: dict[str, Any]
    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, Any]) -> None: ...
    def generate_operation_str(
        self, operation_str: str, operation_definition: ExecutableDefinitionNode
    ) -> str: ...
    def generate_client_method(
        self,
        method_def: ast.FunctionDef | ast.AsyncFunctionDef,
        operation_definition: OperationDefinitionNode,
    ) -> ast.FunctionDef | ast.AsyncFunctionDef: ...
    def generate_client_class(self, class_def: ast.ClassDef) -> ast.ClassDef: ...
    def generate_client_code(self, generated_code: str) -> str: ...
    def generate_result_field(
        self,
        field_implementation: ast.AnnAssign,
        operation_definition: ExecutableDefinitionNode,
        field: FieldNode,
    ) -> ast.AnnAssign: ...
    def generate_fragments_module(
        self, module: ast.Module, fragments_definitions: dict[str, FragmentDefinitionNode]
    ) -> ast.Module: ...
    def generate_files(self, generated_files: list[str]) -> list[str]: ...

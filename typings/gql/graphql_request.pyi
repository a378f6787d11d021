from typing import Any

from graphql import DocumentNode

class GraphQLRequest:
    document: DocumentNode
    variable_values: dict[str, Any] | None
    operation_name: str | None

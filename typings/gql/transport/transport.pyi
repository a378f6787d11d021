import abc
from typing import Any

from gql.graphql_request import GraphQLRequest
from graphql import ExecutionResult

class Transport(abc.ABC):
    @abc.abstractmethod
    def execute(self, request: GraphQLRequest, *args: Any, **kwargs: Any) -> ExecutionResult: ...
    def execute_batch(
        self, reqs: list[GraphQLRequest], *args: Any, **kwargs: Any
    ) -> list[ExecutionResult]: ...
    def connect(self) -> None: ...
    def close(self) -> None: ...

import abc
from collections.abc import AsyncGenerator
from typing import Any

from gql.graphql_request import GraphQLRequest
from graphql import ExecutionResult

class AsyncTransport(abc.ABC):
    @abc.abstractmethod
    async def connect(self) -> None: ...
    @abc.abstractmethod
    async def close(self) -> None: ...
    @abc.abstractmethod
    async def execute(self, request: GraphQLRequest) -> ExecutionResult: ...
    async def execute_batch(
        self, reqs: list[GraphQLRequest], *args: Any, **kwargs: Any
    ) -> list[ExecutionResult]: ...
    @abc.abstractmethod
    def subscribe(self, request: GraphQLRequest) -> AsyncGenerator[ExecutionResult]: ...

from __future__ import annotations

import pytest

from intelgraph import ConnectError
from intelgraph._errors import IntelGraphError
from intelgraph._naming import error_type, host_of, server_of


class CodedError(IntelGraphError):
    def __init__(self, code: str) -> None:
        super().__init__("?")
        self.code = code


def test_an_error_is_named_by_its_code_or_else_by_its_class() -> None:
    assert error_type(CodedError("NOT_FOUND")) == "NOT_FOUND"
    assert error_type(ConnectError("?")) == "ConnectError"
    assert error_type(KeyboardInterrupt()) == "KeyboardInterrupt"


@pytest.mark.parametrize("code", ["no such user: a@b.example", "a", "", "A" * 65, "A\nB"])
def test_a_code_that_does_not_look_like_one_is_not_told(code: str) -> None:
    assert error_type(CodedError(code)) == "CodedError"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://graph.example/graphql", ("graph.example", 443)),
        ("http://graph.example/graphql", ("graph.example", 80)),
        ("http://[::1]:4000/graphql", ("::1", 4000)),
    ],
)
def test_a_server_is_its_host_and_its_port(url: str, server: tuple[str, int]) -> None:
    assert server_of(url) == server


def test_a_host_is_named_with_its_port_as_messages_do() -> None:
    assert host_of("https://graph.example/graphql") == "graph.example:443"
    assert host_of("http://[::1]:4000/graphql") == "[::1]:4000"

"""The transports for gql by themselves: how calls end, and what is refused."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import pickle
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from graphql import build_schema
from repository import ROOT, text

import intelgraph
from intelgraph import CallFinished, ConfigurationError, Event, RetryPolicy
from intelgraph.contrib.gql import AsyncIntelGraphTransport, IntelGraphTransport
from intelgraph.testing import FakeTransport, events, failure, reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph.testing import Outcome

gql: Any = import_module("gql")
exceptions: Any = import_module("gql.transport.exceptions")

URL = "https://api.example/graphql"
TILES = gql.gql("query Tiles { tiles { kind } }")
FLIP = gql.gql("mutation Flip($to: Boolean) { flip(to: $to) }")
TICKS = gql.gql("subscription Ticks { ticks }")
AWAY = reply(status=503, text="away")
DATA = {"tiles": [{"kind": "slo"}]}
ERROR = {"message": "No.", "path": ["tiles", 0], "extensions": {"code": "FORBIDDEN"}}
QUICK = RetryPolicy(base_delay=0.001)


def both(script: Sequence[Outcome], request: Any = TILES, **options: Any) -> Any:
    """Executes on a blocking transport and on an awaiting one, which must agree."""
    first, second = FakeTransport(script), FakeTransport(script)
    options = {"retry_policy": QUICK} | options

    async def awaiting() -> Any:
        transport = AsyncIntelGraphTransport(URL, transport=second, **options)
        async with gql.Client(transport=transport) as session:
            return await session.execute(request, get_execution_result=True)

    with gql.Client(transport=IntelGraphTransport(URL, transport=first, **options)) as session:
        result = outcome_of(lambda: session.execute(request, get_execution_result=True))
    assert repr(outcome_of(lambda: asyncio.run(awaiting()))) == repr(result)
    assert [sent.json for sent in first.requests] == [sent.json for sent in second.requests]
    return result, first.requests


def outcome_of(call: Any) -> Any:
    try:
        return call()
    except exceptions.TransportError as error:
        return error


def test_an_answer_is_the_result_with_its_extensions() -> None:
    result, (sent,) = both([reply({"data": DATA, "extensions": {"cost": 3}})])

    assert (result.data, result.errors, result.extensions) == (DATA, None, {"cost": 3})
    assert sent.json == {"query": "query Tiles{tiles{kind}}"}


def test_documents_can_be_named_otherwise() -> None:
    _, (request,) = both([reply({"data": DATA})], wire=intelgraph.wire.text(get=True))

    assert (request.method, request.body) == ("GET", b"")
    assert request.url == f"{URL}?query=query%20Tiles%7Btiles%7Bkind%7D%7D"


def test_errors_of_the_server_are_what_gql_raises_with_the_data_beside_them() -> None:
    answer = {"data": {"tiles": None}, "errors": [ERROR], "extensions": {"cost": 3}}

    error, _ = both([reply(answer)])

    assert type(error) is exceptions.TransportQueryError
    assert (error.errors, error.data, error.extensions) == ([ERROR], {"tiles": None}, {"cost": 3})


def test_an_error_is_what_the_server_said_and_no_more() -> None:
    error, _ = both([reply({"errors": [{"message": "No."}]}, status=400)])

    assert (error.errors, error.data) == ([{"message": "No."}], None)


@pytest.mark.parametrize(
    ("outcome", "raised", "cause", "code"),
    [
        (failure("connect"), "TransportConnectionFailed", intelgraph.ConnectError, None),
        (failure("timeout"), "TransportConnectionFailed", intelgraph.TimeoutError, None),
        (failure("read"), "TransportConnectionFailed", intelgraph.TransportError, None),
        (AWAY, "TransportServerError", intelgraph.ResponseError, 503),
        (reply(text="hello"), "TransportProtocolError", intelgraph.ResponseError, None),
        (reply({"data": 7}), "TransportProtocolError", intelgraph.ResponseError, None),
    ],
)
def test_without_an_answer_gql_raises_its_own_error_and_ours_is_the_cause(
    outcome: Outcome, raised: str, cause: type[Exception], code: int | None
) -> None:
    error, _ = both([outcome], max_retries=0)

    assert type(error) is getattr(exceptions, raised)
    assert type(error.__cause__) is cause
    assert str(error) == str(error.__cause__)
    assert getattr(error, "code", None) == code


def test_a_query_is_tried_again_and_a_mutation_only_if_it_is_named() -> None:
    script = [AWAY, reply({"data": {"flip": True}})]

    error, requests = both(script, FLIP)
    assert (error.code, len(requests)) == (503, 1)
    result, requests = both(script, FLIP, idempotent_mutations=["flip"])
    assert (result.data, len(requests)) == ({"flip": True}, 2)
    result, requests = both([AWAY, AWAY, reply({"data": DATA})])
    assert (result.data, len(requests)) == (DATA, 3)


def test_a_code_that_is_called_retryable_is_tried_again() -> None:
    busy = reply({"errors": [{"message": "busy", "extensions": {"code": "BUSY"}}]})

    result, requests = both([busy, reply({"data": DATA})], retryable_codes=["BUSY"])

    assert (result.data, len(requests)) == (DATA, 2)


def test_so_is_one_that_the_schema_marks() -> None:
    schema = build_schema(
        "directive @retryable on ENUM_VALUE enum ErrorCode { BUSY @retryable }"
        "type Query { tiles: String }"
    )
    busy = reply({"errors": [{"message": "busy", "extensions": {"code": "BUSY"}}]})

    result, requests = both([busy, reply({"data": DATA})], schema=schema)

    assert (result.data, len(requests)) == (DATA, 2)


def test_an_id_goes_first_and_the_whole_text_after_a_miss() -> None:
    miss = {"message": "unknown", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}
    script = [reply({"errors": [miss]}, status=400), reply({"data": DATA})]

    _, (first, second) = both(script, persisted=True)

    assert [*first.json] == ["documentId"]
    assert second.json == first.json | {"query": "query Tiles{tiles{kind}}"}


def test_hooks_are_told_of_calls_and_of_our_own_errors() -> None:
    told: list[Event] = []

    both([failure("read")], FLIP, hooks=[told.append])

    ends = [event for event in told if isinstance(event, CallFinished)]
    assert [type(end.error) for end in ends] == [intelgraph.TransportError] * 2


def test_headers_and_a_key_go_with_each_request() -> None:
    _, (sent,) = both([reply({"data": DATA})], headers={"X-Tenant": "acme"}, api_key="key")

    assert (sent.headers["x-tenant"], sent.headers["authorization"]) == ("acme", "Bearer key")


def test_requests_of_a_batch_are_calls_of_their_own_and_answered_in_order() -> None:
    script = [reply({"data": {"flip": False}}), reply({"data": DATA})]

    async def awaiting() -> Any:
        transport = AsyncIntelGraphTransport(URL, transport=FakeTransport(script))
        async with gql.Client(transport=transport) as session:
            return await session.execute_batch([FLIP, TILES])

    transport = IntelGraphTransport(URL, transport=FakeTransport(script))
    with gql.Client(transport=transport) as session:
        assert session.execute_batch([FLIP, TILES]) == [{"flip": False}, DATA]
    assert asyncio.run(awaiting()) == [{"flip": False}, DATA]


def test_a_call_of_a_batch_that_fails_ends_the_others() -> None:
    told: list[Event] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        if "Flip" in json.loads(request.content)["query"]:
            return httpx.Response(503)
        await asyncio.Event().wait()
        raise AssertionError

    async def batch() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as connections:
            transport = AsyncIntelGraphTransport(URL, http_client=connections, hooks=[told.append])
            async with gql.Client(transport=transport) as session:
                await session.execute_batch([TILES, FLIP])

    with pytest.raises(exceptions.TransportServerError):
        asyncio.run(asyncio.wait_for(batch(), 10))

    ends = {event.operation: event.error for event in told if isinstance(event, CallFinished)}
    assert isinstance(ends["Tiles"], asyncio.CancelledError)


def test_the_timeout_of_the_client_cancels_a_call_and_hooks_hear_of_it() -> None:
    told: list[Event] = []

    async def call() -> None:
        transport = AsyncIntelGraphTransport(
            URL,
            transport=FakeTransport([AWAY]),
            retry_policy=RetryPolicy(wait=lambda _: 20),
            hooks=[told.append],
        )
        async with gql.Client(transport=transport, execute_timeout=0.01) as session:
            await session.execute(TILES)

    with pytest.raises(TimeoutError):
        asyncio.run(call())

    assert isinstance(told[-1], CallFinished)
    assert isinstance(told[-1].error, asyncio.CancelledError)


def test_a_session_of_gql_that_reconnects_leaves_trying_again_to_us_if_it_is_told() -> None:
    script = FakeTransport([failure("read")] * 2)

    async def call() -> None:
        client = gql.Client(transport=AsyncIntelGraphTransport(URL, transport=script))
        session = await client.connect_async(reconnecting=True, retry_execute=False)
        try:
            await session.execute(FLIP)
        finally:
            await client.close_async()

    with pytest.raises(exceptions.TransportConnectionFailed):
        asyncio.run(call())

    assert len(script.requests) == 1


def test_a_typename_that_an_id_needs_is_gone_again_where_gql_parses_results() -> None:
    schema = build_schema(
        "interface Animal { name: String } type Cat implements Animal { name: String }"
        "type Query { pet: Animal }"
    )
    answers = []

    for parses in (False, True):
        script = FakeTransport([reply({"data": {"pet": {"__typename": "Cat", "name": "Tom"}}})])
        transport = IntelGraphTransport(URL, transport=script, persisted=True, schema=schema)
        client = gql.Client(transport=transport, schema=schema, parse_results=parses)
        answers.append(client.execute(gql.gql("{ pet { name } }"))["pet"])

    assert answers == [{"__typename": "Cat", "name": "Tom"}, {"name": "Tom"}]


def listen(script: Sequence[Outcome], request: Any = TICKS, **options: Any) -> list[Any]:
    async def collect() -> list[Any]:
        transport = AsyncIntelGraphTransport(
            URL, transport=FakeTransport(script), retry_policy=QUICK, **options
        )
        async with gql.Client(transport=transport) as session:
            return [result async for result in session.subscribe(request)]

    return asyncio.run(collect())


def test_a_subscription_is_events_and_comes_back_after_a_broken_line() -> None:
    first, second = {"data": {"ticks": 1}}, {"data": {"ticks": 2}}
    broken = events(first, is_complete=False)
    script: list[Outcome] = [broken, failure("connect"), events(second, first_id=2)]

    assert listen(script) == [{"ticks": 1}, {"ticks": 2}]


def test_an_event_with_errors_ends_a_subscription_as_gql_would() -> None:
    with pytest.raises(exceptions.TransportQueryError) as caught:
        listen([events({"data": {"ticks": None}, "errors": [ERROR]})])

    assert (caught.value.errors, caught.value.data) == ([ERROR], {"ticks": None})


def test_a_subscription_that_finds_no_server_raises_the_error_of_gql() -> None:
    with pytest.raises(exceptions.TransportConnectionFailed) as caught:
        listen([failure("connect")] * 3)

    assert isinstance(caught.value.__cause__, intelgraph.ConnectError)


def test_a_query_that_is_subscribed_to_has_one_result() -> None:
    assert listen([reply({"data": DATA})], TILES) == [DATA]


def test_a_reader_that_stops_closes_the_connection() -> None:
    script = events({"data": {"ticks": 1}}, {"data": {"ticks": 2}})

    async def first() -> Any:
        transport = AsyncIntelGraphTransport(URL, transport=FakeTransport([script]))
        async with gql.Client(transport=transport) as session:
            ticks = session.subscribe(TICKS)
            tick = await anext(ticks)
            await ticks.aclose()
            return tick

    assert asyncio.run(first()) == {"ticks": 1}
    assert script.is_closed


def test_a_transport_is_connected_once_and_again_after_it_was_closed() -> None:
    transport = IntelGraphTransport(URL, transport=FakeTransport([reply({"data": DATA})] * 2))
    client = gql.Client(transport=transport)

    with client:
        with pytest.raises(exceptions.TransportAlreadyConnected, match="is connected already"):
            transport.connect()
        assert client.session.execute(TILES) == DATA
    with pytest.raises(exceptions.TransportClosed, match="is not connected"):
        transport.execute(TILES)
    assert client.execute(TILES) == DATA


def test_so_is_an_awaiting_one() -> None:
    async def connect() -> None:
        transport = AsyncIntelGraphTransport(URL)
        await transport.connect()
        with pytest.raises(exceptions.TransportAlreadyConnected):
            await transport.connect()
        await transport.close()
        await transport.close()
        with pytest.raises(exceptions.TransportClosed):
            await transport.execute(TILES)
        await transport.connect()
        await transport.close()

    asyncio.run(connect())


def test_connections_of_the_caller_stay_open_and_own_ones_are_closed() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": DATA})

    with httpx.Client(transport=httpx.MockTransport(answer)) as connections:
        with gql.Client(transport=IntelGraphTransport(URL, http_client=connections)) as session:
            assert session.execute(TILES) == DATA
        assert not connections.is_closed
    transport = IntelGraphTransport(URL)
    transport.connect()
    own: Any = transport._connected
    opened, _ = own._http.ready()
    transport.close()
    assert opened.is_closed


class Watched(FakeTransport):
    """Tells whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True

    async def close_async(self) -> None:
        self.is_closed = True


def test_a_transport_of_the_caller_stays_open() -> None:
    first, second = Watched(), Watched()

    async def awaiting() -> None:
        async with gql.Client(transport=AsyncIntelGraphTransport(URL, transport=second)):
            pass

    with gql.Client(transport=IntelGraphTransport(URL, transport=first)):
        pass
    asyncio.run(awaiting())

    assert not first.is_closed
    assert not second.is_closed


def test_options_of_one_call_are_refused() -> None:
    transport = IntelGraphTransport(URL, transport=FakeTransport())

    with gql.Client(transport=transport) as session, pytest.raises(TypeError) as caught:
        session.execute(TILES, upload_files=True, extra_args={})

    assert str(caught.value).startswith("extra_args, upload_files: a call takes no options of")


def test_extensions_of_a_request_are_refused() -> None:
    request = gql.GraphQLRequest(TILES)
    request.extensions = {"trace": True}
    transport = IntelGraphTransport(URL, transport=FakeTransport())

    with gql.Client(transport=transport), pytest.raises(TypeError, match="extensions: this"):
        transport.execute(request)


def test_awaiting_calls_refuse_them_too() -> None:
    async def call(**options: Any) -> None:
        transport = AsyncIntelGraphTransport(URL, transport=FakeTransport())
        async with gql.Client(transport=transport) as session:
            with pytest.raises(TypeError, match="extra_args: a call takes no options"):
                await session.execute(TILES, **options)
            with pytest.raises(TypeError, match="extra_args: a call takes no options"):
                await anext(session.subscribe(TICKS, **options))

    asyncio.run(call(extra_args={}))


@pytest.mark.parametrize("kind", [IntelGraphTransport, AsyncIntelGraphTransport])
def test_what_cannot_work_is_told_and_a_credential_stays_hidden(kind: Any) -> None:
    transport = kind(f"{URL}?key=secret", api_key="secret")

    assert repr(transport) == f"{kind.__name__}(url='{URL}')"
    with pytest.raises(TypeError, match="holds a credential"):
        pickle.dumps(transport)
    with pytest.raises(ConfigurationError, match="timeout="):
        kind(URL, timeout=0)
    with pytest.raises(TypeError, match=r"schema= is a GraphQLSchema, .* not of type str"):
        kind(URL, schema="type Query { a: Int }")
    for option in ("idempotent_mutations", "keyed_mutations", "retryable_codes"):
        with pytest.raises(TypeError, match=rf"{option}= is a list of names, such as \['pay'\]"):
            kind(URL, **{option: "pay"})
    with pytest.raises(ConfigurationError, match=r"no manifest lost\.json"):
        kind(URL, persisted=True, manifest="lost.json")
    with pytest.raises(TypeError, match="not both"):
        kind(URL, http_client=object(), transport=FakeTransport())


def test_the_stubs_that_checkers_see_say_what_gql_has() -> None:
    checked = 0
    for path in (ROOT / "typings" / "gql").rglob("*.pyi"):
        places = path.relative_to(ROOT / "typings").with_suffix("").parts
        module = import_module(".".join(place for place in places if place != "__init__"))
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and path.name == "__init__.pyi":
                assert all(hasattr(module, name.name) for name in node.names)
            if isinstance(node, ast.ClassDef):
                checked += compare(node, getattr(module, node.name))
    assert checked == 10
    annotated = ast.walk(ast.parse(text("typings/gql/graphql_request.pyi")))
    members = {ast.unparse(node.target) for node in annotated if isinstance(node, ast.AnnAssign)}
    assert members <= vars(TILES).keys()


def compare(stub: ast.ClassDef, real: Any) -> int:
    """How many methods were compared, each by the names of its parameters."""
    methods = [
        node for node in stub.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert {ast.unparse(base).rpartition(".")[2] for base in stub.bases} <= {
        base.__name__ for base in real.__mro__
    }
    for method in methods:
        found = getattr(real, method.name)
        arguments = method.args
        names = [argument.arg for argument in arguments.args]
        names += [extra.arg for extra in (arguments.vararg, arguments.kwarg) if extra]
        assert names == list(inspect.signature(found).parameters), method.name
        assert inspect.iscoroutinefunction(found) == isinstance(method, ast.AsyncFunctionDef)
        is_abstract = "abc.abstractmethod" in map(ast.unparse, method.decorator_list)
        assert getattr(found, "__isabstractmethod__", False) == is_abstract, method.name
    return len(methods)

"""Every vector of schema/conformance/client, through the blocking and the awaiting driver.

Time, randomness and sleep are the vector's: exactly as much as it lists may be used.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import re
from collections import deque
from dataclasses import asdict, fields, replace
from email.message import Message
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from pydantic.alias_generators import to_camel
from vector_policy import policy_of

import intelgraph
from intelgraph import AttemptStarted, CallFinished, Operation, wire
from intelgraph._budget import Budget
from intelgraph._call import call
from intelgraph._drive import drive, drive_async
from intelgraph._events import Hooks
from intelgraph._formats import format_datetime
from intelgraph._inputs import UNSET
from intelgraph._options import changed_endpoint, endpoint, policy
from intelgraph._pagination import AsyncPaginator, PageOf, Paginator
from intelgraph._retry import FailedAttempt
from intelgraph._settings import Settings
from intelgraph.generated.enums import EntityKind
from intelgraph.generated.errors import RETRYABLE_CODES
from intelgraph.generated.inputs import EntityFilter
from intelgraph.telemetry.json_lines import telemetry
from intelgraph.telemetry.logging import Logging
from intelgraph.testing import FakeTransport, failure, reply
from intelgraph.webhooks import unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intelgraph import Event, Failure, Reply, Request
    from intelgraph._call import Call
    from intelgraph.wire import Wire

CONFORMANCE = Path(__file__).parents[3] / "schema" / "conformance"
FILES = sorted((CONFORMANCE / "client").glob("*.json"))
VECTORS = [vector for path in FILES for vector in json.loads(path.read_text("utf-8"))["vectors"]]
KNOWN_FAILING = dict(
    line.split("\t", 1)
    for line in (Path(__file__).parent / "known_failing.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)

# Wednesday, 15 April 2026, midnight in UTC.
CLOCK = 1776211200.0
ENDPOINT = endpoint(
    url="http://localhost:4000/graphql",
    api_key="vector-key",
    headers=None,
    timeout=UNSET,
    max_response_bytes=1 << 20,
)


# What vectors of pagination read: a connection of strings, by its edges where it has them.
LETTERS: Operation[dict[str, Any]] = Operation(
    name="Letters",
    kind="query",
    op_id=None,
    document_id=None,
    document="query Letters($first:Int$after:String){letters(first:$first after:$after)}",
    retry_safe=True,
    data=dict[str, Any],
)


@cache
def release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def vectors(member: str) -> list[Any]:
    found = []
    for vector in VECTORS:
        since = release(vector.get("since", "1.0.0"))
        if member in vector and since <= release(intelgraph.__version__):
            reason = KNOWN_FAILING.get(vector["name"])
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            found.append(pytest.param(vector, id=vector["name"], marks=marks))
    return found


def typed(name: str, value: Any) -> Any:
    """What a caller of the generated client would pass for a vector's JSON."""
    if name != "filter" or value is None:
        return value
    native = {
        "kinds": lambda kinds: [EntityKind(kind) for kind in kinds],
        "nameContains": lambda text: text,
        "updatedSince": dt.datetime.fromisoformat,
    }
    names = {"kinds": "kinds", "nameContains": "name_contains", "updatedSince": "updated_since"}
    fields = {names[key]: None if it is None else native[key](it) for key, it in value.items()}
    return EntityFilter(**fields)


def operation_of(vector: Any) -> Operation[Any]:
    made = vector["operation"]
    if isinstance(made, str):
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", made)
        found: Operation[Any] = getattr(intelgraph.generated.operations, words.upper())
        return found
    return Operation(
        name=made["name"],
        kind=made["kind"],
        op_id=made["opId"],
        document_id=made["documentId"],
        document=made["document"],
        retry_safe=made["retrySafe"],
        data=dict[str, Any],
        keyed=made.get("keyed", False),
    )


class Log(logging.Logger):
    """A logger that keeps its lines."""

    def __init__(self) -> None:
        super().__init__("vector")
        self.lines: list[str] = []

    def handle(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname.lower()} {record.getMessage()}")


class Stage:
    """A vector's clock, randomness and exchanges, and what was seen of the call."""

    def __init__(self, vector: Any) -> None:
        self.vector = vector
        self.now = 0.0
        self.randoms = deque(vector.get("random", []))
        self.ids = 0
        self.log = Log()
        self.sleeps: list[float] = []
        self.events: list[Event] = []
        self.transport = FakeTransport([self.taking_time(each) for each in vector["exchanges"]])
        chosen = vector.get("options", {})
        given = chosen.get("timeoutMs", vector.get("timeoutMs"))
        timeout = UNSET if given is None else given / 1000
        asked = replace(ENDPOINT, url=vector.get("url", ENDPOINT.url))
        self.settings = Settings(
            changed_endpoint(asked, headers=chosen.get("headers"), timeout=timeout),
            policy=policy(policy_of(vector), chosen.get("maxRetries")),
            errors=chosen.get("errors", "raise"),
            hooks=Hooks([self.fail, self.events.append, self.add_headers, Logging(self.log)]),
            retryable_codes=RETRYABLE_CODES,
            clock=lambda: self.now,
            wall_clock=lambda: CLOCK + self.now,
            random=self.draw,
            new_id=self.new_id,
            idempotency_key=vector.get("idempotencyKey"),
            wire=wire_of(vector.get("wire", {})),
        )

    def call(self) -> Call[Any]:
        variables = {name: typed(name, value) for name, value in self.variables.items()}
        return call(operation_of(self.vector), variables, self.settings)

    @property
    def variables(self) -> dict[str, Any]:
        given: dict[str, Any] = self.vector.get("variables", {})
        return given

    def taking_time(self, exchange: Any) -> Callable[[Request], Reply | Failure]:
        def answer(_request: Request) -> Reply | Failure:
            self.now += exchange.get("takesMs", 0) / 1000
            return outcome_of(exchange)

        return answer

    def draw(self) -> float:
        assert self.randoms, "more randomness was drawn than the vector has"
        return float(self.randoms.popleft())

    def new_id(self) -> str:
        self.ids += 1
        given: str = self.vector.get("callId", f"call-{self.ids}")
        return given

    def fail(self, event: Event) -> None:
        if self.vector.get("failingHook"):
            raise ValueError(event)

    def add_headers(self, event: Event) -> None:
        if isinstance(event, AttemptStarted):
            event.headers.update(self.vector.get("hookHeaders", {}))

    def sleep(self, delay: float) -> None:
        self.now += delay
        self.sleeps.append(delay)

    async def sleep_async(self, delay: float) -> None:
        self.sleep(delay)

    def check(self, outcome: dict[str, Any]) -> None:
        """Hold what was seen against what the vector expects."""
        expected = dict(self.vector["expect"])
        error = expected.pop("error", None)
        assert ("error" in outcome) == (error is not None), outcome
        if error is not None:
            facts = {name: fact for name, fact in error.items() if name != "languages"}
            assert {name: outcome["error"].get(name) for name in facts} == facts
        sent = expected.pop("sent", None)
        if sent is not None:
            assert [
                as_named(*each) for each in zip(self.transport.requests, sent, strict=True)
            ] == sent
        seen = outcome | self.observed()
        told = json.dumps([seen[name] for name in ("events", "log", "telemetry")])
        assert [text for text in expected.pop("untold", []) if text in told] == []
        events = expected.get("events")
        if events is not None:
            seen["events"] = narrowed(seen["events"], events)
        assert {name: seen.get(name) for name in expected} == expected
        assert self.transport.outcomes_left == 0, "exchanges were left over"
        assert not self.randoms, "less randomness was drawn than the vector has"
        assert self.ids == 1, "one id is drawn for each call"

    def observed(self) -> dict[str, Any]:
        finished = self.events[-1]
        assert isinstance(finished, CallFinished)
        return {
            "requests": [request.json for request in self.transport.requests],
            "timeoutsMs": [milliseconds(each.timeout or 0) for each in self.transport.requests],
            "sleepsMs": [milliseconds(delay) for delay in self.sleeps],
            "events": [members_of(event) for event in self.events],
            "log": self.log.lines,
            "telemetry": telemetry(finished),
        }


def narrowed(seen: list[Any], expected: list[Any]) -> list[Any]:
    """What is seen, with those members that are expected; an event without any is its type."""
    return [
        each["type"] if isinstance(of_it, str) else {name: each.get(name) for name in of_it}
        for each, of_it in zip_longest(seen, expected, fillvalue={"type": None})
    ]


def members_of(event: Event) -> dict[str, Any]:
    """An event as vectors write it."""
    members: dict[str, Any] = {"type": type(event).__name__}
    for field in fields(event):
        name, value = to_camel(field.name), getattr(event, field.name)
        if field.name in {"duration", "delay"}:
            name, value = f"{name}Ms", milliseconds(value)
        members[name] = type(value).__name__ if isinstance(value, BaseException) else value
    return members


class Reading(Stage):
    """A vector of pagination: what is handed out, and what is raised on the way."""

    def __init__(self, vector: Any) -> None:
        super().__init__(vector)
        self.came: list[Any] = []
        self.errors: list[dict[str, Any]] = []

    def page_call(self, variables: Mapping[str, object]) -> Call[dict[str, Any]]:
        return call(LETTERS, variables, self.settings)

    def goes_on_after(self, error: intelgraph.IntelGraphError) -> bool:
        self.errors.append(facts_of(error))
        return self.transport.outcomes_left > 0

    def check_reading(self, paginator: Paginator[Any, Any] | AsyncPaginator[Any, Any]) -> None:
        expected = dict(self.vector["expect"])
        errors = expected.pop("errors", [])
        named = [{name: seen[name] for name in each} for each, seen in zip(errors, self.errors)]  # noqa: B905 - compared below.
        assert (named, len(self.errors)) == (errors, len(errors))
        sent = [request.json.get("variables", {}) for request in self.transport.requests]
        seen = {
            self.vector["read"]: self.came,
            "requests": sent,
            "cursors": [variables.get("after") for variables in sent],
            "sleepsMs": [milliseconds(delay) for delay in self.sleeps],
            "cursor": paginator.cursor,
            "hasMore": paginator.has_more,
        }
        assert {name: seen[name] for name in expected} == expected
        assert self.transport.outcomes_left == 0, "exchanges were left over"
        assert not self.randoms, "less randomness was drawn than the vector has"


def letters_page(data: dict[str, Any]) -> PageOf[Any, Any]:
    letters = data["letters"]
    if letters is None:
        return PageOf(letters)
    edges = letters.get("edges", [])
    return PageOf(
        letters,
        items=letters.get("nodes", [edge["node"] for edge in edges]),
        has_more=letters["pageInfo"]["hasNextPage"],
        cursor=letters["pageInfo"]["endCursor"],
        cursors=[edge["cursor"] for edge in edges],
    )


def as_named(request: Request, named: dict[str, Any]) -> dict[str, Any]:
    """Those facts of a request that a vector names."""
    facts: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "headers": {name: request.headers.get(name) for name in named.get("headers", {})},
        "body": request.body.decode() or None,
    }
    return {name: facts[name] for name in named}


def milliseconds(seconds: float) -> float:
    # A billionth more or less is the binary fraction's, not the policy's.
    return round(seconds * 1000, 6)


def wire_of(given: dict[str, Any]) -> Wire:
    mode: Callable[..., Wire] = getattr(wire, given.get("mode", "persisted"))
    names = {"get": "get", "maxUrlLength": "max_url_length"}
    return mode(**{names[key]: value for key, value in given.items() if key in names})


def outcome_of(exchange: Any) -> Reply | Failure:
    if "failure" in exchange:
        return failure(exchange["failure"])
    answer = exchange["reply"]
    headers = answer.get("headers")
    if "json" in answer:
        return reply(answer["json"], status=answer["status"], headers=headers)
    came = reply(text=answer.get("text", ""), status=answer["status"], headers=headers)
    body = base64.b64decode(answer["bytes"]) if "bytes" in answer else came.body
    return replace(came, body=body, problem=answer.get("problem"))


def to_json(data: Any) -> Any:
    return data if isinstance(data, dict) else data.model_dump(mode="json", by_alias=True)


def facts_of(error: intelgraph.IntelGraphError) -> dict[str, Any]:
    return {
        "class": type(error).__name__,
        "code": error.code,
        "status": error.status,
        "path": None if error.path is None else list(error.path),
        "attempts": error.attempts,
        "requestId": error.request_id,
        "elapsedMs": milliseconds(error.elapsed),
        "retryable": error.retryable,
        "docsUrl": error.docs_url,
        "message": str(error),
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_vector_file_has_the_shape_that_every_runner_reads(path: Path) -> None:
    schema = json.loads((CONFORMANCE / "vector.schema.json").read_text("utf-8"))
    content = json.loads(path.read_text("utf-8"))

    jsonschema.validate(content, schema)

    assert content["behaviour"] == path.stem


def test_every_known_failure_is_a_vector() -> None:
    assert set(KNOWN_FAILING) <= {vector["name"] for vector in VECTORS}


def stages_of(vector: Any) -> Iterator[Stage]:
    """The calls of a vector, one after the other, as those of one client."""
    settings = None
    for made in vector.get("calls", [vector]):
        for _ in range(made.get("times", 1)):
            stage = Stage({**vector, **made})
            settings = settings or stage.settings
            stage.settings = replace(stage.settings, budget=settings.budget, wire=settings.wire)
            yield stage


@pytest.mark.parametrize("vector", [*vectors("operation"), *vectors("calls")])
def test_a_blocking_call_does_what_the_vector_says(vector: Any) -> None:
    for stage in stages_of(vector):
        try:
            data = drive(stage.call(), stage.transport, stage.sleep)
        except intelgraph.IntelGraphError as error:
            stage.check({"error": facts_of(error)})
        else:
            stage.check({"data": to_json(data)})


@pytest.mark.parametrize("vector", [*vectors("operation"), *vectors("calls")])
async def test_an_awaiting_call_does_what_the_vector_says(vector: Any) -> None:
    for stage in stages_of(vector):
        try:
            data = await drive_async(stage.call(), stage.transport, stage.sleep_async)
        except intelgraph.IntelGraphError as error:
            stage.check({"error": facts_of(error)})
        else:
            stage.check({"data": to_json(data)})


@pytest.mark.parametrize("vector", vectors("attempt"))
def test_a_delay_is_what_the_vector_says(vector: Any) -> None:
    randoms = deque(vector["random"])
    floor = vector.get("retryAfterMs")
    failed = FailedAttempt(
        number=vector["attempt"],
        error=intelgraph.ResponseError("", status=429 if vector.get("throttled") else 503),
        is_repeatable=True,
        retryable_codes=RETRYABLE_CODES,
        retry_after=None if floor is None else floor / 1000,
        started=0.0,
        now=0.0,
    )
    # The vector asks for the delay alone, whether or not the policy would allow the attempt.
    policy = replace(policy_of(vector), max_attempts=vector["attempt"] + 1, deadline=None)

    delay = policy.delay_before_retry(failed, randoms.popleft, Budget())

    assert delay is not None
    assert milliseconds(delay) == vector["expect"]["delayMs"]
    assert not randoms


@pytest.mark.parametrize("vector", vectors("read"))
def test_a_blocking_iterator_reads_what_the_vector_says(vector: Any) -> None:
    reading = Reading(vector)

    def ask(variables: Mapping[str, object]) -> PageOf[Any, Any]:
        made = reading.page_call(variables)
        return letters_page(drive(made, reading.transport, reading.sleep))

    limit = vector.get("limit")
    paginator = Paginator(ask, reading.variables, cursor="after", limit=limit)
    goes_on = True
    while goes_on:
        goes_on = False
        try:
            for each in paginator if vector["read"] == "items" else paginator.pages():
                reading.came.append(each)
        except intelgraph.IntelGraphError as error:
            goes_on = reading.goes_on_after(error)

    reading.check_reading(paginator)


@pytest.mark.parametrize("vector", vectors("read"))
async def test_an_awaiting_iterator_reads_what_the_vector_says(vector: Any) -> None:
    reading = Reading(vector)

    async def ask(variables: Mapping[str, object]) -> PageOf[Any, Any]:
        made = reading.page_call(variables)
        return letters_page(await drive_async(made, reading.transport, reading.sleep_async))

    limit = vector.get("limit")
    paginator = AsyncPaginator(ask, reading.variables, cursor="after", limit=limit)
    goes_on = True
    while goes_on:
        goes_on = False
        try:
            async for each in paginator if vector["read"] == "items" else paginator.pages():
                reading.came.append(each)
        except intelgraph.IntelGraphError as error:
            goes_on = reading.goes_on_after(error)

    reading.check_reading(paginator)


def unwrapped(vector: Any) -> dict[str, Any]:
    """What is seen of a webhook's event, in JSON."""
    arrived = vector["webhook"]
    tolerance = {"tolerance": vector["toleranceMs"] / 1000} if "toleranceMs" in vector else {}
    headers = Message()  # As `http.server` has them, where a name may be there twice.
    for name, value in arrived["headers"]:
        headers[name] = value
    event = unwrap(
        base64.b64decode(arrived["bytes"]) if "bytes" in arrived else arrived["text"].encode(),
        headers,
        secret=vector["secrets"],
        **tolerance,
        now=lambda: vector.get("nowMs", CLOCK * 1000) / 1000,
    )
    return asdict(event) | {"timestamp": format_datetime(event.timestamp)}


@pytest.mark.parametrize("vector", vectors("webhook"))
def test_a_webhook_is_what_the_vector_says(vector: Any) -> None:
    expected = vector["expect"]

    try:
        outcome = {"event": unwrapped(vector)}
    except intelgraph.IntelGraphError as error:
        facts = {"class": type(error).__name__, "message": str(error)}
        outcome = {"error": {name: facts[name] for name in expected.get("error", facts)}}

    assert outcome == expected

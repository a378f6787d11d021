"""`conformance`: any deployment, held to the server vectors over HTTP."""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
from http import HTTPStatus
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import SplitResult, urlsplit
from xml.etree import ElementTree as ET

from intelgraph_server.conformance import (
    Answer,
    Asked,
    Deployment,
    differences,
    token_names,
    vectors,
)
from intelgraph_server.settings import reason

from . import option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph_server.conformance import Difference, Vector

SUMMARY: Final = "hold a deployment to the server vectors"
EXAMPLES: Final = """\
examples:
  intelgraph-server conformance --url https://graph.example/graphql
  intelgraph-server conformance --url URL --token "$TOKEN" --token acme-ungranted="$OTHER"
  intelgraph-server conformance --url URL --only limits --format junit > conformance.xml

exit codes: 0 all that apply pass, 1 some fail, 2 the command line is wrong, 3 no GraphQL endpoint
"""
UNREACHABLE: Final = 3
LONGEST_TIMEOUT: Final = 3600.0
MOST_BYTES: Final = 64 * 1024 * 1024
_CHUNK: Final = 65_536
# No token of ours has the sign within, and few of others.
_NAMED: Final = re.compile(r"[a-z][a-z-]*=[^=].*", re.DOTALL)
_VISIBLE: Final = re.compile(r"[!-~]+")


class Result(NamedTuple):
    """What came of one vector."""

    behaviour: str
    name: str
    outcome: str
    """`pass`, `fail` or `not applicable`."""
    reason: str | None = None
    differences: list[Difference] = []  # noqa: RUF012 - a tuple's default is never changed.


@option("is not the address of an endpoint, such as https://graph.example/graphql")
def _url(text: str) -> SplitResult:
    url = urlsplit(text)
    is_plain = not (url.query or url.fragment or "@" in url.netloc)
    is_endpoint = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    if not is_plain or not is_endpoint or not _VISIBLE.fullmatch(url.path or "/"):
        raise ValueError(text)
    return url


def _token(text: str) -> tuple[str, str]:
    name, _, token = text.partition("=")
    known = token_names()
    if name not in known and _NAMED.fullmatch(text):
        told = ", ".join(sorted(known))
        raise argparse.ArgumentTypeError(f"no vector needs a token of the name {name}; of {told}")
    name, token = (name, token) if name in known else ("acme", text)
    # The value itself stays out of the message, which a build server keeps.
    if not _VISIBLE.fullmatch(token):
        raise argparse.ArgumentTypeError("a token is not empty and has no spaces in it")
    return name, token


@option(f"is no number of seconds above 0 and up to {LONGEST_TIMEOUT:g}")
def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise ValueError(text)
    return seconds


def add_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--url", type=_url, required=True, help="where the deployment answers GraphQL")
    which = "one with every permission, or NAME=TOKEN for another of the vectors; may be repeated"
    add("--token", type=_token, action="append", default=[], metavar="TOKEN", help=which)
    data = "it has the demonstration data: --seed 1 --clock 2026-04-15T00:00:00Z"
    add("--seeded", action="store_true", help=data)
    mode = "which documents it runs: any, or the published ones only (open)"
    add("--documents", choices=("open", "allow-list"), default="open", help=mode)
    part = "vectors whose behaviour or name holds this; may be repeated"
    add("--only", action="append", default=[], metavar="TEXT", help=part)
    add("--format", choices=tuple(FORMATS), default="text", help="what to print (text)")
    limit = "seconds that an answer may take (10)"
    add("--timeout", type=_seconds, default=10.0, metavar="SECONDS", help=limit)


def run(options: argparse.Namespace) -> int:
    chosen = [each for each in vectors() if _is_chosen(f"{each[0]}: {each[1]['name']}", options)]
    if not chosen:
        sys.stderr.write(f"intelgraph-server: no vector holds {' or '.join(options.only)}\n")
        return 2
    deployment = Deployment(dict(options.token), options.documents, is_seeded=options.seeded)
    obstacle = _obstacle(deployment, options)
    if obstacle is not None:
        sys.stderr.write(f"intelgraph-server: {obstacle}\n")
        return UNREACHABLE
    # What some change beforehand, the others must not see.
    chosen.sort(key=lambda each: "before" in each[1])
    results = [_result(behaviour, vector, deployment, options) for behaviour, vector in chosen]
    sys.stdout.write(FORMATS[options.format](results, options.url.geturl()))
    outcomes = {each.outcome for each in results}
    if outcomes == {"not applicable"}:
        sys.stderr.write("intelgraph-server: nothing was tried, for no chosen vector applies\n")
        return 2
    return 1 if "fail" in outcomes else 0


def _obstacle(deployment: Deployment, options: argparse.Namespace) -> str | None:
    """Why nothing can be asked there; None where it speaks GraphQL, in whatever words."""
    url, headers = options.url.geturl(), {"content-type": "application/json"}
    if "acme" in deployment.tokens:
        headers["authorization"] = f"Bearer {deployment.tokens['acme']}"
    try:
        with contextlib.closing(_connection(options)) as connection:
            connection.connect()
    except OSError as error:
        return f"cannot reach {url}: {reason(error)}"
    try:
        answer = _answer(Asked("POST", "", headers, b'{"query":"{__typename}"}'), options)
    except (OSError, HTTPException) as error:
        return f"{url} gives no answer to `{{__typename}}`: {_told_of(error)}"
    if answer.is_graphql and answer.status != HTTPStatus.NOT_FOUND:
        return None
    told = f"{answer.status} and {answer.headers.get('content-type', 'no media type')}"
    return f"{url} is no GraphQL endpoint: it answers `{{__typename}}` with {told}"


def _is_chosen(name: str, options: argparse.Namespace) -> bool:
    return not options.only or any(text in name for text in options.only)


def _result(
    behaviour: str, vector: Vector, deployment: Deployment, options: argparse.Namespace
) -> Result:
    name, hindrance = vector["name"], deployment.hindrance(vector)
    if hindrance is not None:
        return Result(behaviour, name, "not applicable", hindrance)
    try:
        answers = [_answer(asked, options) for asked in deployment.asked(vector)]
    except (OSError, HTTPException) as error:
        return Result(behaviour, name, "fail", f"no answer: {_told_of(error)}")
    found = differences(vector, *answers)
    return Result(behaviour, name, "fail" if found else "pass", differences=found)


def _told_of(error: OSError | HTTPException) -> str:
    return reason(error) if isinstance(error, OSError) else type(error).__name__


def _connection(options: argparse.Namespace) -> HTTPConnection:
    kind = HTTPSConnection if options.url.scheme == "https" else HTTPConnection
    return kind(options.url.hostname, options.url.port, timeout=options.timeout)


def _answer(asked: Asked, options: argparse.Namespace) -> Answer:
    path = options.url.path or "/"
    target = f"{path}?{asked.query}" if asked.query else path
    end = monotonic() + options.timeout
    with contextlib.closing(_connection(options)) as connection:
        # Whoever refuses a body that is too large need not read it to its end.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(asked.method, target, asked.body, asked.headers)
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, headers, _whole(reply, end))


def _whole(reply: HTTPResponse, end: float) -> bytes:
    """The body, unless it drips for longer than an answer may take, or never ends."""
    body, length = bytearray(), reply.length
    while len(body) != length and (chunk := reply.read1(_CHUNK)):
        body += chunk
        if monotonic() > end:
            raise TimeoutError("timed out")
        if len(body) > MOST_BYTES:
            raise OSError(f"the body has more than {MOST_BYTES} bytes")
    if length is not None and len(body) < length:
        raise IncompleteRead(bytes(body), length - len(body))
    return bytes(body)


def _text(results: list[Result], url: str) -> str:
    lines = [line for result in results for line in _told(result)]
    return "\n".join([*lines, f"{url}: {_summary(results)}", ""])


def _told(result: Result) -> Iterator[str]:
    why = f" ({result.reason})" if result.reason else ""
    yield f"{result.outcome:<14} {result.behaviour}: {result.name}{why}"
    yield from (f"{'':<14}   {each}" for each in result.differences)


def _summary(results: list[Result]) -> str:
    outcomes = [each.outcome for each in results]
    told = {"pass": "passed", "fail": "failed", "not applicable": "not applicable"}
    return ", ".join(f"{outcomes.count(each)} {word}" for each, word in told.items())


def _json(results: list[Result], url: str) -> str:
    told = [
        result._asdict() | {"differences": [each._asdict() for each in result.differences]}
        for result in results
    ]
    return json.dumps({"url": url, "vectors": told}, indent=2, ensure_ascii=False) + "\n"


def _junit(results: list[Result], url: str) -> str:
    suite = ET.Element("testsuite", name=f"intelgraph-server conformance of {url}")
    for result in results:
        case = ET.SubElement(suite, "testcase", classname=result.behaviour, name=result.name)
        if result.outcome == "fail":
            told = "\n".join(filter(None, [result.reason, *map(str, result.differences)]))
            ET.SubElement(case, "failure", message=told.partition("\n")[0]).text = told
        elif result.reason is not None:
            ET.SubElement(case, "skipped", message=result.reason)
    outcomes = [each.outcome for each in results]
    suite.set("tests", str(len(results)))
    suite.set("failures", str(outcomes.count("fail")))
    suite.set("skipped", str(outcomes.count("not applicable")))
    return ET.tostring(suite, "unicode", xml_declaration=True) + "\n"


FORMATS: Final = {"text": _text, "json": _json, "junit": _junit}

"""`conformance`: any deployment, held to the server vectors over HTTP."""

from __future__ import annotations

import contextlib
import json
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import SplitResult, urlsplit
from xml.etree import ElementTree as ET

from intelgraph_server.conformance import Answer, Deployment, differences, vectors
from intelgraph_server.settings import reason

from . import option

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from intelgraph_server.conformance import Asked, Difference, Vector

SUMMARY: Final = "hold a deployment to the server vectors"
EXAMPLES: Final = """\
examples:
  intelgraph-server conformance --url https://graph.example/graphql
  intelgraph-server conformance --url URL --token "$TOKEN" --token acme-ungranted="$OTHER"
  intelgraph-server conformance --url URL --only limits --format junit > conformance.xml

exit codes: 0 all that apply pass, 1 some fail, 2 the command line is wrong, 3 not reachable
"""
UNREACHABLE: Final = 3


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
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.port == 0:
        raise ValueError(text)
    return url


def _token(text: str) -> tuple[str, str]:
    name, _, token = text.partition("=")
    known = {vector.get("token") for _, vector in vectors()}
    return (name, token) if name in known else ("acme", text)


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
    add("--timeout", type=float, default=10.0, help="seconds that an answer may take (10)")


def run(options: argparse.Namespace) -> int:
    chosen = [each for each in vectors() if _is_chosen(f"{each[0]}: {each[1]['name']}", options)]
    if not chosen:
        sys.stderr.write(f"intelgraph-server: no vector holds {' or '.join(options.only)}\n")
        return 2
    try:
        with contextlib.closing(_connection(options)) as connection:
            connection.connect()
    except OSError as error:
        told = f"cannot reach {options.url.geturl()}: {reason(error)}"
        sys.stderr.write(f"intelgraph-server: {told}\n")
        return UNREACHABLE
    deployment = Deployment(dict(options.token), options.documents, is_seeded=options.seeded)
    # What some change beforehand, the others must not see.
    chosen.sort(key=lambda each: "before" in each[1])
    results = [_result(behaviour, vector, deployment, options) for behaviour, vector in chosen]
    sys.stdout.write(FORMATS[options.format](results, options.url.geturl()))
    return 1 if any(each.outcome == "fail" for each in results) else 0


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
        told = reason(error) if isinstance(error, OSError) else type(error).__name__
        return Result(behaviour, name, "fail", f"no answer: {told}")
    found = differences(vector, *answers)
    return Result(behaviour, name, "fail" if found else "pass", differences=found)


def _connection(options: argparse.Namespace) -> HTTPConnection:
    kind = HTTPSConnection if options.url.scheme == "https" else HTTPConnection
    return kind(options.url.hostname, options.url.port, timeout=options.timeout)


def _answer(asked: Asked, options: argparse.Namespace) -> Answer:
    path = options.url.path or "/"
    target = f"{path}?{asked.query}" if asked.query else path
    with contextlib.closing(_connection(options)) as connection:
        # Whoever refuses a body that is too large need not read it to its end.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(asked.method, target, asked.body, asked.headers)
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, headers, reply.read())


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

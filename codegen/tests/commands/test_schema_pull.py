"""`schema pull` against real HTTP servers on this machine."""

from __future__ import annotations

import contextlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from graphql import build_schema, graphql_sync, validate
from graphql import parse as parse_graphql

from intelgraph_codegen.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SDL = '"""Who you are."""\ntype Query {\n  me(a: Int = 1): String\n}\n'
SECRET = "s3cret-token"

Reply = tuple[int, "dict[str, str]", bytes]


def as_json(content: object, status: int = 200) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


def refusing(message: str) -> Reply:
    return as_json({"errors": [{"message": message}]}, 400)


@contextlib.contextmanager
def serving(answer: Callable[[str, Mapping[str, str]], Reply]) -> Iterator[str]:
    """The address of a server that answers each posted query so."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, content = answer(json.loads(body)["query"], dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/graphql"
    finally:
        server.shutdown()
        server.server_close()


def honest(query: str, headers: Mapping[str, str]) -> Reply:
    del headers
    return as_json(graphql_sync(build_schema(SDL), query).formatted)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THE_TOKEN", f"Bearer {SECRET}")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["schema", "pull", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_schema_of_a_server_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(honest) as address:
        assert run(capsys, address) == (0, SDL, "")


def test_a_file_is_written_once_and_compared_without_being_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--output", "api/schema.graphql")
    with serving(honest) as address:
        checked = run(capsys, address, *options, "--check")
        written = run(capsys, address, *options)
        stamp = (here / "api/schema.graphql").stat().st_mtime_ns
        again = run(capsys, address, *options)
        clean = run(capsys, address, *options, "--check")

    assert checked == (
        1,
        "",
        "api/schema.graphql: This file differs from what the server tells. [outdated-file]\n",
    )
    assert written == (0, "", "intelgraph-codegen: api/schema.graphql was written.\n")
    assert again == (0, "", "intelgraph-codegen: api/schema.graphql is up to date.\n")
    assert clean == (0, "", "")
    assert (here / "api/schema.graphql").read_text() == SDL
    assert (here / "api/schema.graphql").stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "options",
    [("--header", f"Authorization: Bearer {SECRET}"), ("--header-env", "Authorization=THE_TOKEN")],
)
def test_headers_are_sent_and_never_told(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    seen: list[str] = []

    def strict(query: str, headers: Mapping[str, str]) -> Reply:
        seen.append(headers["Authorization"])
        return refusing(f"I do not like {headers['Authorization']} or {SECRET}, {query[:5]}")

    with serving(strict) as address:
        code, out, err = run(capsys, address, *options)

    assert set(seen) == {f"Bearer {SECRET}"}
    assert (code, out) == (3, "")
    assert "I do not like … or …, query" in err
    assert SECRET not in err


def test_an_older_server_is_asked_for_less(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def older(query: str, headers: Mapping[str, str]) -> Reply:
        asked.append(query)
        if "isRepeatable" in query:
            return refusing('Cannot query field "isRepeatable" on type "__Directive".')
        return honest(query, headers)

    with serving(older) as address:
        assert run(capsys, address) == (0, SDL, "")

    assert ["isOneOf" in query for query in asked] == [True, False, False]
    assert all(not validate(build_schema(SDL), parse_graphql(query)) for query in asked)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (as_json({}, 401), "The server answers 401: it wants other credentials."),
        (as_json({}, 403), "The server answers 403: it wants other credentials."),
        (
            (200, {}, b"<!DOCTYPE html><title>Hi</title>"),
            "The server answers 200 with a page for browsers instead of GraphQL's JSON.",
        ),
        ((502, {}, b"bad gateway"), "The server answers 502 with something else instead of"),
        (as_json([1]), "The server answers 200 with something else instead of GraphQL's JSON."),
        (
            refusing("GraphQL introspection is not allowed, but the query contained __schema."),
            "This server does not tell its schema: GraphQL introspection is not allowed, but",
        ),
        (refusing("No\n\x1b[31m."), "The server does not answer introspection: No  [31m."),
        (as_json({"data": None}), "The server does not answer introspection: nothing"),
        (as_json({"errors": "no"}), "The server does not answer introspection: an error without"),
        (
            as_json({"data": {"__schema": {"types": []}}}),
            "The answer is not a schema: `__schema.types` must be a list",
        ),
        (
            (307, {"Location": "https://elsewhere.example/graphql?key=1"}, b""),
            "The server redirects to https://elsewhere.example/graphql, which is not followed;",
        ),
        ((302, {"Location": "/login"}, b""), "The server redirects to /login, which is not"),
    ],
)
def test_a_server_that_does_not_tell_exits_with_three(
    capsys: pytest.CaptureFixture[str], reply: Reply, message: str
) -> None:
    with serving(lambda *_: reply) as address:
        code, out, err = run(capsys, f"{address}?token={SECRET}", "--output", "s.graphql")

    assert (code, out) == (3, "")
    assert err.startswith(f"{address}: {message}")
    assert SECRET not in err
    assert not Path("s.graphql").exists()


def test_a_redirect_takes_no_header_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def other(query: str, headers: Mapping[str, str]) -> Reply:
        seen.append(query)
        return honest(query, headers)

    with (
        serving(other) as elsewhere,
        serving(lambda *_: (308, {"Location": elsewhere}, b"")) as address,
    ):
        assert run(capsys, address, "--header-env", "Authorization=THE_TOKEN")[0] == 3

    assert seen == []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://127.0.0.1:1/graphql", "http://127.0.0.1:1/graphql: Nothing listens there."),
        (
            "http://no-such-host.invalid/graphql",
            "http://no-such-host.invalid/graphql: The server cannot be reached: ",
        ),
    ],
)
def test_a_server_that_is_not_there_exits_with_three(
    capsys: pytest.CaptureFixture[str], address: str, message: str
) -> None:
    code, _, err = run(capsys, address)

    assert code == 3
    assert err.startswith(message)


def test_plain_http_where_https_is_spoken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(honest) as address:
        code, _, err = run(capsys, address.replace("http:", "https:"))

    assert code == 3
    assert "No secure connection comes about; is this address `http://` perhaps?" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ftp://a.example/x"], "An address of a server starts with `https://`"),
        (["https://"], "An address of a server starts with `https://`"),
        (["https://a.example:port/"], "An address of a server starts with `https://`"),
        ([f"https://me:{SECRET}@a.example/"], "Credentials do not belong in an address"),
        (["https://a.example/", "--header", SECRET], "A `--header` reads `Name: value`."),
        (["https://a.example/", "--header", f"A b: {SECRET}"], "The name of a header is not one."),
        (["https://a.example/", "--header", f"A: {SECRET}\r\nB: c"], "`A` has characters that"),
        (["https://a.example/", "--header-env", "A"], "A `--header-env` reads `Name=VARIABLE`."),
        (["https://a.example/", "--header-env", "A=NOT_SET"], "`NOT_SET` is not set."),
        (["https://a.example/", "--check"], "`--check` compares with the file"),
    ],
)
def test_what_cannot_be_asked_exits_with_two_and_shows_no_secret(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, _, err = run(capsys, *arguments)

    assert code == 2
    assert message in err
    assert SECRET not in err


def test_findings_of_a_server_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "http://127.0.0.1:1/graphql", "--format", "json")

    assert (code, err) == (3, "")
    assert json.loads(out)["findings"][0]["message"].endswith("Nothing listens there.")


def test_init_asks_a_server_for_the_schema(here: Path) -> None:
    with serving(honest) as address:
        assert main(["init", "--yes", "--schema", address]) == 0

    assert (here / "schema.graphql").read_text() == SDL
    assert "query GetMe {\n  me\n}" in (here / "operations/example.graphql").read_text()
    assert 'schema = ["schema.graphql"]' in (here / "pyproject.toml").read_text()

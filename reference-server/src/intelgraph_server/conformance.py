"""The server vectors, and what an answer is held to: from a vector to a request, to differences.

Pure; whoever sends the request may do so over a socket or within the process. The vectors are
those of `schema/conformance/server`, which a distribution holds as `vectors/`.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, cast
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Vector: TypeAlias = "dict[str, Any]"

_PACKAGED: Final = Path(__file__).parent / "vectors"
_IN_THE_REPOSITORY: Final = Path(__file__).parents[3] / "schema" / "conformance" / "server"


class Asked(NamedTuple):
    """What a vector sends."""

    method: str
    query: str
    """Behind the `?` of the address; empty where there is none."""
    headers: dict[str, str]
    body: bytes | None


class Answer(NamedTuple):
    """What came back; the names of the headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_graphql(self) -> bool:
        """Whether it is a GraphQL response, be it a refusal."""
        members = _object(_json(self.body))
        return "data" in members or bool(_list(members.get("errors")))


class Difference(NamedTuple):
    """One thing that is not as the vector says."""

    what: str
    expected: object
    came: object

    def __str__(self) -> str:
        return f"{self.what}: expected {_shown(self.expected)}, came {_shown(self.came)}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is known of the server that is held to the vectors."""

    tokens: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the names that vectors use."""
    documents: str = "open"
    is_seeded: bool = False
    """Whether it holds the demonstration data of seed 1 at 2026-04-15."""

    def hindrance(self, vector: Vector) -> str | None:
        """Why the vector says nothing about this server; None where it does."""
        mode = vector.get("documents", "open")
        if vector.get("seeded") and not self.is_seeded:
            return "needs the demonstration data"
        if mode != self.documents:
            return f"needs a server in the mode {mode}"
        missing = [name for name in _names(vector) if name not in self.tokens]
        return f"needs the token {missing[0]}" if missing else None

    def asked(self, vector: Vector) -> list[Asked]:
        """What is sent, in order; the last is what the vector is about."""
        return [self._asked(each) for each in _steps(vector)]

    def _asked(self, step: Mapping[str, Any]) -> Asked:
        request, token = step["request"], step.get("token")
        headers = {} if request["method"] == "GET" else {"content-type": "application/json"}
        headers |= request.get("headers", {})
        if token is not None:
            headers["authorization"] = f"Bearer {self.tokens.get(token, token)}"
        query = urlencode(request.get("query", {}))
        return Asked(request["method"], query, headers, _body(request))


def vectors() -> Iterator[tuple[str, Vector]]:
    """Each vector with the behaviour that its file is about."""
    folder = _PACKAGED if _PACKAGED.is_dir() else _IN_THE_REPOSITORY
    for path in sorted(folder.glob("*.json")):
        for vector in json.loads(path.read_text("utf-8"))["vectors"]:
            yield path.stem, vector


def token_names() -> set[str]:
    """The names of the tokens that vectors send."""
    return {name for _, vector in vectors() for name in _names(vector)}


def differences(vector: Vector, *answers: Answer) -> list[Difference]:
    """All that is not as the vector says of the last answer, of those to what was asked."""
    expect = vector["expect"]
    *earlier, answer = answers
    seen = _seen(answer, expect.get("headers", {}))
    seen["repeats"] = bool(earlier) and earlier[-1].body == answer.body
    found = [Difference(n, expect[n], seen[n]) for n in expect if seen[n] != expect[n]]
    if not answer.headers.get("x-request-id"):
        found.append(Difference("headers", {"x-request-id": "…"}, {"x-request-id": None}))
    return found


def _steps(vector: Vector) -> list[dict[str, Any]]:
    return [*({"token": vector.get("token")} | each for each in vector.get("before", ())), vector]


def _names(vector: Vector) -> list[str]:
    # What has a dot in it is no name but a token itself.
    tokens = [each.get("token") for each in _steps(vector)]
    return [token for token in tokens if isinstance(token, str) and "." not in token]


def _seen(answer: Answer, headers: Mapping[str, str]) -> dict[str, Any]:
    body = _json(answer.body)
    # A server that is not as it should be may have anything in it.
    members = _object(body)
    error = _object(next(iter(_list(members.get("errors"))), None))
    return {
        "status": answer.status,
        "mediaType": answer.headers.get("content-type", "").partition(";")[0],
        "headers": {name: answer.headers.get(name) for name in headers},
        "json": body,
        "code": _object(error.get("extensions")).get("code"),
        "message": error.get("message"),
        "data": members.get("data"),
    }


def _json(body: bytes) -> Any:
    """What the body says, or the body as text where that is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _body(request: dict[str, Any]) -> bytes | None:
    if "json" in request:
        return json.dumps(request["json"]).encode()
    if "text" in request:
        return str(request["text"]).encode()
    if "bytes" in request:
        return b64decode(request["bytes"])
    if "repeat" in request:
        return str(request["repeat"]["text"]).encode() * int(request["repeat"]["times"])
    return None


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_LONGEST: Final = 300

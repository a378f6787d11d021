"""What the vectors cannot say of webhooks: native types, the environment, and what never leaks."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import pickle
import sys
import time
import traceback
from dataclasses import FrozenInstanceError
from email.message import Message
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph import ConfigurationError, IntelGraphError, WebhookError, WebhookSignatureError
from intelgraph.webhooks import WebhookEvent, unwrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT = 1776211200
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SECRET, OTHER_SECRET = (f"whsec_{base64.b64encode(key).decode()}" for key in (KEY, OTHER_KEY))
BODY = b'{"type":"a.b","timestamp":"2026-04-01T02:00:00.25+02:00","data":{"id":"canary"}}'


def signed(body: bytes = BODY, key: bytes = KEY) -> dict[str, str]:
    proof = hmac.digest(key, f"dlv_1.{AT}.".encode() + body, "sha256")
    signature = f"v1,{base64.b64encode(proof).decode()}"
    return {"webhook-id": "dlv_1", "webhook-timestamp": f"{AT}", "webhook-signature": signature}


def unwrap_at(body: Any, headers: Any, *, secret: Any = SECRET, **options: Any) -> WebhookEvent:
    return unwrap(body, headers, secret=secret, now=lambda: AT, **options)


def as_message(headers: dict[str, str]) -> Message:
    message = Message()
    for name, value in headers.items():
        message[name.title()] = value
    return message


def as_pairs(headers: dict[str, str]) -> Iterator[tuple[str, str]]:
    return iter(headers.items())


def as_asgi(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def as_lists(headers: dict[str, str]) -> dict[str, list[str]]:
    return {"x-nothing": [], **{name: [value] for name, value in headers.items()}}


CONTAINERS = [dict, as_message, httpx.Headers, as_pairs, as_asgi, as_lists]


def test_an_event_has_native_values_and_cannot_be_changed() -> None:
    event = unwrap_at(BODY, signed())

    happened = dt.datetime(2026, 4, 1, 0, 0, 0, 250_000, tzinfo=dt.UTC)
    assert event == WebhookEvent("dlv_1", "a.b", happened, {"id": "canary"})
    with pytest.raises(FrozenInstanceError):
        event.type = "another"  # type: ignore[misc]


def test_the_data_of_an_event_stays_out_of_its_repr() -> None:
    assert "canary" not in repr(unwrap_at(BODY, signed()))


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda c: c.__name__)
def test_the_headers_of_any_framework_are_read(container: Callable[[Any], Any]) -> None:
    assert unwrap_at(BODY, container(signed())).type == "a.b"


@pytest.mark.parametrize("headers", [None, 5, "webhook-id: dlv_1", [1, 2]])
def test_headers_that_are_none_are_a_mistake_that_says_so(headers: Any) -> None:
    with pytest.raises(TypeError, match="headers are pairs of names and values"):
        unwrap_at(BODY, headers)


@pytest.mark.parametrize("as_body", [bytes.decode, bytearray, memoryview])
def test_a_body_of_any_kind_is_what_it_was_as_bytes(as_body: Callable[[bytes], Any]) -> None:
    assert unwrap_at(as_body(BODY), signed()) == unwrap_at(BODY, signed())


def test_text_that_no_bytes_can_be_is_refused_like_any_other() -> None:
    with pytest.raises(WebhookSignatureError):
        unwrap_at("\ud800", signed())


def test_a_body_that_somebody_has_read_already_is_a_mistake_that_says_so() -> None:
    with pytest.raises(TypeError, match="not what was read"):
        unwrap_at({"type": "a.b"}, signed())


def test_the_secret_of_the_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_WEBHOOK_SECRET", SECRET)

    assert unwrap_at(BODY, signed(), secret=None).id == "dlv_1"


def test_the_environment_may_hold_several_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_WEBHOOK_SECRET", f"{OTHER_SECRET}, {SECRET}")

    assert unwrap_at(BODY, signed(), secret=None).id == "dlv_1"


def test_without_any_secret_the_caller_is_told_where_it_may_stand() -> None:
    with pytest.raises(ConfigurationError, match=r"secret=.*INTELGRAPH_WEBHOOK_SECRET"):
        unwrap_at(BODY, signed(), secret=None)


def test_an_empty_secret_does_not_fall_back_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_WEBHOOK_SECRET", SECRET)

    with pytest.raises(ConfigurationError, match="No secret"):
        unwrap_at(BODY, signed(), secret="")


@pytest.mark.parametrize("secret", [SECRET.encode(), [None], 5])
def test_a_secret_that_is_no_text_is_refused_like_any_other_that_is_none(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match="secret= is not whsec_"):
        unwrap_at(BODY, signed(), secret=secret)


@pytest.mark.parametrize("tolerance", [-1, float("nan"), None, "300"])
def test_a_tolerance_that_is_none_is_a_mistake_of_the_caller(tolerance: Any) -> None:
    with pytest.raises(ConfigurationError, match="tolerance="):
        unwrap_at(BODY, signed(), tolerance=tolerance)


@pytest.mark.parametrize(
    ("body", "headers", "secret"),
    [
        (BODY, signed(), "whsec_c2VjcmV0Y2FuYXJ5"),
        (BODY, signed(), "secret-canary"),
        (BODY + b" ", signed(), SECRET),
        (BODY, signed(key=OTHER_KEY), SECRET),
        (b"canary", signed(b"canary"), SECRET),
        (b"\xff canary", signed(b"\xff canary"), SECRET),
    ],
)
def test_no_error_tells_a_secret_or_a_body(
    body: bytes, headers: dict[str, str], secret: str
) -> None:
    with pytest.raises(IntelGraphError) as caught:
        unwrap_at(body, headers, secret=secret)

    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert secret not in told
    assert "canary" not in told
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_who_catches_one_class_catches_what_is_forged_too() -> None:
    with pytest.raises(WebhookError):
        unwrap_at(BODY, signed(key=OTHER_KEY))


def test_an_error_of_a_webhook_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(WebhookSignatureError("No.")))  # noqa: S301 - our own bytes.

    assert (type(copy), str(copy), copy.operation) == (WebhookSignatureError, "No.", None)


@given(place=st.integers(0, len(BODY) - 1), byte=st.binary(min_size=0, max_size=2))
def test_no_body_but_the_one_that_was_signed_is_taken(place: int, byte: bytes) -> None:
    changed = BODY[:place] + byte + BODY[place + 1 :]

    if changed != BODY:
        with pytest.raises(WebhookSignatureError):
            unwrap_at(changed, signed())


def test_the_time_it_takes_does_not_tell_which_secret_fits() -> None:
    body = BODY.replace(b"canary", b"c" * 1_000_000)
    headers, others = signed(body), [OTHER_SECRET] * 15

    def cost(secrets: list[str]) -> float:
        before = time.thread_time()
        unwrap_at(body, headers, secret=secrets)
        return time.thread_time() - before

    first = min(cost([SECRET, *others]) for _ in range(3))
    last = min(cost([*others, SECRET]) for _ in range(3))

    # Who stops at the one that fits has a sixteenth of the work.
    assert first > last / 3


@pytest.mark.parametrize("place", range(3))
def test_every_signature_is_compared_with_every_secret_in_constant_time(place: int) -> None:
    headers, secrets = signed(), [OTHER_SECRET] * 3
    secrets[place] = SECRET
    headers["webhook-signature"] += f" v1,{'A' * 43}="
    called: list[str] = []

    sys.setprofile(lambda _frame, event, what: called.append(f"{event} {what!r}"))
    try:
        unwrap_at(BODY, headers, secret=secrets)
    finally:
        sys.setprofile(None)

    compared = [each for each in called if each.startswith("c_call") and "compare_digest" in each]
    assert len(compared) == 6

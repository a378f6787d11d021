from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from intelgraph_server.auth import AuthenticationError, Principal, Tokens

KEY = "a key for tests that is long enough to sign with"
NOW = datetime(2026, 4, 15, tzinfo=UTC)
CLAIMS = {
    "aud": "intelgraph",
    "sub": "ada",
    "tenant": "acme",
    "permissions": ["entity.read"],
    "exp": NOW.timestamp() + 60,
}


def tokens(now: datetime = NOW, key: str = KEY) -> Tokens:
    return Tokens(key, lambda: now)


def issued() -> str:
    return tokens().issue(
        tenant_id="acme", permissions=["entity.read"], subject="ada", lifetime=timedelta(hours=1)
    )


def forged(claims: dict[str, object], algorithm: str = "HS256") -> str:
    key = OctKey.import_key(KEY)
    return "Bearer " + jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])


def test_a_token_says_who_asks() -> None:
    principal = tokens().principal(f"Bearer {issued()}")

    assert principal == Principal("ada", "acme", frozenset({"entity.read"}))


def test_the_scheme_ignores_case() -> None:
    assert tokens().principal(f"bearer {issued()}") is not None


def test_no_header_is_nobody() -> None:
    assert tokens().principal(None) is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic YTpi", "eyJhbGciOiJIUzI1NiJ9"])
def test_another_header_is_refused(header: str) -> None:
    with pytest.raises(AuthenticationError, match=r"^The Authorization header is not `Bearer <"):
        tokens().principal(header)


def test_an_expired_token_is_refused_to_the_second() -> None:
    last = NOW + timedelta(hours=1) - timedelta(seconds=1)

    assert tokens(last).principal(f"Bearer {issued()}") is not None
    with pytest.raises(AuthenticationError, match=r"^The bearer token has expired\.$"):
        tokens(NOW + timedelta(hours=1, seconds=1)).principal(f"Bearer {issued()}")


def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(AuthenticationError, match=r"^The bearer token was not signed by this ser"):
        tokens(key=KEY[::-1]).principal(f"Bearer {issued()}")


def test_a_token_for_another_audience_is_refused() -> None:
    with pytest.raises(AuthenticationError, match=r"^The bearer token is not meant for this ser"):
        tokens().principal(forged(CLAIMS | {"aud": "elsewhere"}))


@pytest.mark.parametrize("missing", CLAIMS)
def test_a_token_that_lacks_a_claim_is_refused(missing: str) -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != missing}

    with pytest.raises(AuthenticationError, match=r"^The bearer token is malformed\.$"):
        tokens().principal(forged(claims))


@pytest.mark.parametrize(
    "change", [{"tenant": 1}, {"sub": ["ada"]}, {"permissions": "entity.read"}, {"exp": "soon"}]
)
def test_a_claim_of_the_wrong_type_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(AuthenticationError):
        tokens().principal(forged(CLAIMS | change))


def test_another_algorithm_is_refused_even_with_the_right_key() -> None:
    with pytest.raises(AuthenticationError, match=r"^The bearer token is malformed\.$"):
        tokens().principal(forged(CLAIMS, "HS512"))


def test_a_token_without_a_signature_is_refused() -> None:
    head, claims = (
        urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, CLAIMS)
    )

    with pytest.raises(AuthenticationError, match=r"^The bearer token is malformed\.$"):
        tokens().principal(f"Bearer {head}.{claims}.")


def test_a_changed_claim_breaks_the_signature() -> None:
    head, _, signature = issued().split(".")
    claims = urlsafe_b64encode(json.dumps(CLAIMS | {"tenant": "globex"}).encode()).decode()

    with pytest.raises(AuthenticationError, match=r"^The bearer token was not signed by this ser"):
        tokens().principal(f"Bearer {head}.{claims.rstrip('=')}.{signature}")


def test_a_short_signing_key_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter than 32 bytes"):
        tokens(key="x" * 31)

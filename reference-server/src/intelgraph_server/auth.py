"""Bearer tokens: a signed JWT into the `Principal` that asks.

Tokens are HS256 with the server's own key. The algorithm is the server's choice and
never the token's, which closes the door that algorithm confusion comes through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import OctKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta

Clock: TypeAlias = "Callable[[], datetime]"

ALGORITHM: Final = "HS256"
AUDIENCE: Final = "intelgraph"
SHORTEST_KEY: Final = 32


class AuthenticationError(Exception):
    """The credential that came is not one; the message says why, for the caller."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, for which tenant, and what they were granted."""

    subject: str
    tenant_id: str
    permissions: frozenset[str]
    # Machines may do all that they are granted, but not say that a person has seen something.
    is_human: bool = False


class Tokens:
    """Issues and reads the tokens of one signing key."""

    def __init__(self, signing_key: str, clock: Clock) -> None:
        if len(signing_key.encode()) < SHORTEST_KEY:
            raise ValueError(f"the signing key is shorter than {SHORTEST_KEY} bytes")
        self._key = OctKey.import_key(signing_key)
        self._clock = clock
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock().timestamp()),
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )

    def issue(
        self,
        *,
        tenant_id: str,
        permissions: Iterable[str],
        subject: str,
        lifetime: timedelta,
        is_human: bool = False,
    ) -> str:
        now = self._clock()
        claims = {
            "aud": AUDIENCE,
            "sub": subject,
            "tenant": tenant_id,
            "permissions": sorted(set(permissions)),
            "human": is_human,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])

    def principal(self, authorization: str | None) -> Principal | None:
        """Whom an `Authorization` header speaks for; None when there is no header."""
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise AuthenticationError("The Authorization header is not `Bearer <token>`.")
        return self._read(token.strip())

    def _read(self, token: str) -> Principal:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
            return _principal(claims)
        except BadSignatureError:
            raise AuthenticationError("The bearer token was not signed by this server.") from None
        except ExpiredTokenError:
            raise AuthenticationError("The bearer token has expired.") from None
        except InvalidClaimError:
            raise AuthenticationError("The bearer token is not meant for this server.") from None
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise AuthenticationError("The bearer token is malformed.") from None


def _principal(claims: dict[str, Any]) -> Principal:
    subject, tenant_id, permissions = claims["sub"], claims["tenant"], claims["permissions"]
    if not isinstance(subject, str) or not isinstance(tenant_id, str):
        raise TypeError("claims of the wrong type")
    if not isinstance(permissions, list):
        raise TypeError("permissions are not a list")
    granted = cast("list[object]", permissions)
    # Only what says so is a person's; the tokens of before 1.1 do not say.
    is_human = claims.get("human") is True
    return Principal(subject, tenant_id, frozenset(map(str, granted)), is_human)

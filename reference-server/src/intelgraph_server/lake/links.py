"""Links to documents that need no token and expire: issued to whoever may read, and read back."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from itsdangerous import BadData, URLSafeSerializer

if TYPE_CHECKING:
    from intelgraph_server.auth import Clock

LIFETIME: Final = 300  # Seconds.
PATH: Final = "/lake/"
_SIGNER: Final = {"key_derivation": "hmac", "digest_method": sha256}


class LinkError(Exception):
    """The link is not one of ours, or has expired; the message says which."""


class Links:
    """Issues and reads the links of one signing key."""

    def __init__(self, signing_key: str, clock: Clock, base_url: str) -> None:
        self._signer = URLSafeSerializer(signing_key, salt="lake link", signer_kwargs=_SIGNER)
        self._clock = clock
        self._base_url = base_url.rstrip("/")

    def issue(self, tenant_id: str, name: str) -> str:
        expires = int(self._clock().timestamp()) + LIFETIME
        return self._base_url + PATH + str(self._signer.dumps([tenant_id, name, expires]))

    def read(self, token: str) -> tuple[str, str]:
        """The tenant and the name of the document that the link leads to; raises LinkError."""
        try:
            tenant_id, name, expires = self._signer.loads(token)
        except (BadData, ValueError, TypeError):
            raise LinkError("This link was not issued by this server.") from None
        if self._clock().timestamp() >= expires:
            raise LinkError("This link has expired; ask for a new one.")
        return str(tenant_id), str(name)

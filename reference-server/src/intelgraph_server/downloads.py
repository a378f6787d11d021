"""What is downloaded: documents by expiring links, and the certificate they are verified with."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio.to_thread
from starlette.responses import Response

from . import lake
from .engine.errors import forbidden
from .generated.error_codes import ErrorCode
from .http import HttpError
from .lake import LinkError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from .database.engine import Database
    from .documents.identity import Identity
    from .lake import LakeObject
    from .services import Services


@dataclass(frozen=True, slots=True)
class LakeEndpoint:
    """Serves one document to whoever has its link."""

    database: Database
    services: Services

    async def respond(self, http: Request) -> Response:
        kept, content = await anyio.to_thread.run_sync(self._read, http.path_params["token"])
        headers = {
            "Content-Disposition": _attachment(PurePosixPath(kept.name).name),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(kept.sha256)).decode()}:",
        }
        return Response(content, media_type=kept.media_type, headers=headers)

    def _read(self, token: str) -> tuple[LakeObject, bytes]:
        try:
            tenant_id, name = self.services.links.read(token)
        except LinkError as error:
            raise forbidden(str(error)) from None
        with self.database.reading() as connection:
            kept = lake.find(connection, tenant_id, name)
        if kept is None:
            raise HttpError(404, ErrorCode.BAD_USER_INPUT, "There is no such document.")
        return kept, self.services.lake.get(kept.sha256)


def _attachment(name: str) -> str:
    """A header that tells any name, after RFC 6266: in ASCII, and as it is."""
    plain = re.sub(r"[^\w.+-]", "_", name, flags=re.ASCII)
    exact = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{exact}'


def issuer(identity: Identity) -> Callable[[Request], Awaitable[Response]]:
    """Serves the root certificate, which is all that verifying needs."""

    async def respond(_http: Request) -> Response:
        root = await anyio.to_thread.run_sync(lambda: identity.root_pem)
        return Response(root, media_type="application/x-pem-file")

    return respond

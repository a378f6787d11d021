"""The `/lake/…` route: what an expiring link leads to, checked against its digest."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.responses import Response

from .engine.errors import UNAVAILABLE_MESSAGE, error_body
from .generated.error_codes import ErrorCode
from .http import HEADERS, JSON_TYPE, json_response
from .lake import store
from .lake.links import LinkError
from .lake.objects import LakeAwayError

if TYPE_CHECKING:
    from starlette.requests import Request

    from .database.engine import Database
    from .lake.store import LakeObject
    from .services import Services


@dataclass(frozen=True, slots=True)
class LakeEndpoint:
    """Serves one document to whoever has its link."""

    database: Database
    services: Services

    async def respond(self, http: Request) -> Response:
        try:
            found = await anyio.to_thread.run_sync(self._read, http.path_params["token"])
        except LinkError as error:
            return json_response(error_body(ErrorCode.FORBIDDEN, str(error)), 403, JSON_TYPE)
        except LakeAwayError:
            body = error_body(ErrorCode.UNAVAILABLE, UNAVAILABLE_MESSAGE)
            return json_response(body, 503, JSON_TYPE, HEADERS[ErrorCode.UNAVAILABLE])
        if found is None:
            body = error_body(ErrorCode.BAD_USER_INPUT, "There is no such document.")
            return json_response(body, 404, JSON_TYPE)
        kept, content = found
        headers = {
            "Content-Disposition": f'attachment; filename="{PurePosixPath(kept.name).name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Repr-Digest": f"sha-256=:{_base64(kept.sha256)}:",
        }
        return Response(content, media_type=kept.media_type, headers=headers)

    def _read(self, token: str) -> tuple[LakeObject, bytes] | None:
        target = self.services.links.read(token)
        with self.database.reading() as connection:
            kept = store.find(connection, target.tenant_id, target.name)
        return None if kept is None else (kept, self.services.lake.get(kept.sha256))


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()

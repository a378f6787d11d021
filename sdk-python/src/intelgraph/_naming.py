"""How telemetry names where a call goes and what went wrong: never in words of a server."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

# A code is the server's, but what does not look like one would be a value without bounds.
CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def error_type(error: BaseException) -> str:
    """The server's code for it if there is one, or else the name of its class."""
    code = getattr(error, "code", None)
    if isinstance(code, str) and CODE.fullmatch(code):
        return code
    return type(error).__name__


@lru_cache(maxsize=64)
def server_of(url: str) -> tuple[str, int]:
    """The host and the port of an HTTP address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    default = 443 if parts.scheme == "https" else 80
    return host, default if parts.port is None else parts.port


def host_of(url: str) -> str:
    """The same as one word, as messages name it."""
    host, port = server_of(url)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

"""The ids that callers choose, short and plain, so that they can be parts of names; and ours."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
NO_ID: Final = (
    "An id has up to 64 letters, digits, `.`, `_` and `-`, and begins with a letter or a digit."
)


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def random_id() -> str:
    return str(uuid4())

"""GraphQL names in other cases, and names made distinct.

Both emitters recase by the same rules, so that a type bears one name in every language;
what a language reserves is its own emitter's business.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of the 255 bytes of most disks, endings, numbers and a compiler's own suffixes leave this.
LONGEST_FILE_NAME = 200

# A word begins at a capital behind a small letter or digit, and at the last capital of a run
# that small letters follow: `amountUSD`, `HTTPServer`. A plural or a mark belongs to its
# acronym: `userIDs`, `IPv4Address`.
_WORD_START = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])"
    r"|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z](?:s(?![a-z])|[a-z][0-9]))"
)


def words(name: str) -> list[str]:
    """The words of a name, in their own case; underscores only separate them."""
    spaced = _WORD_START.sub("_", name)
    return [word for word in spaced.split("_") if word]


@cache
def snake(name: str) -> str:
    """`amountUSD` as `amount_usd`; empty for a name of underscores only."""
    return "_".join(words(name)).lower()


@cache
def pascal(name: str) -> str:
    """`entity_card` as `EntityCard`; letters inside a word keep their case."""
    parts = [part for part in name.split("_") if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


@cache
def camel(name: str) -> str:
    """`GetEntity` as `getEntity`, `URLOf` as `urlOf`."""
    joined = pascal(name)
    first, *_ = words(joined) or [""]
    return first.lower() + joined[len(first) :]


def file_name(name: str) -> str:
    """The name, or where no disk could hold it, its beginning and a digest of the whole."""
    if len(name) <= LONGEST_FILE_NAME:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_FILE_NAME - 9].rstrip('_')}_{digest}"


def distinct(names: Iterable[str], *, taken: Iterable[str] = (), separator: str = "") -> list[str]:
    """The names in their order; each that is taken or came before gets a number behind it."""
    used = set(taken)
    result: list[str] = []
    for name in names:
        free, number = name, 2
        while free in used:
            free, number = f"{name.rstrip(separator)}{separator}{number}", number + 1
        used.add(free)
        result.append(free)
    return result

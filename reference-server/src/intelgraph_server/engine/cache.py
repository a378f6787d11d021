"""A least-recently-used memory that is bounded by count and by size, for worker threads."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class LruCache(Generic[T]):
    """Keeps at most `count` values whose sizes add up to at most `size`."""

    def __init__(self, *, count: int = 1_000, size: int = 4_000_000) -> None:
        self._count = count
        self._free = size
        self._values: dict[str, tuple[T, int]] = {}  # The one that was used last is the last.
        self._lock = Lock()

    def get(self, key: str) -> T | None:
        with self._lock:
            if key not in self._values:
                return None
            self._values[key] = self._values.pop(key)
            return self._values[key][0]

    def put(self, key: str, value: T, size: int) -> None:
        with self._lock:
            self._free += self._values.pop(key, (value, 0))[1] - size
            self._values[key] = (value, size)
            while len(self._values) > self._count or self._free < 0:
                self._free += self._values.pop(next(iter(self._values)))[1]

    def __len__(self) -> int:
        return len(self._values)

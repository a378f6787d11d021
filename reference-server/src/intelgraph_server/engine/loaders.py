"""Reading in batches: what hangs on many objects of one answer is read by one statement.

graphql-core resolves depth first and without waiting, so a batch cannot gather keys
over time. It need not: whoever loads a page knows its keys, tells them to `expect`, and
the first object that is asked brings the answer of all the others along.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

T = TypeVar("T")

BATCH: Final = 500  # Keys of one statement; some databases allow about a thousand.


class Loaders:
    """The keys and the answers that one request knows, apart for each kind of object."""

    def __init__(self) -> None:
        self._expected: dict[str, dict[str, None]] = {}
        self._answers: dict[Hashable, dict[str, Any]] = {}

    def expect(self, kind: str, keys: Iterable[str]) -> None:
        self._expected.setdefault(kind, {}).update(dict.fromkeys(keys))

    def load(
        self,
        kind: str,
        question: Hashable,
        key: str,
        fetch: Callable[[Sequence[str]], Mapping[str, T]],
    ) -> T:
        """The answer for `key`; `fetch` is asked for it and its expected companions at once."""
        answers: dict[str, T] = self._answers.setdefault((kind, question), {})
        if key not in answers:
            expected = self._expected.get(kind, {})
            others = (other for other in expected if other not in answers and other != key)
            answers.update(fetch([key, *islice(others, BATCH - 1)]))
        return answers[key]

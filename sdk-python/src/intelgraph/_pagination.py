"""Pages and items of any connection: `Progress` decides what is asked for, and sends nothing.

`Paginator` and `AsyncPaginator` ask for it, blocking and awaiting. Neither holds anything
open between two requests, so a loop may be left, and taken up again, at any time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")
I = TypeVar("I")  # noqa: E741 - an item, as R is a result.


@dataclass(frozen=True, slots=True)
class PageOf(Generic[R, I]):
    """What generated code finds in one answer: the items of its page and how to go on."""

    result: R
    """What the operation's method returns."""
    items: Sequence[I] = ()
    """In the order in which they are handed out: a list that is read backward is reversed."""
    has_more: bool = False
    cursor: str | None = None
    """Where the next page begins; None where the page is empty, or gives no cursor."""
    cursors: Sequence[str | None] = ()
    """Where each item ends; empty where edges give no cursors."""


def _is_count(limit: object) -> bool:
    return isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0


class Progress(Generic[R, I]):
    """How far a list has been read, and what to ask for next."""

    def __init__(self, variables: Mapping[str, object], cursor: str, limit: int | None) -> None:
        """`cursor` is the variable that takes the cursor."""
        if limit is not None and not _is_count(limit):
            raise ValueError(f"limit is the number of items to hand out, and cannot be {limit!r}")
        given = variables.get(cursor)
        self.cursor = given if isinstance(given, str) else None
        self.has_more = True
        self._variables = variables
        self._name = cursor
        self._left = limit
        # One text for each page is little beside the page, and finds a circle of any length.
        self._asked: set[str | None] = set()
        self._is_asking = False
        self._is_over = False
        self._page: PageOf[R, I] | None = None
        self._index = 0

    @property
    def has_item(self) -> bool:
        return self._in_hand > 0 and self._left != 0

    def ask(self) -> Mapping[str, object] | None:
        """The variables of the next request; None when there is to be none."""
        if self._is_asking:
            raise RuntimeError("the next page is being asked for already; read from one place")
        if self._is_over or self._left == 0:
            return None
        self._is_asking = True
        if self.cursor is None:
            return self._variables
        return {**self._variables, self._name: self.cursor}

    def give_up(self) -> None:
        """The request failed; the next one will ask for the same page."""
        self._is_asking = False

    def answer(self, page: PageOf[R, I]) -> None:
        """Take in the page that was asked for."""
        self._is_asking = False
        self._asked.add(self.cursor)
        self._page, self._index = page, 0
        if not page.items:
            self._turn(page)

    def take(self) -> I:
        """The next item in hand."""
        page = self._page
        if page is None:
            raise LookupError("there is no page in hand")
        item = page.items[self._index]
        self._index += 1
        self._count(1)
        if self._index == len(page.items):
            self._turn(page)
        elif page.cursors:
            self._move(page.cursors[self._index - 1])
        return item

    def take_page(self) -> R:
        """The whole answer in hand."""
        page = self._page
        if page is None:
            raise LookupError("there is no page in hand")
        self._count(self._in_hand)
        self._index = len(page.items)
        self._turn(page)
        return page.result

    @property
    def _in_hand(self) -> int:
        return 0 if self._page is None else len(self._page.items) - self._index

    def _move(self, cursor: str | None) -> None:
        if cursor is not None:
            self.cursor = cursor

    def _count(self, items: int) -> None:
        if self._left is not None:
            self._left = max(self._left - items, 0)

    def _turn(self, page: PageOf[R, I]) -> None:
        end = page.cursor
        if end is None and page.cursors:
            end = page.cursors[-1]
        moves = end is not None and end not in self._asked
        self._move(end)
        self.has_more = page.has_more
        self._is_over = not (page.has_more and moves)


class _Reading(Generic[R, I]):
    _progress: Progress[R, I]

    @property
    def cursor(self) -> str | None:
        """Where to go on: give it as the operation's cursor to read what was not handed out yet.

        Nothing is skipped. Where edges are selected with their cursors nothing is repeated
        either; elsewhere this is the beginning of the page that is being read, until its last
        item was handed out. Before the first page it is the one that was given.
        """
        return self._progress.cursor

    @property
    def has_more(self) -> bool:
        """Whether more may follow what was handed out, by all that the server has said.

        True before the first page. It stays true behind `limit`, and where reading stopped
        because the server promised more but gave no cursor that leads there.
        """
        return self._progress.has_more

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cursor={self.cursor!r}, has_more={self.has_more})"


class Paginator(_Reading[R, I], Iterator[I]):
    """The items of a connection, one request a page, each sent when its first item is needed.

    After an error the next item asks for the same page again.
    """

    def __init__(
        self,
        ask: Callable[[Mapping[str, object]], PageOf[R, I]],
        variables: Mapping[str, object],
        *,
        cursor: str,
        limit: int | None = None,
    ) -> None:
        self._ask = ask
        self._progress = Progress(variables, cursor, limit)

    def __next__(self) -> I:
        while not self._progress.has_item:
            if not self._fetch():
                raise StopIteration
        return self._progress.take()

    def pages(self) -> Iterator[R]:
        """What the operation's own method would return, for each page from `cursor` on.

        A page is never cut: `limit` only ends the asking once so many items have come.
        """
        while self._fetch():
            yield self._progress.take_page()

    def _fetch(self) -> bool:
        variables = self._progress.ask()
        if variables is None:
            return False
        try:
            page = self._ask(variables)
        except BaseException:
            self._progress.give_up()
            raise
        self._progress.answer(page)
        return True


class AsyncPaginator(_Reading[R, I], AsyncIterator[I]):
    """The items of a connection, one request a page, each sent when its first item is needed.

    After an error the next item asks for the same page again. To be read by one task at a time.
    """

    def __init__(
        self,
        ask: Callable[[Mapping[str, object]], Awaitable[PageOf[R, I]]],
        variables: Mapping[str, object],
        *,
        cursor: str,
        limit: int | None = None,
    ) -> None:
        self._ask = ask
        self._progress = Progress(variables, cursor, limit)

    async def __anext__(self) -> I:
        while not self._progress.has_item:
            if not await self._fetch():
                raise StopAsyncIteration
        return self._progress.take()

    async def pages(self) -> AsyncIterator[R]:
        """What the operation's own method would return, for each page from `cursor` on.

        A page is never cut: `limit` only ends the asking once so many items have come.
        """
        while await self._fetch():
            yield self._progress.take_page()

    async def _fetch(self) -> bool:
        variables = self._progress.ask()
        if variables is None:
            return False
        try:
            page = await self._ask(variables)
        except BaseException:
            self._progress.give_up()
            raise
        self._progress.answer(page)
        return True

"""Every fenced block of every page, as the docs tests run and count them."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repository import STORED_OUTPUTS, files, text

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = re.compile(r"^(?P<indent> *)(?P<ticks>```+)(?P<language>[\w+-]*) *(?P<options>.*)$")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block, with the line its content starts on."""

    page: str
    line: int
    language: str
    title: str | None
    body: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line} ({self.language})"

    @property
    def file(self) -> str | None:
        """The name of the file that this block shows whole, when its title is one."""
        return self.title if self.title and re.fullmatch(r"[\w./-]+\.\w+", self.title) else None

    @property
    def is_output(self) -> bool:
        """Whether the block shows what the one before it prints."""
        return self.title == "output"


def pages() -> list[str]:
    """Every page a reader is meant to see."""
    return [
        name
        for name in files()
        if name.endswith(".md") and not any(part in name for part in STORED_OUTPUTS)
    ]


def fences(page: str) -> Iterator[Fence]:
    lines = iter(enumerate(text(page).splitlines(), 1))
    for number, line in lines:
        if opening := OPENING.match(line):
            body: list[str] = []
            for _, inside in lines:
                if inside.strip() == opening["ticks"]:
                    break
                body.append(inside)
            else:
                raise AssertionError(f"{page}:{number}: the block has no end")
            title = re.search(r'title="([^"]+)"', opening["options"])
            content = textwrap.dedent("\n".join(body)) + "\n"
            yield Fence(page, number + 1, opening["language"], title and title[1], content)


def ticks_on(page: str) -> int:
    """How many blocks stand on the page, counted in the plainest way there is."""
    return sum(line.lstrip().startswith("```") for line in text(page).splitlines()) // 2

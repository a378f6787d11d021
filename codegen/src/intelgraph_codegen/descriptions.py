"""What a document says about itself: its description, or the comment directly above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql import FragmentDefinitionNode, OperationDefinitionNode, StringValueNode


def definition_description(node: OperationDefinitionNode | FragmentDefinitionNode) -> str | None:
    """The description of an operation or fragment, or None when nobody wrote one.

    Descriptions of executable definitions are new in GraphQL (graphql-core 3.3 reads
    them), so a comment that stands directly above, without an empty line, counts as one.
    """
    description: StringValueNode | None = getattr(node, "description", None)
    if description:
        return description.value.strip() or None
    if node.loc is None:
        return None
    return _comment_above(node.loc.source.body, node.loc.start)


def _comment_above(text: str, start: int) -> str | None:
    end, line = _line_ending_at(text, start)
    if line.strip():
        return None
    comment: list[str] = []
    while end > 0:
        end, line = _line_ending_at(text, end - 1)
        stripped = line.strip()
        if not stripped.startswith("#"):
            break
        comment.append(stripped.lstrip("#").removeprefix(" "))
    return "\n".join(reversed(comment)).strip() or None


def _line_ending_at(text: str, end: int) -> tuple[int, str]:
    """Where the line that ends at `end` starts, and the line without its end."""
    if text[end - 1 : end + 1] == "\r\n":
        end -= 1
    start = text.rfind("\n", 0, end) + 1
    start = max(start, text.rfind("\r", start, end) + 1)
    return start, text[start:end]

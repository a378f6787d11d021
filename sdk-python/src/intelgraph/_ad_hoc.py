"""What a caller asks to execute: an operation as it is, or a text and the type of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ._operation import Operation, ad_hoc_operation

if TYPE_CHECKING:
    from ._operation import D


def asked_operation(asked: Operation[D] | str, data: type[D] | None) -> Operation[D]:
    """The operation to run; a type that cannot be read, or one too many, raises TypeError."""
    if isinstance(asked, str):
        if data is None:
            return ad_hoc_operation(asked)
        from ._decode import check_readable  # noqa: PLC0415 - pydantic is slow to import.

        # Before anything is sent, for that may change something.
        check_readable(data)
        return ad_hoc_operation(asked, cast("Any", data))
    if not isinstance(asked, Operation):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"execute() takes an Operation or GraphQL text, not {asked!r}")
    if data is not None:
        raise TypeError(
            f"{asked.name} is an Operation, whose data has a type already: "
            "data= goes with GraphQL text"
        )
    return asked

"""What a generated method of ariadne-codegen asks for, in the words of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol, cast, runtime_checkable

from intelgraph._errors import ConfigurationError
from intelgraph._inputs import UNSET
from intelgraph._operation import Operation, ad_hoc_operation
from intelgraph.contrib._manifest import document_id_of


@runtime_checkable
class _Model(Protocol):
    """A pydantic model, as ariadne-codegen prints input objects."""

    def model_dump(self, *, by_alias: bool, exclude_unset: bool) -> dict[str, object]: ...


@lru_cache(maxsize=4096)
def operation_of(
    query: str,
    *,
    op_id: str | None,
    document_id: str | None,
    is_idempotent: bool,
    is_keyed: bool = False,
) -> Operation[dict[str, Any]]:
    """The operation of a text; an id that is not that of its bytes raises ConfigurationError."""
    if document_id is not None and document_id != document_id_of(query):
        raise ConfigurationError(
            f"The document of {op_id or document_id} is not the one that its id was made of: "
            "something changed it after IntelGraphPlugin, which goes last in `plugins`."
        )
    found = ad_hoc_operation(query)
    return replace(
        found,
        op_id=op_id,
        document_id=document_id,
        retry_safe=found.retry_safe or (is_idempotent and found.kind == "mutation"),
        keyed=is_keyed and found.kind == "mutation",
    )


def refuse_options(options: Mapping[str, object]) -> None:
    """Options of one call, which ariadne-codegen hands to its HTTP client, raise TypeError."""
    if options:
        raise TypeError(
            f"{', '.join(sorted(options))}: a call takes no options of the HTTP client; "
            "give them to the constructor, or make a second client."
        )


def plain_variables(variables: Mapping[str, object] | None) -> dict[str, object]:
    """Variables without models and unset ones; a file among them raises TypeError."""
    return _plain_members(variables or {}, "")


def _plain_members(members: Mapping[str, object], prefix: str) -> dict[str, object]:
    plain = {name: _plain(value, f"{prefix}{name}") for name, value in members.items()}
    return {name: value for name, value in plain.items() if value is not UNSET}


def _plain(value: object, place: str) -> object:
    # Each generated package has classes of its own for these two, so only names tell them.
    match type(value).__name__:
        case "UnsetType":
            return UNSET
        case "Upload":
            raise TypeError(
                f"{place}: files cannot be sent by this client; keep ariadne-codegen's own "
                "base client for operations that upload."
            )
        case _:
            pass
    if isinstance(value, _Model):
        value = value.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return _plain_members(cast("Mapping[str, object]", value), f"{place}.")
    if isinstance(value, (list, tuple)):
        items = cast("list[object]", value)
        return [_plain(item, f"{place}[{index}]") for index, item in enumerate(items)]
    return value

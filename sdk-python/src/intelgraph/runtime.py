"""The one import of generated code, of this package's and of any other schema's.

What stands here is stable for as long as the major version: code that an older generator
printed runs on a newer runtime. Names are imported when they are first asked for, so that
generated enums and inputs load without pydantic.
"""

from __future__ import annotations

from ._lazy import TYPE_CHECKING, lazy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from enum import StrEnum
    from typing import Annotated, Literal, TypeAlias

    from pydantic import Field, JsonValue
    from typing_extensions import deprecated

    from ._client import AsyncBaseClient, BaseClient
    from ._inputs import UNSET, Input, Unset
    from ._models import UNKNOWN, Model, Tag, Unknown, by_typename
    from ._operation import Operation
    from ._pagination import AsyncPaginator, PageOf, Paginator
    from ._scalars import DateTime, Decimal, scalar

__all__ = [
    "TYPE_CHECKING",
    "UNKNOWN",
    "UNSET",
    "Annotated",
    "AsyncBaseClient",
    "AsyncGenerator",
    "AsyncPaginator",
    "BaseClient",
    "DateTime",
    "Decimal",
    "Field",
    "Generator",
    "Input",
    "JsonValue",
    "Literal",
    "Model",
    "Operation",
    "PageOf",
    "Paginator",
    "StrEnum",
    "Tag",
    "TypeAlias",
    "Unknown",
    "Unset",
    "by_typename",
    "deprecated",
    "lazy",
    "scalar",
]

_WHERE = {
    "Annotated": "typing",
    "AsyncBaseClient": "intelgraph._client",
    "AsyncPaginator": "intelgraph._pagination",
    "AsyncGenerator": "collections.abc",
    "BaseClient": "intelgraph._client",
    "DateTime": "intelgraph._scalars",
    "Decimal": "intelgraph._scalars",
    "Field": "pydantic",
    "Generator": "collections.abc",
    "Input": "intelgraph._inputs",
    "JsonValue": "pydantic",
    "Literal": "typing",
    "Model": "intelgraph._models",
    "Operation": "intelgraph._operation",
    "PageOf": "intelgraph._pagination",
    "Paginator": "intelgraph._pagination",
    "StrEnum": "enum",
    "Tag": "intelgraph._models",
    "TypeAlias": "typing",
    "UNKNOWN": "intelgraph._models",
    "UNSET": "intelgraph._inputs",
    "Unknown": "intelgraph._models",
    "Unset": "intelgraph._inputs",
    "by_typename": "intelgraph._models",
    "deprecated": "typing_extensions",
    "scalar": "intelgraph._scalars",
}

if not TYPE_CHECKING:
    __getattr__ = lazy(__name__, _WHERE)

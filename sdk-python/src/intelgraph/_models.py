"""The base of generated result classes, and what keeps them open to a newer server.

An enum field is `Kind | str`, and a union has an arm for each `__typename` that is not
listed, so that a value added to the schema later never fails a call that did not ask for it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel, ConfigDict, Field, Tag
from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler

__all__ = [
    "LISTED",
    "TYPENAME_ERROR",
    "UNKNOWN",
    "Model",
    "Tag",
    "Unknown",
    "by_typename",
    "to_camel",
]

LISTED = "%listed"
"""What the path of an error has before the typename of a listed arm."""
TYPENAME_ERROR = "typename"
"""The type of the error of an object that is of no listed type."""
UNKNOWN = "%other"
"""The tag of the arm that takes each `__typename` that is not listed."""


def to_camel(name: str) -> str:
    """The wire name of a field unless generated code gives another: `page_info` is `pageInfo`."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


class Model(BaseModel):
    """A frozen part of a result; members that it does not list are ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        strict=True,
        # A client with thousands of operations builds only the validators it calls.
        defer_build=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,
        protected_namespaces=(),
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        # pydantic does this when it builds a model, which one inside another never is by itself.
        for name, field in cls.model_fields.items():
            if field.deprecation_message is not None:
                setattr(cls, name, _Deprecated(name, field.deprecation_message))


class _Deprecated:
    """Warns whoever reads a field; on the class it is absent, as fields are."""

    def __init__(self, name: str, message: str) -> None:
        self._name = name
        self._message = message

    def __get__(self, model: BaseModel | None, _owner: type | None = None) -> object:
        if model is None:
            raise AttributeError(self._name)
        warnings.warn(self._message, DeprecationWarning, stacklevel=2)
        return model.__dict__[self._name]

    def __set__(self, _model: BaseModel, _value: object) -> None:
        # Without this, Python would find the value in the instance before it asks here.
        raise AttributeError(self._name)


class Unknown(Model):
    """An object whose type was not in the schema when this client was generated."""

    typename: str = Field(alias="__typename")
    """The name of the type, as the server gave it."""


def by_typename(*known: str | Mapping[str, str]) -> ByTypename:
    """Choose a union's arm by `__typename`: the arm's tag, or UNKNOWN for names not `known`.

    A mapping gives the tag of each name where one arm takes several. An object without a
    `__typename`, or with one that is no string, fits no arm.
    """
    tags: dict[str, str] = {}
    for names in known:
        tags.update({names: names} if isinstance(names, str) else names)
    return ByTypename(tags)


# As data has it, and as models do.
_TYPENAME: list[list[str | int]] = [["__typename"], ["typename_"], ["typename"]]


class ByTypename:
    """What is written behind a union to choose its arms; made by `by_typename`."""

    def __init__(self, tags: Mapping[str, str]) -> None:
        self.tags = tags

    def __get_pydantic_core_schema__(
        self, union: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        # A function that is asked for each tag would cost a fifth of all decoding, so the listed
        # names are looked up by pydantic itself, and the open arm is only tried behind them.
        arms = {
            next(each.tag for each in get_args(arm) if isinstance(each, Tag)): arm
            for arm in get_args(union)
        }
        listed = core_schema.tagged_union_schema(
            {name: handler.generate_schema(arms[tag]) for name, tag in self.tags.items()},
            discriminator=_TYPENAME,
            custom_error_type=TYPENAME_ERROR,
            custom_error_message="__typename is missing or not a string",
        )
        others = core_schema.no_info_after_validator_function(
            self._is_other, handler.generate_schema(arms[UNKNOWN])
        )
        labelled: list[core_schema.CoreSchema | tuple[core_schema.CoreSchema, str]]
        labelled = [(listed, LISTED), (others, UNKNOWN)]
        return core_schema.union_schema(labelled, mode="left_to_right")

    def _is_other(self, value: Unknown) -> Unknown:
        # Wrong data of a listed type is an error, and no object of a type to come.
        # It gives its name way to a field that is called `typename`.
        if getattr(value, "typename_", value.typename) in self.tags:
            raise ValueError("the type is listed")
        return value

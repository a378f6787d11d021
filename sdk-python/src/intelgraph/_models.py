"""The base of generated result classes, and what keeps them open to a newer server.

An enum field is `Kind | str`, and a union has an arm for each `__typename` that is not
listed, so that a value added to the schema later never fails a call that did not ask for it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, cast

import pydantic
from pydantic import BaseModel, ConfigDict, Discriminator, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LABEL", "UNKNOWN", "Model", "Tag", "Unknown", "by_typename", "to_camel"]

LABEL = "%"
"""What the label of a union's arm begins with, and no name of GraphQL does."""
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


class Tag(pydantic.Tag):
    """The tag of a union's arm.

    pydantic puts it into the paths of its errors, where a plain typename could be taken for a
    field of that name.
    """

    def __init__(self, tag: str) -> None:
        super().__init__(LABEL + tag)


def by_typename(*known: str | Mapping[str, str]) -> Discriminator:
    """Choose a union's arm by `__typename`: the arm's tag, or UNKNOWN for names not `known`.

    A mapping gives the tag of each name where one arm takes several. An object without a
    `__typename`, or with one that is no string, fits no arm.
    """
    tags: dict[str, str] = {}
    for names in known:
        tags.update({names: names} if isinstance(names, str) else names)
    return Discriminator(
        _TagOf(tags),
        custom_error_type="typename",
        custom_error_message="__typename is missing or not a string",
    )


class _TagOf:
    # pydantic names a discriminator in its errors, and takes for granted that it has a name.
    __name__ = "by_typename"

    def __init__(self, tags: Mapping[str, str]) -> None:
        self.tags = {typename: LABEL + tag for typename, tag in tags.items()}
        self.other = LABEL + UNKNOWN

    def __call__(self, value: object) -> str | None:
        if isinstance(value, dict):
            typename = cast("dict[str, object]", value).get("__typename")
        else:
            # It gives its name way to a field that is called `typename`.
            typename = getattr(value, "typename_", None) or getattr(value, "typename", None)
        return self.tags.get(typename, self.other) if isinstance(typename, str) else None

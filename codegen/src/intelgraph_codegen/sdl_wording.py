"""The house's words for what graphql-core finds wrong with type definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import Diagnostic
from .wording import NAME, SHARED_WORDINGS, TYPE, wording

if TYPE_CHECKING:
    from .errors import Place

_FIELD = r"(?P<of>\w+\.\w+)"

SDL_WORDINGS = (
    *SHARED_WORDINGS,
    wording(r"Must provide only one schema definition", "There is another `schema` before this."),
    wording(
        rf"There can be only one {NAME} type in schema",
        "The schema's {name} type is given twice; the first is at {first}.",
    ),
    wording(
        rf"There can be only one directive named '@{NAME}'",
        "The directive `@{name}` is defined twice; the first is at {first}.",
    ),
    wording(
        rf"Enum value '{_FIELD}' can only be defined once",
        "The enum value `{of}` is defined twice; the first is at {first}.",
    ),
    wording(
        rf"Field '{_FIELD}' can only be defined once",
        "The field `{of}` is defined twice; the first is at {first}.",
    ),
    wording(
        r"Argument '(?P<of>@?[\w.]+)\((?P<name>\w+):\)' can only be defined once",
        "The argument `{name}` of `{of}` is defined twice; the first is at {first}.",
    ),
    wording(
        rf"Cannot extend type '{NAME}' because it is not defined",
        "There is no type `{name}` to extend.",
        suggests="type",
    ),
    wording(
        rf"Cannot extend non-[\w ]+ type '{NAME}'",
        "The type `{name}` at {first} is of another kind than this extension of it.",
    ),
)

SCHEMA_WORDINGS = (
    # These are told by our own rules, in every version alike.
    wording(r"Query root type must be provided", ""),
    wording(r"All root types must be different", ""),
    wording(r"Interface field \w+\.\w+ is not deprecated", ""),
    wording(r".* has invalid default value", ""),
    wording(r"(?:Cannot reference Input Object|Input Object \w+ cannot be provided a finite)", ""),
    wording(
        rf"Name '{NAME}' must not begin with '__'",
        "The name `{name}` begins with `__`, which GraphQL keeps for itself.",
    ),
    wording(
        rf"(?:Input Object type|Union type|Enum type|Type) {NAME} must define one or more "
        r"(?P<of>fields|values|member types)",
        "The type `{name}` has no {of}.",
        node=0,
    ),
    wording(
        r"Required (?:argument|input field) (?P<of>[@\w.]+)(?:\((?P<name>\w+):\))? "
        r"cannot be deprecated",
        "What is required cannot be deprecated.",
        node=0,
    ),
    wording(
        rf"Type {NAME} cannot implement itself",
        "The type `{name}` implements itself.",
    ),
    wording(
        rf"Type {NAME} can only implement {TYPE} once",
        "The type `{name}` implements `{type}` twice; the first is at {first}.",
    ),
    wording(
        rf"Interface field {_FIELD} expected but {TYPE} does not provide it",
        "The type `{type}` lacks the field `{of}` of its interface.",
        node=1,
    ),
    wording(
        rf"Interface field {_FIELD} expects type {TYPE} but (?P<name>\w+\.\w+) is type "
        r"(?P<is_>[\w\[\]!]+?)\.",
        "The field `{name}` is of type `{is_}`, but `{of}` of its interface is of type `{type}`.",
        node=1,
    ),
    wording(
        rf"Interface field argument {_FIELD}\({NAME}:\) expected but (?P<is_>\w+\.\w+) does not",
        "The field `{is_}` lacks the argument `{name}` that its interface has in `{of}`.",
        node=1,
    ),
    wording(
        rf"Interface field argument {_FIELD}\({NAME}:\) expects type {TYPE} but [\w.]+\(\w+:\) "
        r"is type (?P<is_>[\w\[\]!]+?)\.",
        "The argument `{name}` is of type `{is_}`, but `{type}` in `{of}` of the interface.",
        node=1,
    ),
    wording(
        rf"Object field {_FIELD} includes required argument {NAME} that is missing",
        "The argument `{name}` is required, but the interface's field does not have it.",
        node=0,
    ),
    wording(
        rf"Argument '{_FIELD}\({NAME}:\)' must not be required type",
        "The argument `{name}` is required, but the interface's field does not have it.",
        node=0,
    ),
    wording(
        rf"Type {NAME} must implement {TYPE} because it is implemented by (?P<of>\w+)",
        "The type `{name}` must implement `{type}`, as its interface `{of}` does.",
    ),
    wording(
        rf"Type {NAME} cannot implement {TYPE} because it would create a circular reference",
        "The interfaces `{name}` and `{type}` implement each other.",
    ),
    wording(
        rf"Union type {NAME} can only include type {TYPE} once",
        "The union `{name}` lists `{type}` twice; the first is at {first}.",
    ),
    wording(
        rf"OneOf input field {_FIELD} must be nullable",
        "The field `{of}` of a `@oneOf` input cannot be required.",
    ),
    wording(
        rf"OneOf input field {_FIELD} cannot have a default value",
        "The field `{of}` of a `@oneOf` input cannot have a default.",
    ),
    wording(
        r"Invalid circular reference\. The default value",
        "The default of this field contains itself.",
        node=0,
    ),
)


def repeated_field(field: str, again: Place | None, first: Place | None) -> Diagnostic:
    """The warning that a field counts once only."""
    message = f"The field `{field}` is defined twice; the first is at {first}."
    return Diagnostic(message, again, severity="warning")


def deprecated_alone(field: str, of_interface: str, place: Place | None) -> Diagnostic:
    """The warning that whoever reads the interface is not told of a deprecation."""
    message = f"The field `{field}` is deprecated, but its interface's `{of_interface}` is not."
    return Diagnostic(message, place, severity="warning")

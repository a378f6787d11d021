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
    wording(
        r"Must provide only one schema definition",
        "There is another `schema` before this.",
        code="defined-twice",
    ),
    wording(
        rf"There can be only one {NAME} type in schema",
        "The schema's {name} type is given twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"There can be only one directive named '@{NAME}'",
        "The directive `@{name}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"Enum value '{_FIELD}' can only be defined once",
        "The enum value `{of}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"Field '{_FIELD}' can only be defined once",
        "The field `{of}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        r"Argument '(?P<of>@?[\w.]+)\((?P<name>\w+):\)' can only be defined once",
        "The argument `{name}` of `{of}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"Cannot extend type '{NAME}' because it is not defined",
        "There is no type `{name}` to extend.",
        code="unknown-type",
        suggests="type",
    ),
    wording(
        rf"Cannot extend non-[\w ]+ type '{NAME}'",
        "The type `{name}` at {first} is of another kind than this extension of it.",
        code="wrong-kind",
    ),
)

SCHEMA_WORDINGS = (
    # These are told by our own rules, in every version alike.
    wording(r"Query root type must be provided", "", code="invalid-schema"),
    wording(r"All root types must be different", "", code="invalid-schema"),
    wording(r"Interface field \w+\.\w+ is not deprecated", "", code="invalid-schema"),
    wording(r".* has invalid default value", "", code="invalid-schema"),
    wording(
        r"(?:Cannot reference Input Object|Input Object \w+ cannot be provided a finite)",
        "",
        code="invalid-schema",
    ),
    wording(
        rf"Name '{NAME}' must not begin with '__'",
        "The name `{name}` begins with `__`, which GraphQL keeps for itself.",
        code="reserved-name",
    ),
    wording(
        rf"(?:Input Object type|Union type|Enum type|Type) {NAME} must define one or more "
        r"(?P<of>fields|values|member types)",
        "The type `{name}` has no {of}.",
        code="empty-type",
        node=0,
    ),
    wording(
        r"Required (?:argument|input field) (?P<of>[@\w.]+)(?:\((?P<name>\w+):\))? "
        r"cannot be deprecated",
        "What is required cannot be deprecated.",
        code="required-deprecated",
        node=0,
    ),
    wording(
        rf"Type {NAME} cannot implement itself",
        "The type `{name}` implements itself.",
        code="unmet-interface",
    ),
    wording(
        rf"Type {NAME} can only implement {TYPE} once",
        "The type `{name}` implements `{type}` twice; the first is at {first}.",
        code="given-twice",
    ),
    wording(
        rf"Interface field {_FIELD} expected but {TYPE} does not provide it",
        "The type `{type}` lacks the field `{of}` of its interface.",
        code="unmet-interface",
        node=1,
    ),
    wording(
        rf"Interface field {_FIELD} expects type {TYPE} but (?P<name>\w+\.\w+) is type "
        r"(?P<is_>[\w\[\]!]+?)\.",
        "The field `{name}` is of type `{is_}`, but `{of}` of its interface is of type `{type}`.",
        code="unmet-interface",
        node=1,
    ),
    wording(
        rf"Interface field argument {_FIELD}\({NAME}:\) expected but (?P<is_>\w+\.\w+) does not",
        "The field `{is_}` lacks the argument `{name}` that its interface has in `{of}`.",
        code="unmet-interface",
        node=1,
    ),
    wording(
        rf"Interface field argument {_FIELD}\({NAME}:\) expects type {TYPE} but [\w.]+\(\w+:\) "
        r"is type (?P<is_>[\w\[\]!]+?)\.",
        "The argument `{name}` is of type `{is_}`, but `{type}` in `{of}` of the interface.",
        code="unmet-interface",
        node=1,
    ),
    wording(
        rf"Object field {_FIELD} includes required argument {NAME} that is missing",
        "The argument `{name}` is required, but the interface's field does not have it.",
        code="unmet-interface",
        node=0,
    ),
    wording(
        rf"Argument '{_FIELD}\({NAME}:\)' must not be required type",
        "The argument `{name}` is required, but the interface's field does not have it.",
        code="unmet-interface",
        node=0,
    ),
    wording(
        rf"Type {NAME} must implement {TYPE} because it is implemented by (?P<of>\w+)",
        "The type `{name}` must implement `{type}`, as its interface `{of}` does.",
        code="unmet-interface",
    ),
    wording(
        rf"Type {NAME} cannot implement {TYPE} because it would create a circular reference",
        "The interfaces `{name}` and `{type}` implement each other.",
        code="unmet-interface",
    ),
    wording(
        rf"Union type {NAME} can only include type {TYPE} once",
        "The union `{name}` lists `{type}` twice; the first is at {first}.",
        code="given-twice",
    ),
    wording(
        rf"OneOf input field {_FIELD} must be nullable",
        "The field `{of}` of a `@oneOf` input cannot be required.",
        code="wrong-one-of",
    ),
    wording(
        rf"OneOf input field {_FIELD} cannot have a default value",
        "The field `{of}` of a `@oneOf` input cannot have a default.",
        code="wrong-one-of",
    ),
    wording(
        r"Invalid circular reference\. The default value",
        "The default of this field contains itself.",
        code="endless-input",
        node=0,
    ),
)


def repeated_field(field: str, again: Place | None, first: Place | None) -> Diagnostic:
    """The warning that a field counts once only."""
    message = f"The field `{field}` is defined twice; the first is at {first}."
    return Diagnostic(message, again, severity="warning", code="defined-twice")


def deprecated_alone(field: str, of_interface: str, place: Place | None) -> Diagnostic:
    """The warning that whoever reads the interface is not told of a deprecation."""
    message = f"The field `{field}` is deprecated, but its interface's `{of_interface}` is not."
    return Diagnostic(message, place, severity="warning", code="deprecated-alone")

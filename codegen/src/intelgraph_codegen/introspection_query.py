"""The questions that make a server tell its schema, from all that can be asked to the least.

A server refuses a whole document for one field that it does not know, so older servers are
asked again with less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_TYPE_DEPTH: Final = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """Which of the newer parts of introspection are asked for."""

    one_of: bool
    october_2021: bool

    @property
    def query(self) -> str:
        newer = self.october_2021
        deprecated = "(includeDeprecated: true)" if newer else ""
        obsolete = " isDeprecated deprecationReason" if newer else ""
        return (
            f"query IntrospectionQuery {{ __schema {{ {'description ' if newer else ''}"
            "queryType { name } mutationType { name } subscriptionType { name } "
            "types { ...FullType } "
            f"directives {{ name description locations args{deprecated} {{ ...InputValue }}"
            f"{' isRepeatable' if newer else ''} }} }} }} "
            f"fragment FullType on __Type {{ kind name description"
            f"{' specifiedByURL' if newer else ''}{' isOneOf' if self.one_of else ''} "
            "fields(includeDeprecated: true) { name description "
            f"args{deprecated} {{ ...InputValue }} "
            "type { ...TypeRef } isDeprecated deprecationReason } "
            f"inputFields{deprecated} {{ ...InputValue }} "
            "interfaces { ...TypeRef } "
            "enumValues(includeDeprecated: true) "
            "{ name description isDeprecated deprecationReason } "
            "possibleTypes { ...TypeRef } } "
            "fragment InputValue on __InputValue "
            f"{{ name description type {{ ...TypeRef }} defaultValue{obsolete} }} "
            f"fragment TypeRef on __Type {_type_reference()}"
        )


def _type_reference() -> str:
    text = "{ kind name }"
    for _ in range(_TYPE_DEPTH):
        text = f"{{ kind name ofType {text} }}"
    return text


QUERIES: Final = tuple(
    level.query
    for level in (
        _Level(one_of=True, october_2021=True),
        _Level(one_of=False, october_2021=True),
        _Level(one_of=False, october_2021=False),
    )
)

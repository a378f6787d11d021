"""Documents, as gql holds them, into operations of this package; each is printed only once.

Printing a document costs more than all else that a call does here, and programs send the
same documents again and again.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import ref

from graphql import OperationDefinitionNode, print_ast

from intelgraph._errors import ConfigurationError
from intelgraph._operation import Operation
from intelgraph.contrib._documents import MissingFragmentError, normal_form
from intelgraph.contrib._facts import is_idempotent, is_keyed
from intelgraph.contrib._manifest import document_id_of, op_ids_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphql import DocumentNode, GraphQLSchema

    from intelgraph._operation import OperationKind

REMEMBERED = 256
"""Texts that are kept, with what they ask for."""

_Found: TypeAlias = Operation[dict[str, Any]]


class Operations:
    """The operations of documents; `persisted` gives them ids, which a manifest may name."""

    def __init__(
        self,
        *,
        schema: GraphQLSchema | None,
        persisted: bool,
        manifest: Path | None,
        idempotent_mutations: Iterable[str],
        keyed_mutations: Iterable[str],
    ) -> None:
        if manifest is not None and not persisted:
            raise ConfigurationError(
                "manifest= names the ids that persisted=True sends; pass both, or neither."
            )
        self._schema = schema
        self._persisted = persisted
        self._op_ids = {} if manifest is None else op_ids_of(manifest)
        self._idempotent = frozenset(idempotent_mutations)
        self._keyed = frozenset(keyed_mutations)
        self._seen: dict[tuple[int, str | None], tuple[ref[DocumentNode], _Found]] = {}
        self._alike = lru_cache(maxsize=REMEMBERED)(self._read)

    def of(self, document: DocumentNode, name: str | None) -> _Found:
        """A document's one operation, or the one that is named.

        What cannot be told apart or lacks a fragment raises ConfigurationError.
        """
        key = id(document), name
        seen = self._seen.get(key)
        if seen is not None and seen[0]() is document:
            return seen[1]
        # Many programs parse the same text anew for each call, so its print is looked up too.
        found = self._alike(_Printed(print_ast(document), document), name)
        # Held weakly, or all that such programs have parsed would stay.
        self._seen[key] = ref(document, lambda _: self._seen.pop(key, None)), found
        return found

    def _read(self, printed: _Printed, name: str | None) -> _Found:
        node = _chosen(printed.document, name)
        # Nobody but the id asks for a `__typename`; who reads the answer may not expect it.
        schema = self._schema if self._persisted else None
        try:
            text = normal_form(printed.document, node, schema)
        except MissingFragmentError as error:
            raise ConfigurationError(f"{error} Add it, or spread another one.") from None
        document_id = document_id_of(text) if self._persisted else None
        kind: OperationKind = node.operation.value
        return Operation(
            name=node.name.value if node.name else "anonymous",
            kind=kind,
            op_id=self._op_ids.get(document_id or ""),
            document_id=document_id,
            document=text,
            retry_safe=kind == "query" or is_idempotent(node, self._schema, self._idempotent),
            data=dict[str, Any],
            keyed=is_keyed(node, self._schema, self._idempotent, self._keyed),
        )


class _Printed:
    """A document that is found by its print, so that nobody compares it node by node."""

    __slots__ = ("document", "text")

    def __init__(self, text: str, document: DocumentNode) -> None:
        self.text = text
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Printed) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    names = [node.name.value if node.name else "" for node in found]
    if name is None and len(found) == 1:
        return found[0]
    if name is not None and name in names:
        return found[names.index(name)]
    told = ", ".join(names) or "none"
    raise ConfigurationError(
        f"The document has no operation {name}; it has: {told}."
        if name is not None
        else f"The document has not one operation but these: {told}. Say which with operation_name."
    )

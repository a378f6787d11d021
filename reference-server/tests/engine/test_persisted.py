from __future__ import annotations

import pytest

from intelgraph_server.engine.cache import LruCache
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.persisted import PersistedDocuments, document_id_of
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS

OTHER = "{__typename}"


@pytest.mark.parametrize("op_id", PERSISTED_DOCUMENTS)
def test_the_id_of_a_manifest_entry_is_the_digest_of_its_document(op_id: str) -> None:
    document_id, document = PERSISTED_DOCUMENTS[op_id]

    assert document_id == document_id_of(document)


def test_a_registered_document_is_known_by_its_id_alone() -> None:
    documents = PersistedDocuments(PERSISTED_DOCUMENTS, allow_list=False)
    document_id = document_id_of(OTHER)

    documents.register(*documents.resolve(document_id, OTHER))

    assert documents.resolve(document_id, None) == (document_id, OTHER)


def test_an_allow_list_knows_no_registered_document() -> None:
    shared: LruCache[str] = LruCache()
    document_id = document_id_of(OTHER)
    PersistedDocuments({}, allow_list=False, registered=shared).register(document_id, OTHER)

    with pytest.raises(DomainError) as caught:
        PersistedDocuments({}, allow_list=True, registered=shared).resolve(document_id, None)

    assert caught.value.code is ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND


def test_an_allow_list_says_what_became_of_a_retired_document() -> None:
    document_id = document_id_of(OTHER)
    retired = {document_id: ("other:v1", "2.0.0", "It is slow.")}
    closed = PersistedDocuments({}, retired, allow_list=True)

    for text in (None, OTHER):
        with pytest.raises(DomainError) as caught:
            closed.resolve(document_id, text)
        assert caught.value.code is ErrorCode.PERSISTED_DOCUMENT_RETIRED
        assert caught.value.message == (
            "The document `other:v1` was retired with 2.0.0: It is slow."
        )


def test_an_open_server_takes_a_retired_document_as_any_other_text() -> None:
    document_id = document_id_of(OTHER)
    retired = {document_id: ("other:v1", "2.0.0", "It is slow.")}
    opened = PersistedDocuments({}, retired, allow_list=False)

    with pytest.raises(DomainError) as caught:
        opened.resolve(document_id, None)

    assert caught.value.code is ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND
    assert opened.resolve(document_id, OTHER) == (document_id, OTHER)


def test_registered_documents_give_way_to_newer_ones() -> None:
    documents = PersistedDocuments({}, allow_list=False, registered=LruCache(count=1))
    documents.register(document_id_of("{a}"), "{a}")
    documents.register(document_id_of("{b}"), "{b}")

    with pytest.raises(DomainError) as caught:
        documents.resolve(document_id_of("{a}"), None)
    assert caught.value.code is ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND


def test_a_cache_is_bounded_by_count_and_by_size() -> None:
    cache: LruCache[str] = LruCache(count=3, size=10)

    for name in "abcd":
        cache.put(name, name, 1)
    assert [cache.get(name) for name in "abcd"] == [None, "b", "c", "d"]

    cache.put("large", "large", 9)
    assert [cache.get(name) for name in ("c", "d", "large")] == [None, "d", "large"]
    cache.put("larger", "larger", 11)
    assert len(cache) == 0


def test_what_was_used_last_stays_longest() -> None:
    cache: LruCache[str] = LruCache(count=2)
    cache.put("a", "a", 1)
    cache.put("b", "b", 1)

    cache.get("a")
    cache.put("c", "c", 1)

    assert [cache.get(name) for name in "abc"] == ["a", None, "c"]

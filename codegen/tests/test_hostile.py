"""Schemas that nobody has seen, as unkind as GraphQL allows, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from calls_typescript import run_calls, write_calls
from checkers import tsc
from corpora import call_blocking, plain
from hostile import Hostile, corpus_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpora import Corpus

SEEDS = range(400, 406)

# Some operations are deprecated, and are called all the same.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Corpus]]:
    """Both clients of random schemas, in one folder that Python can import from."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield [corpus_of(seed, folder) for seed in SEEDS]


def test_whatever_a_client_of_any_schema_is_answered_is_what_it_returns(
    clients: list[Corpus],
) -> None:
    for corpus in clients:
        assert len(corpus.calls) > 5
        for call in corpus.calls:
            assert plain(call_blocking(corpus, call)) == call.results, call.operation.name


def test_typescript_types_every_answer_and_returns_it_under_the_same_ids(
    clients: list[Corpus],
) -> None:
    folder = clients[0].folder
    for corpus in clients:
        write_calls(corpus)

    tsc(folder, [f"{each.name}_{part}" for each in clients for part in ("typescript", "calls.ts")])

    assert run_calls(folder, clients) == {
        corpus.name: {call.operation.name: call.operation.document_id for call in corpus.calls}
        for corpus in clients
    }


def test_no_two_modules_are_one_on_a_disk_that_ignores_case(clients: list[Corpus]) -> None:
    for corpus in clients:
        assert len({path.casefold() for path in corpus.files}) == len(corpus.files)
        assert max(len(part) for path in corpus.files for part in path.split("/")) <= 205


def test_the_same_seed_gives_the_same_schema() -> None:
    assert Hostile(1).schema == Hostile(1).schema
    assert Hostile(1).documents == Hostile(1).documents
    assert Hostile(1).schema != Hostile(2).schema

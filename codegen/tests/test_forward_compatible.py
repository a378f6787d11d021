"""What a newer server may answer is read, what a broken one answers is an error at its path."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from corpora import Corpus, call_blocking, plain
from hostile import corpus_of
from mutations import Mutations

from intelgraph import ResponseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutations import Mutation

SEEDS = range(420, 428)

# Some operations are deprecated, and are called all the same.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Corpus]]:
    folder = tmp_path_factory.mktemp("forward")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield [corpus_of(seed, folder) for seed in SEEDS]


def test_members_types_and_fields_of_a_newer_server_are_read(clients: list[Corpus]) -> None:
    count = 0
    for corpus in clients:
        mutations = Mutations(corpus.program)
        for call in corpus.calls:
            for mutation in sample([*mutations.newer(call)]):
                sent = mutation.applied(call.answers[0], mutation.value)
                read = replace(call, answers=(mutation.applied(call.answers[0], mutation.kept),))

                assert plain(call_blocking(corpus, replace(call, answers=(sent,)))) == read.results
                count += 1
    assert count > 200


def test_what_is_missing_or_of_a_wrong_type_is_an_error_at_its_path(clients: list[Corpus]) -> None:
    count = 0
    for corpus in clients:
        mutations = Mutations(corpus.program)
        for call in corpus.calls:
            for mutation in sample([*mutations.broken(call)]):
                sent = mutation.applied(call.answers[0], mutation.value)
                with pytest.raises(ResponseError) as caught:
                    call_blocking(corpus, replace(call, answers=(sent,)))

                assert caught.value.path == mutation.blamed, (mutation, str(caught.value))
                count += 1
    assert count > 300


def sample(mutations: list[Mutation]) -> list[Mutation]:
    return random.Random(len(mutations)).sample(mutations, min(len(mutations), 6))  # noqa: S311

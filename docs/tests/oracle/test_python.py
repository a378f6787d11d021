"""Whatever a server may answer means the same to ariadne-codegen's client and to ours.

What ariadne-codegen cannot print or reads wrongly stands in the tables here; an entry that no
longer holds fails. Ours differs on purpose in three ways, and the last three tests see each:

- an abstract selection always asks for its `__typename` (decision 5);
- a value that was added to an enum later fails no call;
- nor does a type that was added to a union or an interface later.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from oracle import theirs
from oracle.corpora import AT_HAND, Corpus
from pydantic import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from answers import Answers

    from intelgraph.runtime import Operation

    WithOurs = Callable[[str], Corpus]
    OperationsOf = Callable[[str], list[Operation[Any]]]

# What of the features at hand ariadne-codegen 0.19 cannot print, or prints so that it cannot be
# imported.
REFUSED = {
    "enums": "invalid enum member name",
    "fragments_on_interfaces": "cannot import name 'AnimalName'",
    "interfaces_with_arms": "No module named 'theirs_interfaces_with_arms.fragments'",
    "name_collisions": "ruff format failed",
    "skip_include": "'NoneType' object has no attribute 'name'",
    "nested_fragments": "Cannot create a consistent method resolution order",
}
ACCEPTED = tuple(name for name in AT_HAND if name not in REFUSED)
# Its blocking clients have no subscriptions.
AWAITING_ONLY = {
    *("mutations_idempotent", "intelgraph", "hasura", "names_long", "renamed_roots"),
    "subscriptions",
}
# Of these, answers come one by one.
SUBSCRIPTIONS = {"subscriptions"}
# Printing it again would cost 4 s, and its models are printed by the same code.
TOO_LARGE = {"github"}
ANSWERS = 3
# Where its client loses values or refuses valid answers, by corpus and operation.
WRONG = {
    ("merged_selections", "Shop"): "of a field that is selected twice, it keeps one selection",
    ("names_of_javascript", "Map"): "it takes the operation for the fragment of the same name",
    **{
        ("intelgraph", name): "it takes the operation for the fragment of the same name"
        for name in ("PublicTrust", "ResidencySchedule", "ResidencySummary", "TrustPage")
    },
}


LOST = "is only in ours"


@dataclass
class Comparison:
    """Where the two values of an answer differ, and how often ours has a `__typename` more."""

    inserted: int = 0
    differences: list[str] = field(default_factory=list[str])

    def compare(self, ours: object, other: object, place: str) -> None:
        if isinstance(ours, dict) and isinstance(other, dict):
            for key in ours.keys() | other.keys():
                if key == "__typename" and key not in other:
                    self.inserted += 1
                elif key in ours and key in other:
                    self.compare(ours[key], other[key], f"{place}.{key}")
                elif key in ours:
                    self.differences.append(f"{place}.{key} {LOST}")
                else:
                    self.differences.append(f"{place}.{key} is only in theirs")
        elif isinstance(ours, list) and isinstance(other, list) and len(ours) == len(other):
            for index, (one, another) in enumerate(zip(ours, other, strict=True)):
                self.compare(one, another, f"{place}[{index}]")
        elif ours != other or type(ours) is not type(other):
            self.differences.append(f"{place}: {ours!r} and {other!r}")


@pytest.fixture(scope="module")
def with_both(with_ours: WithOurs, printed: Path) -> WithOurs:
    """The corpus of a name, once both generators have printed their packages of it."""
    done: set[str] = set()

    def print_them(name: str) -> Corpus:
        corpus = with_ours(name)
        if name not in done:
            theirs.generate(printed, f"theirs_{name}", corpus.schema, corpus.documents)
            done.add(name)
        return corpus

    return print_them


def compare(corpus: Corpus, operation: Operation[Any], answers: Answers) -> Comparison:
    """What both clients make of a few answers to an operation."""
    model = theirs.model_of(f"theirs_{corpus.name}", operation.name)
    comparison = Comparison()
    for _ in range(ANSWERS):
        sent = answers.answer(operation.document, answers.variables(operation.document))
        ours = dump(operation.data.model_validate_json(json.dumps(sent)))
        assert ours == sent
        try:
            comparison.compare(ours, dump(model.model_validate(sent)), operation.name)
        except ValidationError as error:
            comparison.differences.append(f"{operation.name}: {error}")
    return comparison


def dump(decoded: Any) -> Any:
    return decoded.model_dump(mode="json", by_alias=True, exclude_unset=True)


@pytest.mark.parametrize("name", [name for name in ACCEPTED if name not in SUBSCRIPTIONS])
def test_every_valid_answer_has_equal_values_in_both_clients(
    name: str, with_both: WithOurs, operations_of: OperationsOf
) -> None:
    corpus = with_both(name)
    answers = corpus.answers(seed=1)
    operations = [each for each in operations_of(f"ours_{name}") if each.kind != "subscription"]

    differing = {
        operation.name: found.differences
        for operation in operations
        if (found := compare(corpus, operation, answers)).differences
    }

    assert operations
    wrong = [operation for where, operation in WRONG if where == name]
    assert {key: differing[key] for key in differing if key not in wrong} == {}
    assert sorted(differing) == sorted(wrong), "is right by now: take it off the list"


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_cannot_print_it_still_cannot(name: str, with_both: WithOurs) -> None:
    problem = ""
    try:
        with_both(name)
        import_module(f"theirs_{name}")
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, in its process or in ruff.
        problem = " ".join(str(error).split())

    assert REFUSED[name] in problem, "is printed by now: take it off the list"


@pytest.mark.parametrize(
    "name", [name for name in ACCEPTED if name not in AWAITING_ONLY | TOO_LARGE]
)
def test_its_blocking_client_has_the_same_models(
    name: str, with_both: WithOurs, printed: Path
) -> None:
    corpus = with_both(name)
    theirs.generate(
        printed, f"blocking_{name}", corpus.schema, corpus.documents, {"async_client": False}
    )

    own = {"client.py", "base_client.py", "async_base_client.py", "__init__.py"}
    blocking, awaiting = (modules_of(printed / f"{kind}_{name}") for kind in ("blocking", "theirs"))
    assert blocking.keys() - own == awaiting.keys() - own != set()
    assert all(blocking[module] == awaiting[module] for module in blocking.keys() - own)


def modules_of(package: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in package.glob("*.py")}


ONE_CAT = """
interface Animal { name: String! }
type Cat implements Animal { name: String! }
type Query { cat: Cat! }
"""
ITS_NAME = "query OneCat { cat { ...Named } } fragment Named on Animal { name }"


def test_a_typename_that_was_not_asked_for_is_more_than_theirs_has(
    printed: Path, operations_of: OperationsOf, tmp_path: Path
) -> None:
    corpus = Corpus("one_cat", tmp_path / "schema.graphql", tmp_path / "operations.graphql")
    corpus.schema.write_text(ONE_CAT, "utf-8")
    corpus.documents.write_text(ITS_NAME, "utf-8")
    corpus.generate_ours(printed)
    theirs.generate(printed, "theirs_one_cat", corpus.schema, corpus.documents)

    (operation,) = operations_of("ours_one_cat")
    compared = compare(corpus, operation, corpus.answers(seed=1))

    assert (compared.inserted, compared.differences) == (ANSWERS, [])


def test_an_enum_value_that_was_added_later_is_a_text_in_ours_and_an_error_in_theirs(
    with_both: WithOurs, operations_of: OperationsOf
) -> None:
    with_both("intelgraph")
    set_switch = named("SetSwitch", operations_of("ours_intelgraph"))
    newer = {
        "setSwitch": {"name": "NEWER", "isOn": True}
        | dict.fromkeys(("changedBy", "changedAt", "reason"))
    }

    assert dump(set_switch.data.model_validate_json(json.dumps(newer))) == newer
    with pytest.raises(ValidationError, match="NEWER"):
        theirs.model_of("theirs_intelgraph", "SetSwitch").model_validate(newer)


def test_a_type_that_was_added_later_is_unknown_in_ours_and_an_error_in_theirs(
    with_both: WithOurs, operations_of: OperationsOf
) -> None:
    with_both("unions")
    best = named("Best", operations_of("ours_unions"))
    newer = {"best": {"__typename": "Newer"}}

    assert dump(best.data.model_validate_json(json.dumps(newer))) == newer
    with pytest.raises(ValidationError, match="Newer"):
        theirs.model_of("theirs_unions", "Best").model_validate(newer)


def named(name: str, operations: list[Operation[Any]]) -> Operation[Any]:
    return next(operation for operation in operations if operation.name == name)


# How many of its operations ariadne-codegen's client refuses valid answers to, or loses values
# of: most have the name of a fragment, some that of another operation in another case, and some
# select a field twice.
WRONG_OF_LINEAR = 72


@pytest.mark.slow
def test_where_the_clients_of_linear_differ_theirs_refuses_an_answer_or_loses_a_value(
    with_both: WithOurs, operations_of: OperationsOf, printed: Path
) -> None:
    corpus = with_both("linear")
    # Its modules can be imported one by one, once the one that imports them all is out of the way.
    (printed / "theirs_linear" / "__init__.py").write_text("", "utf-8")
    answers = corpus.answers(seed=1)
    operations = operations_of("ours_linear")

    differing = [
        found.differences
        for operation in operations
        if (found := compare(corpus, operation, answers)).differences
    ]

    assert len(operations) == 663
    assert len(differing) == WRONG_OF_LINEAR
    told = [difference for differences in differing for difference in differences]
    assert [each for each in told if "Field required" not in each and not each.endswith(LOST)] == []

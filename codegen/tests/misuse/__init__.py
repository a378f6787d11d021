"""Never run: mistakes that type checkers must find in the callers of generated code.

Each is ignored, and an ignored line without a mistake is itself one to a checker.
"""

from inputs_recursive import Client
from inputs_recursive.inputs import Condition, FieldCondition
from one_of.inputs import UserBy

from intelgraph.runtime import UNSET


def inputs() -> list[object]:
    return [
        Condition(not_=None, field=UNSET),
        Condition(nott=None),  # type: ignore[call-arg]
        Condition([]),  # type: ignore[call-arg]
        Condition(and_=None, or_=[None]),  # type: ignore[list-item]
        FieldCondition(name="a", equals=None),
        FieldCondition(),  # type: ignore[call-arg]
        FieldCondition(name=None),  # type: ignore[arg-type]
        FieldCondition(name=UNSET),  # type: ignore[arg-type]
        UserBy(id="1"),
        UserBy(),  # type: ignore[call-overload]
        UserBy(id="1", email="2"),  # type: ignore[call-overload]
        UserBy(id=None),  # type: ignore[call-overload]
    ]


def calls(client: Client) -> list[int]:
    return [
        client.count(where=Condition()),
        client.count(),  # type: ignore[call-arg]
        client.count(were=Condition()),  # type: ignore[call-arg]
        client.count(where=None),  # type: ignore[arg-type]
        client.count(Condition()),  # type: ignore[call-arg]
    ]

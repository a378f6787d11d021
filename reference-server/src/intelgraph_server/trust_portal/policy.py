"""Items into decisions: the specification's policy as it was given, and a stricter one beside it.

Both must allow an item. This is the only module that knows the evaluator, which ends the whole
process when it is asked for the value of an undefined result: that is never asked here, and
whatever cannot be evaluated is not allowed.
"""

from __future__ import annotations

import logging
import threading
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from .model import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOG: Final = logging.getLogger(__name__)
FOLDER: Final = Path(__file__).with_name("policies")
NAMES: Final = ("trust", "strict")
# Queries are programs: no part of them comes from outside.
ALLOW: Final = "data.intelgraph.trust.allow_publish(input)"
DENY: Final = "data.intelgraph.trust.strict.deny"
NOT_GIVEN: Final = "The portal's policy does not allow it."
NOT_EVALUATED: Final = "The policies could not be evaluated."

_threads = threading.local()  # An interpreter belongs to the thread that made it.


@cache
def sources() -> dict[str, bytes]:
    """The policies by the names of their files."""
    return {f"{name}.rego": (FOLDER / f"{name}.rego").read_bytes() for name in NAMES}


@cache
def digest() -> str:
    """What tells this pair of policies from any other."""
    return sha256(b"".join(sha256(source).digest() for source in sources().values())).hexdigest()


def decide(item: Mapping[str, Any]) -> Decision:
    """Whether both policies allow an item to be shown, and what they say against it."""
    try:
        is_given = _evaluate(ALLOW, item) is True
        denied = _evaluate(DENY, item)
    except Exception:
        LOG.exception("a policy could not be evaluated")
        is_given, denied = True, None
    reasons = [NOT_EVALUATED]
    if isinstance(denied, dict | list):
        reasons = [NOT_GIVEN] * (not is_given) + sorted(map(str, cast("Iterable[object]", denied)))
    return Decision(is_allowed=not reasons, reasons=reasons, policy_sha256=digest())


def _evaluate(query: str, item: Mapping[str, Any]) -> Any:
    """The value of a query; None when it has none."""
    interpreter = _interpreter()
    interpreter.set_input(dict(item))
    output = interpreter.query(query)
    if str(output) == "undefined" or not output.ok() or not output.results:
        return None
    values = list(output.results[0].expressions)
    return values[0] if len(values) == 1 else None


def _interpreter() -> Any:
    if not hasattr(_threads, "interpreter"):
        from regopy import Interpreter  # type: ignore[import-untyped] # noqa: PLC0415

        _threads.interpreter = Interpreter()
        for name, source in sources().items():
            _threads.interpreter.add_module(name, source.decode())
    return _threads.interpreter

"""Runs the vectors of made-up answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from intelgraph import Operation
from intelgraph.generated.shapes import SHAPES
from intelgraph.testing.fixtures import Fixtures

FILE = Path(__file__).parents[3] / "schema" / "conformance" / "client" / "fixtures.json"
VECTORS = [
    pytest.param(vector, id=vector["name"])
    for vector in json.loads(FILE.read_text("utf-8"))["vectors"]
]


@pytest.mark.parametrize("vector", VECTORS)
def test_what_is_made_up_is_what_the_vector_says(vector: Any) -> None:
    fixtures = Fixtures("\n".join(vector["shapes"]) if "shapes" in vector else SHAPES)
    operation: Operation[Any] = Operation(
        name=vector["fixture"],
        kind="query",
        op_id=None,
        document_id=None,
        document="",
        retry_safe=True,
        data=dict[str, Any],
    )

    def make() -> dict[str, Any]:
        return fixtures.response(operation, vector["overrides"], seed=vector["seed"])

    if "error" in vector["expect"]:
        with pytest.raises(ValueError, match=f"^{re.escape(vector['expect']['error'])}$"):
            make()
    else:
        assert make() == vector["expect"]

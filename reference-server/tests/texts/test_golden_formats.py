from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from intelgraph_server.texts.formats import Formats

ROOT = Path(__file__).parents[3]
GOLDEN: list[dict[str, Any]] = json.loads(
    (ROOT / "examples/portal/test/formats.json").read_text("utf-8")
)


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['function']} {row['value']}")
def test_amounts_and_dates_are_written_as_in_node_and_in_the_browser(
    row: dict[str, Any], locale: str
) -> None:
    write = getattr(Formats(locale), row["function"].lower())
    is_instant = row["function"].startswith("DATE")
    value = dt.datetime.fromisoformat(row["value"]) if is_instant else row["value"]
    currency = [row["currency"]] if "currency" in row else []
    digits = {"digits": row["digits"]} if "digits" in row else {}

    assert write(value, *currency, **digits) == row[locale]


def test_the_stored_values_hold_every_function_often_enough_to_mean_something() -> None:
    functions = [row["function"] for row in GOLDEN]

    assert {name: functions.count(name) >= 6 for name in set(functions)} == dict.fromkeys(
        ("MONEY", "PCT", "NUM", "DATE", "DATETIME"), True
    )

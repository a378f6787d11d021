"""Amounts and dates, value by value: the browser's functions give the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from intelgraph_server.texts.formats import Formats

AT = datetime(2026, 4, 5, 0, 5, tzinfo=UTC)
MONEY = [
    ("0", "EUR"),
    ("1234.50", "EUR"),
    ("-1234.5", "USD"),
    ("0.0005", "USD"),
    ("1234567.89", "GBP"),
    ("1234", "JPY"),
    ("12.345", "MXN"),
]
PCT = [("0.99951", 2), ("0.125", 0), ("0.135", 0), ("0.00005", 2), ("1", 2), ("12.3456", 1)]
NUM = [
    ("0", None),
    ("1234", None),
    ("1234567", None),
    ("0.125", None),
    ("0.125", 2),
    ("0.135", 2),
    ("-9876.5", 0),
    ("1e3", None),
    ("5", 3),
]
DATES = [date(2026, 1, 1), date(2026, 4, 15), date(2025, 12, 31), date(2024, 2, 29)]
# As the docstrings of `Formats` say it.
INTL = """
const exact = { useGrouping: "always", roundingMode: "halfEven" };
const digits = (n) => n === null
  ? { maximumFractionDigits: 20 } : { minimumFractionDigits: n, maximumFractionDigits: n };
const plain = (text) => text.replaceAll("\\u202f", "\\u00a0");
const number = (locale, value, more) =>
  plain(new Intl.NumberFormat(locale, { ...exact, ...more }).format(value));
const { money, pct, num, dates } = JSON.parse(process.argv[1]);
const all = Object.fromEntries(["en", "es"].map((locale) => [locale, {
  money: money.map(([value, currency]) =>
    number(locale, value, { style: "currency", currency, maximumFractionDigits: 20 })),
  pct: pct.map(([value, n]) => number(locale, value, { style: "percent", ...digits(n) })),
  num: num.map(([value, n]) => number(locale, value, digits(n))),
  dates: dates.map((day) => new Intl.DateTimeFormat(
    locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day))),
}]));
console.log(JSON.stringify(all));
"""


def shown(locale: str) -> dict[str, list[str]]:
    formats = Formats(locale)
    return {
        "money": [formats.money(amount, currency) for amount, currency in MONEY],
        "pct": [formats.pct(ratio, digits=digits) for ratio, digits in PCT],
        "num": [formats.num(number, digits=digits) for number, digits in NUM],
        "dates": [formats.date(day) for day in DATES],
    }


def test_each_language_writes_amounts_in_its_way() -> None:
    english, spanish = shown("en"), shown("es")

    assert english["money"][:3] == ["€0.00", "€1,234.50", "-$1,234.50"]
    assert spanish["money"][:2] == ["0,00\xa0€", "1.234,50\xa0€"]
    assert english["pct"][0] == "99.95%"
    assert spanish["pct"][0] == "99,95\xa0%"
    assert (english["num"][2], spanish["num"][2]) == ("1,234,567", "1.234.567")
    assert spanish["dates"][1] == "15 de abril de 2026"


def test_money_is_never_rounded() -> None:
    assert Formats("en").money("0.0005", "USD") == "$0.0005"
    assert Formats("es").money("1234.5", "JPY") == "1.234,5\xa0JPY"


def test_rounding_is_half_to_even() -> None:
    rounded = [Formats("en").num(text, digits=0) for text in ("0.5", "1.5", "2.5", "3.5")]

    assert rounded == ["0", "2", "2", "4"]
    assert Formats("en").pct("0.125", digits=0) == "12%"


def test_instants_are_shown_in_utc() -> None:
    there = AT.astimezone(timezone(timedelta(hours=-5)))

    assert there.day == 4
    assert Formats("en").datetime(there) == "April 5, 2026, 00:05 UTC"
    assert Formats("es").date(there) == "5 de abril de 2026"


@pytest.mark.parametrize("value", [None, True, "abc", [], date(2026, 1, 1)])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ArithmeticError)):
        Formats("en").num(value)


@pytest.mark.parametrize("value", [None, 1, "2026-01-01", AT.replace(tzinfo=None)])
def test_what_is_no_instant_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        Formats("en").datetime(value)


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed")
def test_intl_gives_the_same_texts() -> None:
    asked = {"money": MONEY, "pct": PCT, "num": NUM, "dates": [day.isoformat() for day in DATES]}

    answered = subprocess.run(
        ["node", "-e", INTL, json.dumps(asked)], check=True, capture_output=True, text=True
    ).stdout

    assert json.loads(answered) == {locale: shown(locale) for locale in ("en", "es")}

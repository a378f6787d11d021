"""A text is said in full or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from intelgraph_server.texts import LOCALES, TextError, Texts, texts

AT = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)


def said(source: str, locale: str = "en", *, isolating: bool = False, **arguments: object) -> str:
    """What texts of this one message say."""
    from fluent.runtime import FluentResource  # noqa: PLC0415

    own = Texts(locale, isolating=isolating)
    own._bundle.add_resource(FluentResource(f"message = {source}"))
    return own.say("message", **arguments)


def test_both_languages_are_there_and_no_other() -> None:
    assert [texts(locale).say("document-page") for locale in LOCALES] == ["Page", "Página"]
    with pytest.raises(ValueError, match="no texts in 'fr'; there are in en, es"):
        texts("fr")


def test_texts_are_read_once() -> None:
    assert texts("en") is texts("en")


def test_our_functions_show_what_is_not_text() -> None:
    assert said("{ MONEY($a, $c) }", a=Decimal("1234.5"), c="EUR") == "€1,234.50"
    assert said("{ PCT($a) }", "es", a=Decimal("0.99951")) == "99,95\xa0%"
    assert said("{ PCT($a, digits: 0) }", a=0.25) == "25%"
    assert said("{ NUM($a) }", "es", a=1234) == "1.234"
    assert said("{ NUM($a, digits: 1) }", a=Decimal("0.25")) == "0.2"
    assert said("{ DATE($a) }", "es", a=AT.date()) == "15 de abril de 2026"
    assert said("{ DATETIME($a) }", a=AT) == "April 15, 2026, 09:30 UTC"


def test_a_count_chooses_its_plural() -> None:
    source = """{ $n ->
        [one] un pedido
        [many] { NUM($n) } de pedidos
       *[other] { NUM($n) } pedidos
    }"""

    assert said(source, "es", n=1) == "un pedido"
    assert said(source, "es", n=2) == "2 pedidos"
    assert said(source, "es", n=1_000_000) == "1.000.000 de pedidos"


def test_marks_of_isolation_are_set_where_they_are_asked_for() -> None:
    assert said("by { $who }", who="Ana") == "by Ana"
    assert said("by { $who }", who="Ana", isolating=True) == "by \u2068Ana\u2069"


def test_a_missing_text_is_an_error_and_not_its_key() -> None:
    with pytest.raises(TextError, match="'no-such-text' in 'en'"):
        texts("en").say("no-such-text")


@pytest.mark.parametrize(
    "source",
    ["{ $who }", "{ DATE($day) }", "{ $n -> \n [one] a\n *[other] b\n }", "{ other }", "{ -term }"],
)
def test_a_text_with_a_gap_is_an_error(source: str) -> None:
    with pytest.raises(TextError):
        said(source)


@pytest.mark.parametrize("source", ["{ NUMBER($a) }", '{ DATETIME($a, month: "long") }'])
def test_fluents_own_functions_are_refused(source: str) -> None:
    with pytest.raises(TextError):
        said(source, a=1)


@pytest.mark.parametrize("value", [Decimal("1.5"), 1.5, AT, AT.date()])
def test_an_amount_or_a_date_is_not_shown_without_a_function(value: object) -> None:
    with pytest.raises(TextError, match="MONEY, PCT, NUM, DATE or DATETIME"):
        said("{ $a }", a=value)


@pytest.mark.parametrize("value", ["many", True, AT])
def test_what_is_no_number_is_not_shown_as_one(value: object) -> None:
    with pytest.raises(TextError):
        said("{ PCT($a) }", a=value)


def test_a_message_of_attributes_alone_cannot_be_said() -> None:
    with pytest.raises(TextError, match="attributes alone"):
        said("\n    .label = x")

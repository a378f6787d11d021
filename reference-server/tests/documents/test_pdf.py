"""What is typeset: two standards at once, two languages, and user text as nothing but text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from intelgraph_server.documents.pdf import TEMPLATES, render
from intelgraph_server.texts import TextError

if TYPE_CHECKING:
    from pathlib import Path

    from intelgraph_server.documents.identity import Identity

NASTY = '#panic() $x$ [hi] <b> \\ " {values} #{1+1} @ref // no comment'


def words(pdf: bytes) -> str:
    """The text of all pages, as a reader without eyes gets it."""
    return extract_text(BytesIO(pdf))


def test_the_same_values_give_the_same_bytes(templates: Path, values: dict[str, Any]) -> None:
    first, second = (render("sample", values, locale="es", folder=templates) for _ in range(2))
    later = render(
        "sample", values | {"at": values["at"] + timedelta(days=1)}, locale="es", folder=templates
    )

    assert first == second != later


def test_an_instant_of_a_running_clock_dates_a_document(
    templates: Path, values: dict[str, Any]
) -> None:
    at = values["at"].replace(microsecond=123_456)

    pdf = render("sample", values | {"at": at}, locale="en", folder=templates)

    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_document_claims_pdf_a_and_pdf_ua_and_its_language(
    locale: str, templates: Path, values: dict[str, Any]
) -> None:
    pdf = pikepdf.open(BytesIO(render("sample", values, locale=locale, folder=templates)))
    with pdf.open_metadata() as metadata:
        claims = {name: metadata[f"pdfaid:{name}"] for name in ("part", "conformance")}
        claims["ua"] = metadata["pdfuaid:part"]

    assert claims == {"part": "3", "conformance": "A", "ua": "1"}
    assert pdf.pdf_version == "1.7"
    assert str(pdf.Root.Lang) == locale
    assert str(pdf.docinfo["/Title"]) == "A sample"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260415093000")
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(pdf.Root.MarkInfo.Marked)


def test_every_column_of_a_table_has_its_header(plain: bytes) -> None:
    pdf = pikepdf.open(BytesIO(plain))
    kinds = [
        str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item
    ]

    assert (kinds.count("/TH"), kinds.count("/TD")) == (2, 120)
    assert kinds.count("/H1") == 1
    assert kinds.count("/Lbl") == 3


def test_what_a_document_says_is_in_its_language(templates: Path, values: dict[str, Any]) -> None:
    english = words(render("sample", values, locale="en", folder=templates))
    spanish = words(render("sample", values, locale="es", folder=templates))

    assert "Issued April 15, 2026, 09:30 UTC" in english
    assert "1,234.5\n" in english
    assert "Page 1 of 2" in english
    assert "Emitido el 15 de abril de 2026, 09:30 UTC" in spanish
    assert "1.234,5\n" in spanish
    assert "Página 2 de 2" in spanish
    assert "Modo de prueba" in spanish


def test_text_of_a_person_is_never_typeset_as_an_instruction(
    templates: Path, values: dict[str, Any]
) -> None:
    pdf = render("sample", values | {"name": NASTY}, locale="en", folder=templates)

    assert NASTY in words(pdf).replace("\n", " ")


def test_a_character_that_no_font_has_is_shown_by_its_code_point(
    templates: Path, values: dict[str, Any]
) -> None:
    pdf = render("sample", values | {"name": "Ana 東京 \a €"}, locale="en", folder=templates)

    assert "Ana [U+6771][U+4EAC] [U+0007] €" in words(pdf)


def test_a_file_can_be_attached(plain: bytes, values: dict[str, Any]) -> None:
    with pikepdf.open(BytesIO(plain)) as pdf:
        attached = pdf.attachments["lines.csv"].get_file()

        assert attached.read_bytes() == values["csv"].encode()


def test_a_document_without_a_title_is_not_made(templates: Path, values: dict[str, Any]) -> None:
    (templates / "untitled.typ").write_text('#import "house.typ": *\n= A heading')

    with pytest.raises(RuntimeError, match="title"):
        render("untitled", values, locale="en", folder=templates)


def test_a_text_that_is_missing_stops_the_document(templates: Path, values: dict[str, Any]) -> None:
    (templates / "speechless.typ").write_text('#say("no-such-text")')

    with pytest.raises(TextError, match="no-such-text"):
        render("speechless", values, locale="en", folder=templates)


def test_a_locale_without_texts_is_refused(templates: Path, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="'fr'"):
        render("sample", values, locale="fr", folder=templates)


def test_a_date_without_a_time_zone_is_refused(templates: Path, values: dict[str, Any]) -> None:
    with pytest.raises(TextError, match="time zone"):
        render(
            "sample",
            values | {"at": datetime(2026, 4, 15, tzinfo=UTC).replace(tzinfo=None)},
            locale="en",
            folder=templates,
        )


def test_every_template_of_the_house_reads_its_values_as_data() -> None:
    sources = {file.name: file.read_text("utf-8") for file in TEMPLATES.glob("*.typ")}

    assert "house.typ" in sources
    assert [name for name, source in sources.items() if "eval(" in source] == []


def test_a_signature_leaves_the_document_as_it_was_typeset(
    plain: bytes, signed: bytes, issuer: Identity
) -> None:
    before, after = (pikepdf.open(BytesIO(content)) for content in (plain, signed))

    assert issuer.path.exists()
    assert signed.startswith(plain)
    assert after.pdf_version == "1.7"
    assert "/Version" not in after.Root
    assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert dict(after.docinfo) == dict(before.docinfo)

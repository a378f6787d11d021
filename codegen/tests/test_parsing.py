from __future__ import annotations

from pathlib import Path

import pytest
from graphql import DocumentNode, GraphQLSyntaxError, Source, parse
from hypothesis import given
from hypothesis import strategies as st

from intelgraph_codegen.parsing import parse_source

SCHEMAS = sorted(Path(__file__).parent.glob("golden*/*/*.graphql"))

PIECES = (
    *("query Q", "{", "}", "a", "(", ")", ":", "$x", "...", "..", "@skip", "[", "]", "!", "|", "&"),
    *("1", "-0", "01", "1.5", "1e3", "1a", "-", "true", "type T", "extend", "=", ",", " ", "\t"),
    *('"a"', '""', '"\\n"', '"\\u0041"', '"\\q"', '"a', '"""b"""', '"""\n  c\n   d\n"""', '"""'),
    *(
        '"""\\""" e"""',
        '"""f\\g"""',
        '"""h\r\ni"""',
        "#",
        "# j\n",
        "\n",
        "\r\n",
        "\ufeff",
        "é",
        "\x07",
    ),
)


def outcome(source: Source, *, quickly: bool) -> DocumentNode | tuple[str, object]:
    try:
        return parse_source(source) if quickly else parse(source)
    except GraphQLSyntaxError as error:
        return error.message, error.positions


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_read_as_the_library_reads_it(path: Path) -> None:
    source = Source(path.read_bytes().decode("utf-8-sig", "replace"))

    assert outcome(source, quickly=True) == outcome(source, quickly=False)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_text_is_read_or_refused_as_the_library_does_it(pieces: list[str]) -> None:
    source = Source("".join(pieces))

    assert outcome(source, quickly=True) == outcome(source, quickly=False)


@given(st.text(alphabet='"\\ \n\ra{}u1', max_size=12))
def test_any_string_is_read_or_refused_as_the_library_does_it(text: str) -> None:
    source = Source(f'{{ a(b: """{text}""", c: "{text}") }}')

    assert outcome(source, quickly=True) == outcome(source, quickly=False)


def test_tokens_know_where_they_stand() -> None:
    document = parse_source(Source('# a\nquery Q { b(c: """d""", e: "f") }'))

    places = [(node.loc.start, node.loc.end) for node in document.definitions if node.loc]
    assert places == [(4, 37)]

from __future__ import annotations

import pytest

from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.json_places import place_of_keys, read_json

TEXT = """{
  "a": [1, {"b": "x,{", "c": [true, {}]}, []],
  "d\\u0065": {"e": null, "e": 2}
}"""


@pytest.mark.parametrize(
    ("keys", "line", "column", "shown"),
    [
        (("a",), 2, 3, '"a"'),
        (("a", 0), 2, 9, "1"),
        (("a", 1), 2, 12, "{"),
        (("a", 1, "b"), 2, 13, '"b"'),
        (("a", 1, "c", 1), 2, 37, "{"),
        (("a", 2), 2, 43, "["),
        (("de", "e"), 3, 26, '"e"'),
        (("de", "gone"), 3, 3, '"d\\u0065"'),
    ],
)
def test_the_place_of_a_value_is_that_of_its_key_or_its_own(
    keys: tuple[str | int, ...], line: int, column: int, shown: str
) -> None:
    place = place_of_keys(TEXT, "f.json", keys)

    assert (place.line, place.column) == (line, column)
    assert place.source_line[column - 1 :][: place.width] == shown


def test_what_is_not_there_at_all_has_the_place_of_the_file() -> None:
    assert str(place_of_keys("{}", "f.json", ("a",))) == "f.json"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n  "a": ,\n}', "f.json:2:8: It is not JSON."),
        ("[" * 100_000, "f.json: It nests too deeply."),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(CodegenError) as caught:
        read_json(text, "f.json", "It")

    assert str(caught.value).startswith(message)

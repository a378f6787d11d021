from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from intelgraph_codegen.commands.config_schema import config_schema
from intelgraph_codegen.config import Settings, read_config
from intelgraph_codegen.errors import UsageError
from intelgraph_codegen.targets import ScalarTarget

HEAD = "[project]\nname = 'x'\n\n[tool.intelgraph-codegen]\n"


def told(text: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        read_config(text, "pyproject.toml")
    return [str(item) for item in caught.value.diagnostics]


def test_every_key_is_read() -> None:
    settings = read_config(
        HEAD + 'schema = ["s"]\ndocuments = ["d", "e"]\npython = "p"\ntypescript = "t"\n'
        'server = "v"\nmanifest = "m.json"\nlenient = true\nidempotent_mutations = ["pay"]\n'
        'keyed_mutations = ["buy"]\nretryable_codes = ["BUSY"]\n'
        '[tool.intelgraph-codegen.scalars.Date]\npython = "datetime.date"\n'
        '[tool.intelgraph-codegen.scalars]\nURL = { typescript = "./url.js#URLText" }\n',
        "pyproject.toml",
    )

    assert settings is not None
    assert settings.schema == ("s",)
    assert settings.documents == ("d", "e")
    assert settings.folders == ("p", "t", "v")
    assert settings.manifest == "m.json"
    assert settings.lenient
    assert settings.idempotent_mutations == ("pay",)
    assert settings.keyed_mutations == ("buy",)
    assert settings.retryable_codes == ("BUSY",)
    assert settings.scalars == {
        "Date": ScalarTarget("datetime.date", None),
        "URL": ScalarTarget(None, "./url.js#URLText"),
    }


def test_a_file_that_says_nothing_of_us_is_no_configuration() -> None:
    assert read_config("[tool.ruff]\nline-length = 100\n", "pyproject.toml") is None


def test_an_unknown_key_is_told_with_its_line_and_what_was_meant() -> None:
    assert told(HEAD + 'schemas = ["s"]\n') == [
        (
            "pyproject.toml:5:1: `[tool.intelgraph-codegen]` has no key `schemas`. "
            "Did you mean `schema`? [unknown-setting]\n"
            '  5 | schemas = ["s"]\n'
            "    | ^^^^^^^"
        )
    ]


def test_an_unknown_key_of_a_scalar_is_told_with_its_line() -> None:
    text = HEAD + '[tool.intelgraph-codegen.scalars.Date]\npyton = "datetime.date"\n'

    assert told(text)[0].startswith(
        "pyproject.toml:6:1: `[tool.intelgraph-codegen.scalars.Date]` has no key `pyton`. "
        "Did you mean `python`?"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('schema = "s"', "5:1: `schema` must be a list of strings."),
        ("documents = [1]", "5:1: `documents` must be a list of strings."),
        ("python = 1", "5:1: `python` must be a path, written as a string."),
        ('manifest = ""', "5:1: `manifest` must be a path, written as a string."),
        ('lenient = "yes"', "5:1: `lenient` must be `true` or `false`."),
        ("scalars = 1", "5:1: `scalars` must be a table with one table a scalar."),
        ("scalars.Date = 1", "5:1: `scalars.Date` must be a table."),
        ('scalars.Date.python = "date"', "5:1: `python` of a scalar must be a dotted path"),
        ('scalars.Date.parse = "x"', "5:1: `scalars.Date` needs `python`, `parse` and `serialize`"),
        (
            'scalars.Date = { python = "a.b", parse = "a.c" }',
            "5:1: `scalars.Date` needs `python`, `parse` and `serialize` together.",
        ),
        (
            'scalars.Date = { python = "a.b", parse = "a.c", serialize = "d" }',
            "5:1: `serialize` of a scalar must be the dotted path of a function.",
        ),
        ('scalars.Date.typescript = "x"', "5:1: `typescript` of a scalar must be `module#Name`."),
    ],
)
def test_a_value_of_the_wrong_type_is_told_with_its_line(line: str, message: str) -> None:
    assert told(HEAD + line + "\n")[0].startswith(f"pyproject.toml:{message}")


def test_all_mistakes_are_told_at_once() -> None:
    assert len(told(HEAD + "a = 1\nb = 2\nlenient = 3\n")) == 3


def test_what_is_no_toml_is_told_with_its_line() -> None:
    assert told("[tool\n")[0].startswith("pyproject.toml:1:6: This file is not TOML.")
    assert told('x = "')[0].startswith("pyproject.toml:1:6: This file is not TOML.")


def test_a_table_that_is_none_is_told() -> None:
    assert told("[tool]\nintelgraph-codegen = 1\n")[0].startswith(
        "pyproject.toml:2:1: `tool.intelgraph-codegen` must be a table."
    )


def test_the_places_of_names_are_kept_for_later_messages() -> None:
    settings = read_config(
        HEAD + '[tool.intelgraph-codegen.scalars.Date]\npython = "datetime.date"\n', "p.toml"
    )

    assert settings is not None
    place = settings.places["scalars", "Date"]
    assert (place.line, place.source_line[place.column - 1 :][: place.width]) == (5, "Date")


def test_a_file_of_its_own_needs_no_table() -> None:
    settings = read_config('schema = ["s"]\nlenient = true\n', "intelgraph-codegen.toml")

    assert settings is not None
    assert (settings.schema, settings.lenient) == (("s",), True)


def test_a_file_of_its_own_is_told_of_its_mistakes_in_its_own_words() -> None:
    with pytest.raises(UsageError) as caught:
        read_config('\nschemas = ["s"]\n', "intelgraph-codegen.toml")

    assert str(caught.value).startswith(
        "intelgraph-codegen.toml:2:1: There is no key `schemas`. Did you mean `schema`?"
    )


def test_a_package_json_may_hold_the_configuration() -> None:
    text = '{"name": "x", "intelgraph-codegen": {"schema": ["s"], "typescript": "ts"}}'

    settings = read_config(text, "package.json")

    assert settings is not None
    assert (settings.schema, settings.typescript) == (("s",), "ts")
    assert read_config('{"name": "x"}', "package.json") is None


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        (
            '"pyton": "x"',
            "3:4: `[intelgraph-codegen]` has no key `pyton`. Did you mean `python`?",
        ),
        ('"schema": "s"', "3:4: `schema` must be a list of strings."),
        ('"python": null', "3:4: `python` must be a path, written as a string."),
        (
            '"scalars": {"A": {"python": "x"}}',
            "3:22: `python` of a scalar must be a dotted path",
        ),
    ],
)
def test_a_mistake_in_a_package_json_is_told_with_its_line(inner: str, message: str) -> None:
    text = f'{{\n  "intelgraph-codegen": {{\n   {inner}\n  }}\n}}'

    with pytest.raises(UsageError) as caught:
        read_config(text, "package.json")

    assert str(caught.value).startswith(f"package.json:{message}")


def test_a_package_json_that_is_no_json_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"package.json:1:24: This file is not JSON\."):
        read_config('{"intelgraph-codegen": ', "package.json")


TEXTS = st.sampled_from(["", "a", "./x.js#Y", "decimal.Decimal", "a.b\n", "#x", "é.ü"])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    TEXTS,
    st.lists(st.one_of(TEXTS, st.integers()), max_size=2),
    st.dictionaries(
        st.sampled_from(["Date", "python"]),
        st.one_of(
            TEXTS,
            st.dictionaries(
                st.sampled_from(["python", "typescript", "parse", "serialize", "rust"]),
                TEXTS,
                max_size=3,
            ),
        ),
        max_size=1,
    ),
)
KEYS = (*json.loads(config_schema())["properties"], "other")


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=2))
def test_the_json_schema_accepts_exactly_what_the_reader_does(content: dict[str, object]) -> None:
    schema = Draft202012Validator(json.loads(config_schema()))

    try:
        read_config(json.dumps({"intelgraph-codegen": content}), "package.json")
        is_read = True
    except UsageError:
        is_read = False

    assert schema.is_valid(content) is is_read


def test_the_json_schema_is_one_and_knows_every_setting() -> None:
    schema = json.loads(config_schema())
    Draft202012Validator.check_schema(schema)

    known = {field.name for field in fields(Settings)} - {"root", "places"}
    assert set(schema["properties"]) == known
    scalar = schema["properties"]["scalars"]["additionalProperties"]["properties"]
    assert set(scalar) == {field.name for field in fields(ScalarTarget)}
    assert all(item["description"].endswith(".") for item in schema["properties"].values())

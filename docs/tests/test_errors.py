"""Errors are the same in both languages: their tree, and the facts that each carries."""

from __future__ import annotations

import re

from repository import text

from intelgraph import ConfigurationError, IntelGraphError, RawResponse, _errors

ERRORS = "".join(text(f"sdk-js/src/{name}.ts") for name in ("errors", "webhooks"))
UNITS = {"elapsed": "elapsedMs"}


def camel(name: str) -> str:
    return UNITS.get(name) or re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)


def test_the_tree_of_errors_is_the_same() -> None:
    theirs = dict(re.findall(r"^export class (\w+Error) extends (\w+) ", ERRORS, re.MULTILINE))
    classes = [each for each in vars(_errors).values() if isinstance(each, type)]
    ours = {
        each.__name__: each.__mro__[1].__name__ for each in classes if issubclass(each, Exception)
    }

    assert ours == {**theirs, "IntelGraphError": "Exception"}
    assert theirs["IntelGraphError"] == "Error"


def test_every_error_carries_the_same_facts() -> None:
    declared = re.search(r"interface Circumstances \{\n(.*?)\n\}", ERRORS, re.DOTALL)
    assert declared
    theirs = set(re.findall(r"^  readonly (\w+):", declared[1], re.MULTILINE))
    error = ConfigurationError("No.")
    ours = {camel(name) for name in {*vars(error), "code", "path"}}

    assert ours == theirs
    assert "get docsUrl()" in ERRORS
    assert error.docs_url


def test_every_fact_is_on_the_page_about_errors() -> None:
    table = text("docs/explanation/errors.md").partition("## Facts")[2].partition("\n\n`")[0]
    told = {
        name
        for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
        for name in row.split(", ")
    }

    facts = {*vars(IntelGraphError("No.")), "code", "path", "docs_url"}
    assert {name.strip("`") for name in told} == facts


def test_a_raw_reply_has_the_same_members() -> None:
    source = text("sdk-js/src/raw_response.ts").partition("export class RawResponse")[2]
    source = source.partition("\n}\n")[0]
    fields = re.findall(r"^  (?:readonly |get )?(\w+)(?:: |\(\): )", source, re.MULTILINE)
    theirs = {*fields} - {"constructor"}
    ours = {name for name in dir(RawResponse) if not name.startswith("_")}

    assert theirs == {camel(name) for name in ours}

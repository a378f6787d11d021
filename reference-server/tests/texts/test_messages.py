"""All `.ftl` files: well formed, complete in both languages, and without Fluent's own functions.

The checks are functions of sources, so that each is seen to find the fault it is there for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files

import pytest
from fluent.syntax import FluentParser, ast, visitor

from intelgraph_server.texts import LOCALES

OURS = {"MONEY", "PCT", "NUM", "DATE", "DATETIME"}
PLURALS = {"en": {"one", "other"}, "es": {"one", "many", "other"}}
NAMED = {"digits"}
EVERY_PLURAL = {"zero", "one", "two", "few", "many", "other"}
FTL = {
    locale: {
        file.name: file.read_text("utf-8")
        for file in files("intelgraph_server.texts").joinpath(locale).iterdir()
    }
    for locale in LOCALES
}


@dataclass
class Shape(visitor.Visitor):
    """What one message needs and how it chooses."""

    variables: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    choices: list[set[str]] = field(default_factory=list)
    bare: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_FunctionReference(self, node: ast.FunctionReference) -> None:  # noqa: N802
        self.functions.add(node.id.name)
        self.generic_visit(node)

    def visit_NamedArgument(self, node: ast.NamedArgument) -> None:  # noqa: N802
        self.named.add(node.name.name)

    def visit_Placeable(self, node: ast.Placeable) -> None:  # noqa: N802
        if isinstance(node.expression, ast.VariableReference):
            self.bare.add(node.expression.id.name)
        self.generic_visit(node)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802
        keys = {v.key.name if isinstance(v.key, ast.Identifier) else "" for v in node.variants}
        if keys & (EVERY_PLURAL - {"other"}):
            self.choices.append(keys - {""})
            if isinstance(node.selector, ast.VariableReference):
                self.counted.add(node.selector.id.name)
        self.generic_visit(node)


def entries(source: str) -> list[ast.EntryType]:
    return FluentParser().parse(source).body


def shapes(sources: dict[str, str]) -> dict[str, Shape]:
    """The shape of every text: of messages, of terms, and of their attributes."""
    found: dict[str, Shape] = {}
    for source in sources.values():
        for entry in entries(source):
            if isinstance(entry, ast.Message | ast.Term):
                name = ("-" if isinstance(entry, ast.Term) else "") + entry.id.name
                parts = {name: entry.value} if entry.value else {}
                parts |= {f"{name}.{each.id.name}": each.value for each in entry.attributes}
                for part, pattern in parts.items():
                    found[part] = Shape()
                    found[part].visit(pattern)
    return found


def faults(locale: str, sources: dict[str, str]) -> list[str]:
    """What is wrong within one language."""
    parsed = {name: entries(source) for name, source in sources.items()}
    all_entries = [(name, entry) for name, part in parsed.items() for entry in part]
    found = [f"{n}: malformed: {e.content!r}" for n, e in all_entries if isinstance(e, ast.Junk)]
    ids = [e.id.name for _, e in all_entries if isinstance(e, ast.Message | ast.Term)]
    found += [f"{each}: said twice" for each in sorted({i for i in ids if ids.count(i) > 1})]
    for name, shape in shapes(sources).items():
        found += [f"{name}: {each} is not ours" for each in sorted(shape.functions - OURS)]
        found += [f"{name}: no option {each}" for each in sorted(shape.named - NAMED)]
        found += [
            f"{name}: a plural has {', '.join(sorted(PLURALS[locale]))}"
            for keys in shape.choices
            if keys != PLURALS[locale]
        ]
        found += [
            f"{name}: ${each} is counted, so show it by NUM"
            for each in sorted(shape.bare & shape.counted)
        ]
    return found


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Where two languages do not say the same things of the same things."""
    left, right = shapes(one), shapes(other)
    found = [f"{name}: in one language alone" for name in sorted(left.keys() ^ right.keys())]
    return found + [
        f"{name}: other variables"
        for name in sorted(left.keys() & right.keys())
        if left[name].variables != right[name].variables
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_well_formed(locale: str) -> None:
    assert FTL[locale]
    assert faults(locale, FTL[locale]) == []


def test_both_languages_say_the_same_things() -> None:
    assert FTL["en"].keys() == FTL["es"].keys()
    assert differences(FTL["en"], FTL["es"]) == []


def test_nothing_but_texts_lies_beside_them() -> None:
    assert [n for sources in FTL.values() for n in sources if not n.endswith(".ftl")] == []


@pytest.mark.parametrize(
    ("locale", "source", "fault"),
    [
        ("en", "a = { $x", "malformed"),
        ("en", "a = x\na = y", "said twice"),
        ("en", "a = { NUMBER($x) }", "NUMBER is not ours"),
        ("en", 'a = { PCT($x, style: "percent") }', "no option style"),
        ("es", "a = { $n ->\n    [one] x\n   *[other] y\n }", "a plural has many, one, other"),
        ("en", "a = { $n ->\n    [one] x\n   *[other] { $n } y\n }", "show it by NUM"),
        ("en", "a = x\n    .b = { DURATION($x) }", "a.b: DURATION is not ours"),
    ],
)
def test_a_fault_in_a_text_is_found(locale: str, source: str, fault: str) -> None:
    assert fault in "\n".join(faults(locale, {"a.ftl": source}))


@pytest.mark.parametrize(
    ("english", "spanish", "difference"),
    [
        ("a = x", "b = x", "a: in one language alone"),
        ("a = x\n    .b = y", "a = x", "a.b: in one language alone"),
        ("a = { $x }", "a = { $y }", "a: other variables"),
        ("-a = x", "", "-a: in one language alone"),
    ],
)
def test_a_difference_between_the_languages_is_found(
    english: str, spanish: str, difference: str
) -> None:
    assert difference in differences({"a.ftl": english}, {"a.ftl": spanish})

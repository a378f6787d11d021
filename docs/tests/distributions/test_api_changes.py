"""What the comparison of two dumps calls broken, and what it takes for told."""

from __future__ import annotations

import pytest
from distributions.api_changes import Change, broken_by, changes, is_retired, is_told

COMPATIBLE = [
    ("p#C", "interface C extends Omit<A, X>", "interface C extends Omit<A, X | Y>"),
    ("p.C", "class(A)", "class(A, B)"),
    ("p.f", "def(a: int) -> int", "def(a: int, b: int = 0, *, c: str = '') -> int"),
    ("p.f", "def(*, a: int, b: int) -> int", "def(*, b: int, a: int | None) -> int"),
    ("p.f", "def(a: int) -> int", "@deprecated('Call g.') def(a: int) -> int"),
    ("p.C.x", "int", "int | None"),
    ("p#C.f", "f(a: string): void", "f(name: string, b?: Options): void"),
    ("p#f", "function f(a: Map<string, [x: 1]>): void", "function f(a: unknown): void"),
    ("p#A", "interface A", "interface A extends B<C, D>"),
    ("p#AOptions.b", None, "readonly b?: number | undefined"),
    ("p#Reply.b", None, "readonly b: number"),
]
BROKEN = [
    ("p.f", "def() -> int", None, "is gone"),
    ("p.f", "def() -> int", "async def() -> int", "was 'def' and is 'async def'"),
    ("p.x", "@property def(self) -> int", "def(self) -> int", "was '@property def' and is 'def'"),
    ("p.C", "class(A, B)", "class(A)", "no longer extends B"),
    ("p.f", "def(a: int) -> int", "def(b: int) -> int", "has lost its argument a"),
    ("p.f", "def(a, b=1)", "def(b=1, a=2)", "no longer has its argument a at the same place"),
    ("p.f", "def(a)", "def(*, a)", "no longer has its argument a at the same place"),
    ("p.f", "def(a=1)", "def(a)", "has to be given its argument a"),
    ("p.f", "def(a)", "def(a, *, b)", "has to be given its new argument b"),
    ("p.f", "def(**rest)", "def()", "has lost its argument *rest"),
    ("p#C", "class C extends A<X>", "class C", "no longer extends A<X>"),
    ("p#C", "interface C extends Omit<A, X>", "interface C", "no longer extends A"),
    ("p#C.f", "f(a: string, b?: X): Y", "f(a: string): Y", "has lost its argument 1"),
    ("p#C.f", "f(a?: string): Y", "f(a: string): Y", "has to be given its argument 0"),
    ("p#f", "function f<T>(a: T): Y", "function f<T>(a: T, b: T): Y", "its new argument 1"),
    ("p#AOptions.b", "readonly b?: X", "readonly b: X", "has to be given by every caller"),
    ("p#AVariables.b", None, "readonly b: X", "has to be given by every caller"),
]


@pytest.mark.parametrize(("name", "before", "after"), COMPATIBLE)
def test_what_a_caller_does_not_notice_is_not_broken(
    name: str, before: str | None, after: str
) -> None:
    assert broken_by(Change(name, before, after)) is None


@pytest.mark.parametrize(("name", "before", "after", "reason"), BROKEN)
def test_what_a_caller_would_have_to_change_is_broken(
    name: str, before: str | None, after: str | None, reason: str
) -> None:
    assert reason in str(broken_by(Change(name, before, after)))


def test_only_what_was_deprecated_before_is_retired() -> None:
    assert is_retired(Change("p.f", "@deprecated('Call g.') def()", None))
    assert is_retired(Change("p#f", "@deprecated function f(): void", None))
    assert not is_retired(Change("p.f", "def()", None))


def test_what_comes_with_a_new_class_comes_with_it() -> None:
    found = changes({"p": "module"}, {"p": "module", "p.C": "class()", "p.C.x": "int"})

    assert [change.name for change in found] == ["p.C"]


@pytest.mark.parametrize(
    ("name", "before", "after", "entry"),
    [
        ("p.op_id", None, "str", "Events have an `opId`."),
        ("p.C.iter_things", None, "def(self)", "Pages: `client.iter_*`."),
        ("p.C.__init__", "def()", "def(a=1)", "`C` takes more."),
        ("p.C.__init__", "def(\n    a=1)", "def(\n    a=1,\n    b=2)", "Clients take `b`."),
        ("intelgraph-codegen diff --fail-on", None, "flag", "`diff` knows `--fail-on`."),
    ],
)
def test_a_name_in_backquotes_tells_of_a_change(
    name: str, before: str | None, after: str, entry: str
) -> None:
    change = Change(name, before, after)

    assert is_told(change, entry)
    assert not is_told(change, entry.replace("`", ""))

from __future__ import annotations

import pytest
from graphql import build_schema

from intelgraph_codegen.files import TextFile
from intelgraph_codegen.outline import read_outline
from intelgraph_codegen.sdl_literals import literals_fit
from intelgraph_codegen.sound import Types

BASE = """
type Query { a(b: [Int!] = [1, 2], c: In = {d: ON, e: "x"}, f: ID! = "i", g: Any = {h: 1}): Int }
input In { d: State = OFF  e: String = "é" }
enum State { ON OFF @deprecated(reason: "No.") }
scalar Any @specifiedBy(url: "https://x.example")
directive @once(by: State!, of: Int = 1) on OBJECT | FIELD_DEFINITION
directive @often repeatable on OBJECT
type Marked @once(by: ON) @often @often { a: Int @once(by: OFF, of: 2) @deprecated }
"""


def fit(sdl: str) -> bool:
    outline = read_outline([TextFile("s.graphql", "", sdl)])
    assert outline
    return literals_fit(build_schema(sdl, assume_valid_sdl=True), Types(outline))


def test_defaults_and_directives_that_fit_are_passed() -> None:
    assert fit(BASE)


@pytest.mark.parametrize(
    "sdl",
    [
        "type T { a(b: Int = 1.5): Int }",
        "type T { a(b: Int! = null): Int }",
        "type T { a(b: [Int!] = [null]): Int }",
        "type T { a(b: State = GONE): Int }",
        "type T { a(b: In = {z: 1}): Int }",
        "type T { a(b: Float = true): Int }",
        "input T { a: Int = ON }",
        "directive @d(a: Int = ON) on FIELD",
        "type T @unknown { a: Int }",
        "type T @once { a: Int }",
        "type T @once(by: GONE) { a: Int }",
        "type T @once(by: ON, other: 1) { a: Int }",
        "type T @once(by: ON, by: ON) { a: Int }",
        "type T @once(by: ON) @once(by: ON) { a: Int }",
        "type T @deprecated { a: Int }",
        "enum T @once(by: ON) { A }",
        "type T { a(b: Int @once(by: ON)): Int }",
        "enum T { A @often }",
        "type T { a: Int @deprecated @deprecated }",
        "type T { a: Int @deprecated(why: 1) }",
        "input T { a: Int @oneOf }",
    ],
)
def test_one_that_does_not_fit_is_seen(sdl: str) -> None:
    assert not fit(f"{BASE}\n{sdl}")


def test_a_schema_may_have_a_deprecated_directive_of_its_own() -> None:
    own = "directive @deprecated(since: Int!) on FIELD_DEFINITION type Query"

    assert fit(f"{own} {{ a: Int @deprecated(since: 1) }}")
    assert not fit(f'{own} {{ a: Int @deprecated(reason: "x") }}')

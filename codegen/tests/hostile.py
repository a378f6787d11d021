"""Random schemas and documents that are valid and as unkind to a generator as GraphQL allows."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from corpora import Corpus

from intelgraph_codegen.identity import op_id
from intelgraph_codegen.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = "aLongNameThatIsTwoHundredCharacters" * 6
# What Python, pydantic, JavaScript, the runtimes or generated code use themselves, and names
# that are equal once they are recased or on a disk that ignores case.
NAMES = dict.fromkeys(
    f"""
    class def None True False async await match type import from lambda global self cls with
    list dict str int float bool id object super print property set len tuple bytes Exception
    model_dump model_config model_fields model_validate copy json schema construct validate
    fields_set model_computed_fields root annotations field value typename typename_ name
    Client AsyncClient BaseClient UNSET Unset Input Model Operation operations fragments inputs
    enums Literal Annotated TypeAlias Field Tag Unknown UNKNOWN by_typename StrEnum datetime
    TYPE_CHECKING deprecated JsonValue lazy overload DateTime Decimal Other Data Variables
    constructor toString valueOf hasOwnProperty prototype default delete new function var let
    Promise Record ReadonlyArray Set Object Array String_ Symbol undefined NaN eval arguments
    then catch this options variables data execute subscribe close timeout headers signal errors
    foo_bar fooBar FooBar foo__bar _foo_bar foo_bar_ Foo_Bar foobar FOO_BAR fOOBar Foo foo FOO
    _ _1 _2a a1 a_1 A1 a A x1y2 x_1_y_2 index aux con nul prn com1 py client errors __init
    {LONG} {LONG}s
""".split()
)
TEXTS = (
    "Plain.",
    'Quotes " and "" and \\"\\"\\" and \' and `.',
    "A comment's end */ and its start /* and // and #.",
    "Ends in a backslash \\",
    'Ends in a quote"',
    "\\n \\u0041 \\x41 \\N{BULLET} {braces} %s $x",
    "Two lines,\r\n\tthe second behind a tab.\r\n\r\n@tag at a line's start",
    "@deprecated said the text\n@param x {number}\n   - a list\n   - of two",
    "Emoji 😀 and 漢字 and \u202e\u200b\ufeff\x7f and \u2028 the end",
    "A very long line that has to be wrapped somewhere because no file of ours is that wide " * 3,
    '"""',
    "Bell \x07, escape \x1b[0m and \x00 null",
    "\\",
    "*/",
    "  Indented.\n    Code is kept.\n\n\n  Behind it.  ",
)
# To a TypeScript compiler any object has these, so that no literal without them fits a type with
# a member of that name.
OBJECT = frozenset({"constructor", "hasOwnProperty", "toString", "valueOf"})
KEYS = tuple(name for name in NAMES if name not in OBJECT)
SCALARS = ("Int", "Float", "String", "ID", "Boolean")


class Hostile:
    """One random schema with documents for it; `schema` and `documents` are their texts.

    With `has_long` some names have 200 characters, which no line holds and no formatter mends.
    """

    def __init__(self, seed: int, *, has_long: bool = False) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._keys = [name for name in KEYS if has_long or len(name) < len(LONG)]
        names = self._names()
        take = lambda count: [next(names) for _ in range(count)]  # noqa: E731
        self._enums, self._scalars = take(3), take(2)
        self._inputs, self._one_ofs = take(4), take(2)
        self._interfaces, self._objects, self._unions = take(2), take(5), take(2)
        self._leaves = [*SCALARS, *self._enums, *self._scalars]
        self._composites = [*self._interfaces, *self._objects, *self._unions]
        self._types: dict[str, str] = {}
        self._possible: dict[str, list[str]] = {name: [] for name in self._interfaces}
        self._fields: dict[str, list[str]] = {}
        self._arguments: dict[str, list[str]] = {}
        self.schema = "\n".join(self._definitions())
        self._spent: set[str] = set()
        self._variables: dict[str, str] = {}
        self._documents_fragments: dict[str, str] = {}
        self.documents = "\n".join(self._definitions_of_documents())

    # The schema.

    def _names(self) -> Iterator[str]:
        pool = [name for name in self._keys if not name.startswith("__")]
        pool += OBJECT
        self._random.shuffle(pool)
        return iter(pool)

    def _few(self, least: int = 2, most: int = 6) -> list[str]:
        pool = [name for name in self._keys if not name.startswith("__")]
        return self._random.sample(pool, self._random.randint(least, most))

    def _doc(self) -> str:
        if self._random.random() < 0.4:
            return ""
        return quoted(self._random.choice(TEXTS)) + " "

    def _deprecated(self) -> str:
        if self._random.random() < 0.8:
            return ""
        return self._random.choice(
            (" @deprecated", f" @deprecated(reason: {quoted(self._random.choice(TEXTS))})")
        )

    def _wrapped(self, name: str) -> str:
        forms = ("{}", "{}", "{}!", "[{}]", "[{}!]!", "[[{}]!]")
        return self._random.choice(forms).format(name)

    def _definitions(self) -> Iterator[str]:
        yield f"{self._doc()}schema {{ query: {self._objects[0]} "
        yield f"mutation: {self._objects[1]} subscription: {self._objects[2]} }}"
        for name in self._scalars:
            yield f"{self._doc()}scalar {name}"
        for name in self._enums:
            values = " ".join(
                f"{self._doc()}{value}{self._deprecated()}\n" for value in self._few(1, 9)
            )
            yield f"{self._doc()}enum {name} {{ {values} }}"
        for name in (*self._inputs, *self._one_ofs):
            yield self._input(name, is_one_of=name in self._one_ofs)
        shared = {name: self._few() for name in self._interfaces}
        for name, fields in shared.items():
            yield f"{self._doc()}interface {name} {{ {self._members(name, fields)} }}"
        for name in self._objects:
            # An answer needs some object of each type that it may be asked for.
            least = 2 if name == self._objects[0] else 0
            interfaces = self._random.sample(self._interfaces, self._random.randint(least, 2))
            for each in interfaces:
                self._possible[each].append(name)
            inherited = [field for each in interfaces for field in shared[each]]
            fields = list(dict.fromkeys([*inherited, *self._few(4, 8)]))
            implements = f" implements {' & '.join(interfaces)}" if interfaces else ""
            yield f"{self._doc()}type {name}{implements} {{ {self._members(name, fields)} }}"
        for name in self._unions:
            members = self._possible[name] = self._random.sample(self._objects, 3)
            self._fields[name] = []
            yield f"{self._doc()}union {name} = {' | '.join(members)}"

    def _input(self, name: str, *, is_one_of: bool) -> str:
        fields: list[str] = []
        for field in self._few(1, 7):
            base = self._random.choice([*self._leaves, *self._inputs, *self._one_ofs])
            if is_one_of:
                # One that has a member must have one that ends.
                base = base if fields else self._random.choice(self._leaves)
                fields.append(f"{self._doc()}{field}: {base}\n")
                continue
            type_ = self._random.choice(("{}", "[{}]", "[[{}!]]")).format(base)
            default = self._default(base, type_)
            fields.append(f"{self._doc()}{field}: {type_}{default}{self._deprecated()}\n")
        mark = " @oneOf" if is_one_of else ""
        return f"{self._doc()}input {name}{mark} {{ {' '.join(fields)} }}"

    def _default(self, base: str, type_: str) -> str:
        if self._random.random() < 0.6:
            return ""
        literals = {"Int": "-7", "Float": "1.5e3", "ID": '"x"', "Boolean": "true"}
        literals["String"] = quoted(self._random.choice(TEXTS))
        literal = literals.get(base, "null")
        if literal == "null":
            return "" if type_.endswith("!") else " = null"
        return f" = [{literal}]" if type_ == f"[{base}]" else f" = {literal}"

    def _members(self, name: str, fields: list[str]) -> str:
        self._fields[name] = fields
        return " ".join(
            f"{self._doc()}{field}{self._argued(field)}: {self._type(field)}"
            f"{self._deprecated() if name in self._objects else ''}\n"
            for field in fields
        )

    def _type(self, field: str) -> str:
        # One type for one name, so that objects implement interfaces and fields can merge.
        if field not in self._types:
            base = self._random.choice([*self._leaves, *self._composites])
            self._types[field] = self._wrapped(base)
        return self._types[field]

    def _argued(self, field: str) -> str:
        if field not in self._arguments:
            self._arguments[field] = []
            if self._random.random() < 0.4:
                self._arguments[field] = [
                    f"{argument}: {self._random.choice(('{}', '[{}!]')).format(base)}"
                    for argument in self._few(1, 4)
                    for base in [self._random.choice([*self._leaves, *self._inputs])]
                ]
        arguments = self._arguments[field]
        if not arguments:
            return ""
        written = (f"{self._doc()}{each}{self._deprecated()}\n" for each in arguments)
        return f"({' '.join(written)})"

    # The documents.

    def _definitions_of_documents(self) -> Iterator[str]:
        # Two operations must not have one opId, which is the name with a small first letter.
        names = {op_id(name, 1): name for name in self._few(12, 12) if name != "on"}.values()
        self._in_operation = False
        for name in self._few(4, 4):
            self._spent = set()
            self._variables = {}
            parent = self._random.choice(self._composites)
            selection = self._selection(parent, 2)
            if not self._variables:
                self._documents_fragments[name] = parent
                yield f"fragment {name} on {parent} {selection}"
        self._in_operation = True
        for number, name in enumerate(names):
            kind = ("query", "mutation", "subscription")[min(number % 4, 2)]
            root = self._objects[("query", "mutation", "subscription").index(kind)]
            self._spent = set()
            self._variables = {}
            selection = self._selection(
                root, 3, is_single=kind == "subscription" or number % 3 == 0
            )
            variables = ", ".join(f"${key}: {type_}" for key, type_ in self._variables.items())
            head = f"({variables})" if variables else ""
            yield f"{kind} {name}{head} {selection}"

    def _selection(self, parent: str, depth: int, *, is_single: bool = False) -> str:
        fields = self._fields[parent]
        usable = [each for each in fields if depth or self._base(each) in self._leaves]
        if is_single and usable:
            return f"{{ {self._field(self._random.choice(usable), depth, may_skip=False)} }}"
        chosen = self._random.sample(usable, min(len(usable), self._random.randint(1, 4)))
        parts = [self._field(field, depth) for field in chosen]
        if parent not in self._objects[:3] or not parts:
            parts = [*parts, *self._spreads(parent, depth)]
        return f"{{ {' '.join(parts or ['__typename'])} }}"

    def _spreads(self, parent: str, depth: int) -> Iterator[str]:
        for name, on in self._documents_fragments.items():
            if on == parent and self._random.random() < 0.6:
                yield f"...{name}{self._condition()}"
        if depth and parent in self._possible:
            yield from (
                f"... on {each}{self._condition()} {self._selection(each, depth - 1)}"
                for each in self._possible[parent]
                if self._random.random() < 0.7
            )

    def _base(self, field: str) -> str:
        return self._types[field].replace("[", "").replace("]", "").replace("!", "")

    def _field(self, field: str, depth: int, *, may_skip: bool = True) -> str:
        arguments = self._arguments[field]
        alias = ""
        given = ""
        if arguments:
            # With a key of its own nothing can merge, whatever its arguments are.
            alias = self._fresh() + ": "
            given = f"({', '.join(map(self._passed, arguments))})"
        elif self._random.random() < 0.3:
            alias = self._fresh() + ": "
        base = self._base(field)
        below = "" if base in self._leaves else f" {self._selection(base, max(depth - 1, 0))}"
        return f"{alias}{field}{given}{self._condition() if may_skip else ''}{below}"

    def _passed(self, argument: str) -> str:
        name, _, type_ = argument.partition(": ")
        return f"{name}: ${self._variable(type_)}"

    def _variable(self, type_: str) -> str:
        name = self._random.choice(self._keys)
        while self._variables.get(name, type_) != type_:
            name = self._random.choice(self._keys)
        self._variables[name] = type_
        return name

    def _fresh(self) -> str:
        name = self._random.choice(self._keys)
        while name in self._spent or name in self._types:
            name = self._random.choice([*self._keys, f"k{len(self._spent)}"])
        self._spent.add(name)
        return name

    def _condition(self) -> str:
        if self._random.random() < 0.75:
            return ""
        directive = self._random.choice(("skip", "include"))
        value = self._random.choice(("true", "false"))
        if self._in_operation and self._random.random() < 0.8:
            value = f"${self._variable('Boolean!')}"
        return f" @{directive}(if: {value})"


def quoted(text: str) -> str:
    """The text as a string of GraphQL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    visible = (
        character if character.isprintable() else f"\\u{ord(character):04X}"
        for character in escaped
    )
    return f'"{"".join(visible)}"'


def corpus_of(seed: int, folder: Path) -> Corpus:
    """Both clients of a random schema, named `hostile<seed>`; every other one has long names."""
    source = Hostile(seed, has_long=seed % 2 == 0)
    sources = folder / f"sources_{seed}"
    sources.mkdir()
    (sources / "schema.graphql").write_text(source.schema, "utf-8")
    (sources / "operations.graphql").write_text(source.documents, "utf-8")
    loaded = load(["schema.graphql"], ["operations.graphql"], root=sources, lenient=True)
    return Corpus(f"hostile{seed}", loaded, {}, folder)

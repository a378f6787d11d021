"""The public names of the npm package with their types, read off its declarations (`.d.ts`).

Each entry of `exports` is followed through what it exports again, to where a name is declared.
A class or an interface tells its members one a line; private ones are nobody's business.
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AGAIN = re.compile(r'export (?:type )?(\*(?: as (\w+))?|\{.*\}) from "(.+)";')
DECLARED = re.compile(
    r"(?:@deprecated )?(export )?(?:declare )?(?:abstract )?"
    r"(interface|class|type|const|function|enum) (\w+)"
)
WORDS = r"(?:static|readonly|protected|abstract|get|set|declare)"
MEMBER = re.compile(rf'(?:@deprecated )?(?:{WORDS} )*(\[.+?\]|"[^"]+"|[\w$]+)\??(?= ?[:(<;=])')
BASES = re.compile(r"(?:extends|implements) (.+?)(?= implements| \{)")
# The version moves with every release.
UNTOLD = "#version"
NAMESPACES = re.compile(r"/(operations|fragments)/\*$")


class Declared(NamedTuple):
    """A statement that declares a name, and the module in which it stands."""

    statement: str
    module: Path


def public_api(package: Path) -> dict[str, str]:
    """What each public name is; `package` is the folder with package.json and dist/."""
    entries: dict[str, str | dict[str, str]]
    entries = json.loads((package / "package.json").read_text("utf-8"))["exports"]
    facts: dict[str, str] = {}
    for entry, target in entries.items():
        if isinstance(target, dict):
            for name, declarations in matching(package, entry, target["types"]):
                facts[name] = "entry"
                for exported, declared in exported_by(declarations).items():
                    key = f"{name}#{exported}"
                    is_told = NAMESPACES.search(entry)
                    facts.update({key: "exported"} if is_told else facts_of(key, declared))
    return {key: text for key, text in facts.items() if not key.endswith(UNTOLD)}


def matching(package: Path, entry: str, types: str) -> Iterator[tuple[str, Path]]:
    """The declarations of an entry, or of each that a `*` in it stands for."""
    before, _, after = types.partition("*")
    for path in sorted(package.glob(types.removeprefix("./"))):
        inner = f"./{path.relative_to(package).as_posix()}"
        star = inner[len(before) : len(inner) - len(after)] if "*" in types else ""
        if star != "index":
            yield f"@intelgraph/sdk{entry.replace('*', star).removeprefix('.')}", path


@functools.cache
def exported_by(module: Path) -> dict[str, Declared]:
    """The exported names of a module with the statement that declares each."""
    named: dict[str, Declared] = {}
    for statement in statements_of(module):
        if again := AGAIN.match(statement):
            what, namespace, source = again.groups()
            named.update(taken(what, namespace, exported_by(beside(module, source))))
        elif (declared := DECLARED.match(statement)) and declared[1]:
            name = declared[3]
            before = f"{named[name].statement} & " if name in named else ""
            named[name] = Declared(before + statement, module)
    return named


def beside(module: Path, source: str) -> Path:
    return module.parent / source.replace(".js", ".d.ts")


def taken(what: str, namespace: str | None, there: dict[str, Declared]) -> dict[str, Declared]:
    if namespace:
        return {f"{namespace}.{name}": declared for name, declared in there.items()}
    if what == "*":
        return there
    pairs = [part.split() for part in what.strip("{} ").replace("type ", "").split(",")]
    return {pair[-1]: there[pair[0]] for pair in pairs if pair}


@functools.cache
def statements_of(module: Path) -> list[str]:
    """The statements of a module, each on one line and without comments."""
    text = re.sub(r"/\*.*?\*/\s*", marked, module.read_text("utf-8"), flags=re.DOTALL)
    text = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    parts = (" ".join(part.split()) for part in split(text, "\n"))
    return [part for part in parts if part]


def marked(comment: re.Match[str]) -> str:
    """Of a comment, what a caller depends on."""
    return "@deprecated " if "@deprecated" in comment[0] else ""


def split(text: str, separator: str) -> Iterator[str]:
    """The parts of a text between separators that stand outside every bracket."""
    depth, start = 0, 0
    for place, character in enumerate(text):
        depth += (character in "({[") - (character in ")}]")
        if character == separator and not depth:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def facts_of(key: str, declared: Declared) -> dict[str, str]:
    statement = re.sub(r"^(@deprecated )?export (declare )?", r"\1", declared.statement).rstrip(";")
    head = statement.partition("{")[0].strip()
    if not head.removeprefix("@deprecated ").startswith(("interface", "class", "abstract", "enum")):
        return {key: statement}
    facts = {key: head}
    for text in members_of(declared):
        place = f"{key}.{name_of(text)}"
        facts[place] = f"{facts[place]} & {text}" if place in facts else text
    return facts


def members_of(declared: Declared) -> Iterator[str]:
    """The members of a class or an interface, those of bases that nobody can import included."""
    head, _, body = declared.statement.partition("{")
    bases = BASES.findall(f"{head}{{") if "interface" in head else []
    for base in (part.strip() for bases in bases for part in bases.split(",")):
        if (inner := private(declared.module, base)) is not None:
            yield from members_of(inner)
    for member in split(body.rpartition("}")[0], ";"):
        if (text := member.strip()) and not text.startswith(("#", "private ")):
            yield text


def private(module: Path, name: str) -> Declared | None:
    """A declaration of the module's own that it does not export."""
    for statement in statements_of(module):
        declared = DECLARED.match(statement)
        if declared and declared[3] == name and not declared[1]:
            return Declared(statement, module)
    return None


def name_of(member: str) -> str:
    found = MEMBER.match(f"{member};")
    return found[1].replace("Symbol.", "") if found else "()"

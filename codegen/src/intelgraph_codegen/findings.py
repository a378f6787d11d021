"""What each code of a finding means and what to do about it; `docs/reference/findings.md` is this.

A code is a promise to scripts that read findings: it is added, and never taken to mean another
thing. Messages may be worded anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

PAGE: Final = "docs/reference/findings.md"

Code = Literal[
    "missing-input",
    "unreadable-file",
    "invalid-syntax",
    "invalid-json",
    "invalid-toml",
    "invalid-introspection",
    "nested-too-deeply",
    "no-operations",
    "anonymous-operation",
    "same-op-id",
    "misplaced-definition",
    "defined-twice",
    "given-twice",
    "unknown-type",
    "unknown-field",
    "unknown-argument",
    "unknown-directive",
    "unknown-fragment",
    "unknown-variable",
    "unused-fragment",
    "unused-variable",
    "missing-argument",
    "misplaced-directive",
    "wrong-selection",
    "wrong-fragment-type",
    "impossible-fragment",
    "fragment-cycle",
    "conflicting-fields",
    "wrong-variable-type",
    "wrong-value",
    "invalid-subscription",
    "incremental-delivery",
    "reserved-name",
    "missing-root",
    "wrong-kind",
    "empty-type",
    "unmet-interface",
    "wrong-one-of",
    "endless-input",
    "required-deprecated",
    "deprecated-alone",
    "invalid-document",
    "invalid-schema",
    "wrong-command-line",
    "unknown-setting",
    "wrong-setting",
    "missing-setting",
    "second-configuration",
    "unknown-scalar",
    "unknown-mutation",
    "file-exists",
    "outdated-file",
    "foreign-file",
    "changed-by-hand",
    "damaged-file-list",
    "missing-manifest",
    "damaged-manifest",
    "unknown-document",
    "unretirable-document",
    "retired-document",
    "unreachable-server",
]


class Finding(NamedTuple):
    """One sort of finding, in words."""

    meaning: str
    remedy: str


def help_of(code: Code) -> str:
    """Where the documentation speaks of a code."""
    return f"{PAGE}#{code}"


CODES: Final[tuple[Code, ...]] = get_args(Code)
_HEAD: Final = """\
# Findings

What `intelgraph-codegen` finds wrong ends with a code in brackets, such as `[unknown-field]`. With
`--format json` the code is a member of its own beside `help`, which names the section of this page;
with `--format github` it is the title. Codes stay what they are from release to release, while
messages may be worded anew. What `diff` tells of are [changes](command_line.md#diff), no findings.
"""


def page() -> str:
    """The page of the documentation that says what each code means."""
    sections = (
        f"## {code}\n\n{FINDINGS[code].meaning} {FINDINGS[code].remedy}\n" for code in CODES
    )
    return "\n".join((_HEAD, *sections))


FINDINGS: Final[dict[Code, Finding]] = {
    "missing-input": Finding(
        "A file or folder that is named is not there, or holds nothing of its kind.",
        "Check the path, which starts at the folder of the configuration.",
    ),
    "unreadable-file": Finding(
        "A file may not be read, or is not UTF-8.",
        "Give yourself the permission, or save it as UTF-8.",
    ),
    "invalid-syntax": Finding(
        "The text is not GraphQL from this place on.",
        "What is wrong often stands just before: a brace that is not closed, a misspelt keyword.",
    ),
    "invalid-json": Finding(
        "The file is not JSON from this place on.",
        "Look for a comma too many or a quote too few.",
    ),
    "invalid-toml": Finding(
        "The file is not TOML from this place on.",
        "Look at the key and the quotes there.",
    ),
    "invalid-introspection": Finding(
        "The JSON is not the answer to an introspection query, or misses a part of one.",
        "Fetch it again, such as with `intelgraph-codegen schema pull`.",
    ),
    "nested-too-deeply": Finding(
        "The file nests deeper than can be read.",
        "No schema or operation that people write does; see what has written it.",
    ),
    "no-operations": Finding(
        "The documents hold no operation, so there is nothing to make a client of.",
        "Write a query, or name the folder that has some.",
    ),
    "anonymous-operation": Finding(
        "An operation has no name, but the method of the client is named after it.",
        "Name it: `query GetUser { … }`.",
    ),
    "same-op-id": Finding(
        "Two operations would have the same id, as their names differ in case only.",
        "Rename one of them.",
    ),
    "misplaced-definition": Finding(
        "A type stands among the operations, or an operation among the types.",
        "Move it to the other files.",
    ),
    "defined-twice": Finding(
        "A name is defined twice; the message says where the first one is.",
        "Remove or rename one of the two. `--lenient` takes the first of two fields.",
    ),
    "given-twice": Finding(
        "An argument, a field of an input or a directive is given twice at one place.",
        "Keep the one that is meant.",
    ),
    "unknown-type": Finding(
        "The schema has no type of this name.",
        "Take the name that is suggested, or fetch the schema anew.",
    ),
    "unknown-field": Finding(
        "The type has no field of this name.",
        "Take the name that is suggested, or fetch the schema anew.",
    ),
    "unknown-argument": Finding(
        "The field or directive has no argument of this name.",
        "Take the name that is suggested.",
    ),
    "unknown-directive": Finding(
        "The schema defines no directive of this name.",
        "Take the name that is suggested, or define it in the schema.",
    ),
    "unknown-fragment": Finding(
        "No document defines a fragment of this name.",
        "Take the name that is suggested, or add the file that defines it.",
    ),
    "unknown-variable": Finding(
        "The operation uses a variable, itself or in a fragment, that it does not define.",
        "Define it in the operation's brackets: `query GetUser($id: ID!)`.",
    ),
    "unused-fragment": Finding(
        "No operation uses the fragment, so nothing is printed for it.",
        "Use it, or remove it. This is a warning.",
    ),
    "unused-variable": Finding(
        "The operation defines a variable that it never uses.",
        "Use it, or remove it.",
    ),
    "missing-argument": Finding(
        "A required argument is not given.",
        "Give it, such as from a variable.",
    ),
    "misplaced-directive": Finding(
        "The directive is not defined for this place.",
        "Move it to a place that its definition lists.",
    ),
    "wrong-selection": Finding(
        "Fields are selected of what has none, or none of what has some.",
        "Remove the braces, or select fields in them.",
    ),
    "wrong-fragment-type": Finding(
        "A fragment is on a type that has no fields.",
        "Let it be on an object, an interface or a union.",
    ),
    "impossible-fragment": Finding(
        "The fragment can never apply where it stands, as no object is of both types.",
        "Move it, or correct its type.",
    ),
    "fragment-cycle": Finding(
        "A fragment contains itself.",
        "Spread to the depth that you need, and no further.",
    ),
    "conflicting-fields": Finding(
        "Two fields would answer under one key and are not the same.",
        "Give one of them an alias. `--lenient` keeps those apart that are on different objects.",
    ),
    "wrong-variable-type": Finding(
        "The variable's type is not for input, or not the one that is needed where it is used.",
        "Define it with the type that the message names.",
    ),
    "wrong-value": Finding(
        "A value that is written out does not fit the type it is for.",
        "Write one that does; the message says of which type.",
    ),
    "invalid-subscription": Finding(
        "A subscription selects another number of fields than one, or one that is no event.",
        "Select exactly one field, without `@skip` and `@include`.",
    ),
    "incremental-delivery": Finding(
        "`@defer` and `@stream` ask for an answer in parts, which the clients do not read.",
        "Leave the directive out.",
    ),
    "reserved-name": Finding(
        "A name or an alias is one that GraphQL keeps for itself.",
        "Choose another; names that begin with `__` are GraphQL's.",
    ),
    "missing-root": Finding(
        "The schema has no type for operations of this kind.",
        "Every schema has a query type; mutations and subscriptions need theirs.",
    ),
    "wrong-kind": Finding(
        "A type stands where its kind cannot, such as an input among results.",
        "Take a type of the kind that the message names.",
    ),
    "empty-type": Finding(
        "A type has no fields, values or members.",
        "Give it one, or remove it.",
    ),
    "unmet-interface": Finding(
        "A type does not have all that its interface promises, or implements in a circle.",
        "Add or correct what the message names.",
    ),
    "wrong-one-of": Finding(
        "A field of a `@oneOf` input is required or has a default.",
        "All its fields are nullable and without defaults, since exactly one is given.",
    ),
    "endless-input": Finding(
        "An input or its default contains itself without an end, so that it has no value.",
        "Make one of the fields on the way nullable.",
    ),
    "required-deprecated": Finding(
        "What is required is marked as deprecated, but nobody can leave it out.",
        "Make it optional first.",
    ),
    "deprecated-alone": Finding(
        "A field is deprecated while that of its interface is not.",
        "Deprecate both. This is a warning.",
    ),
    "invalid-document": Finding(
        "The documents are wrong in a way that has no code of its own.",
        "The message quotes the library that found it.",
    ),
    "invalid-schema": Finding(
        "The schema is wrong in a way that has no code of its own.",
        "The message quotes the library that found it.",
    ),
    "wrong-command-line": Finding(
        "The command line cannot be followed.",
        "`--help` shows what the command takes, with examples.",
    ),
    "unknown-setting": Finding(
        "The configuration has a key that means nothing.",
        "Take the name that is suggested; all are in [configuration](configuration.md).",
    ),
    "wrong-setting": Finding(
        "A setting has a value that cannot be followed.",
        "The message says of which form it has to be.",
    ),
    "missing-setting": Finding(
        "Neither the command line nor the configuration says what to read or to write.",
        "Pass the option that is named, or configure it.",
    ),
    "second-configuration": Finding(
        "The folder is configured already.",
        "Keep one configuration.",
    ),
    "unknown-scalar": Finding(
        "The configuration speaks of a scalar that the schema does not have.",
        "Take the name that is suggested.",
    ),
    "unknown-mutation": Finding(
        "The configuration names a mutation that the schema does not have.",
        "Take the name that is suggested.",
    ),
    "file-exists": Finding(
        "`init` would have to overwrite a file.",
        "Move the file away, or begin in another folder.",
    ),
    "outdated-file": Finding(
        "A file is not what would be written now; only `--check` tells so.",
        "Run the command without `--check`.",
    ),
    "foreign-file": Finding(
        "What stands at an output's place was not written by the generator, which keeps it.",
        "Move it away, or name a folder of its own for the output.",
    ),
    "changed-by-hand": Finding(
        "A generated file was changed, and the change would get lost.",
        "Take the change to the schema or the operations, and delete the file.",
    ),
    "damaged-file-list": Finding(
        "The list of generated files cannot be read, so nobody knows which may be replaced.",
        "Restore it from version control, or delete the folder.",
    ),
    "missing-manifest": Finding(
        "There is no manifest at this path.",
        "Generate first, or correct the path.",
    ),
    "damaged-manifest": Finding(
        "The manifest is not what the generator writes, or published entries of it were changed.",
        "Restore it from version control; a published document never changes.",
    ),
    "unknown-document": Finding(
        "The manifest has no document of this id.",
        "Take the id that is suggested.",
    ),
    "unretirable-document": Finding(
        "The document is a draft, was retired before, or is of a later release.",
        "Only what clients send can be retired, and once.",
    ),
    "retired-document": Finding(
        "An operation is a document that was retired, which servers no longer accept.",
        "Change the operation, which makes a new version, or remove it.",
    ),
    "unreachable-server": Finding(
        "The server that should tell its schema did not.",
        "Check the address, the token and whether introspection is allowed there.",
    ),
}


if __name__ == "__main__":
    Path(PAGE).write_text(page(), "utf-8")

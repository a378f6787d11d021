from __future__ import annotations

import pytest

from intelgraph_codegen.arguments import Parser, build_parser, options_of, parse
from intelgraph_codegen.commands import COMMANDS
from intelgraph_codegen.errors import UsageError
from intelgraph_codegen.terminal import PROGRAM


def told(*arguments: str) -> str:
    with pytest.raises(UsageError) as caught:
        parse(build_parser(COMMANDS), arguments, COMMANDS)
    return str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["generat"],
            "`intelgraph-codegen` has no command `generat`. Did you mean `generate`?",
        ),
        (
            ["schema", "pul"],
            "`intelgraph-codegen schema` has no command `pul`. Did you mean `pull`?",
        ),
        (["zzz"], "`intelgraph-codegen` has no command `zzz`."),
        (
            ["generate", "--pyton", "x"],
            "`intelgraph-codegen generate` has no option `--pyton`. Did you mean `--python`?",
        ),
        (
            ["generate", "--lenint=1"],
            "`intelgraph-codegen generate` has no option `--lenint`. Did you mean `--lenient`?",
        ),
        (["generate", "x"], "`intelgraph-codegen generate` cannot do anything with `x`."),
        (
            ["publish"],
            (
                "The following arguments are required: --release; "
                "`intelgraph-codegen publish --help` tells more."
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_what_was_probably_meant(arguments: list[str], message: str) -> None:
    assert told(*arguments) == f"{message} [wrong-command-line]"


def test_an_option_is_never_guessed_from_its_beginning() -> None:
    assert "has no option `--pyth`" in told("generate", "--pyth", "x")


def test_the_help_of_every_command_has_examples_that_can_be_followed() -> None:
    parser = build_parser(COMMANDS)

    for command in COMMANDS:
        assert command.examples
        for example in command.examples:
            program, *arguments = example.partition(" |")[0].partition(" >")[0].split()
            assert program == PROGRAM
            assert parse(parser, arguments, COMMANDS).command is command


def test_the_help_reads_like_this(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        build_parser(COMMANDS).parse_args(["publish", "--help"])

    assert caught.value.code == 0
    assert capsys.readouterr().out.endswith(
        "examples:\n  intelgraph-codegen publish --release 1.2.0\n"
    )


def test_every_option_explains_itself() -> None:
    parser = build_parser(COMMANDS)
    for command in COMMANDS:
        inner = parser.parse_args([*command.words, *_required(command.name)]).parser
        assert isinstance(inner, Parser)
        assert [name for name, action in options_of(inner).items() if not action.help] == []


def _required(name: str) -> list[str]:
    known = {
        "publish": ["--release", "1.0.0"],
        "retire": ["a:v1", "--release", "1.0.0", "--reason", "x"],
        "schema pull": ["https://x"],
        "diff": ["a", "b"],
    }
    return known.get(name, [])

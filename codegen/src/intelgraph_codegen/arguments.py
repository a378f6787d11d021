"""The parser of the command line: every mistake as one finding, with what was probably meant.

argparse reads the options; what it says of mistakes is said here in the house's words.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from .errors import Diagnostic, UsageError, did_you_mean
from .reports import FORMS
from .terminal import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_INDENT = "  "
_HELP_COLUMN = 28


@dataclass(frozen=True, slots=True)
class Command:
    """One command: how it is called, what its help says, and what it does."""

    words: tuple[str, ...]
    summary: str
    description: str
    examples: tuple[str, ...]
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]

    @property
    def name(self) -> str:
        return " ".join(self.words)


class Parser(argparse.ArgumentParser):
    """A parser that raises a `UsageError` where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line with argparse's reason and where to read on."""
        reason = f"{message[:1].upper()}{message[1:]}".rstrip(".")
        raise usage(f"{reason}; `{self.prog} --help` tells more.")


def build_parser(commands: Iterable[Command]) -> Parser:
    """The parser of the whole program."""
    parser = _parser(
        PROGRAM,
        "Typed Python and TypeScript clients from a GraphQL schema and named operations.",
        (f"{PROGRAM} init --yes", f"{PROGRAM} generate"),
    )
    parser.add_argument("--version", action="store_true", help="tell the version and end")
    parser.add_argument("--json", action="store_true", help="with --version: as JSON")
    top = _subcommands(parser)
    groups = {"": top}
    for command in commands:
        group = " ".join(command.words[:-1])
        if group not in groups:
            name = f"{PROGRAM} {group}"
            told = top.add_parser(group, help=f"see `{name} --help`", prog=name)
            told.set_defaults(parser=told)
            groups[group] = _subcommands(told)
        inner = groups[group].add_parser(
            command.words[-1],
            help=command.summary,
            prog=f"{PROGRAM} {command.name}",
            description=command.description,
            epilog=_epilog(command.examples),
            formatter_class=_formatter,
            allow_abbrev=False,
        )
        command.add_options(inner)
        inner.set_defaults(command=command, parser=inner)
    return parser


def parse(
    parser: Parser, arguments: Sequence[str], commands: Iterable[Command]
) -> argparse.Namespace:
    """The options of a command line; raises `UsageError` for one that cannot be followed."""
    _check_words(arguments, [command.words for command in commands])
    options, unknown = parser.parse_known_args(arguments)
    used: argparse.ArgumentParser = getattr(options, "parser", parser)
    for word in unknown:
        if not word.startswith("-"):
            raise usage(f"`{used.prog}` cannot do anything with `{word}`.")
        name = word.partition("=")[0]
        known = [option for option in options_of(used) if option.startswith("--")]
        raise usage(f"`{used.prog}` has no option `{name}`.", did_you_mean(name, known))
    return options


def options_of(parser: argparse.ArgumentParser) -> Mapping[str, argparse.Action]:
    """Every option of a parser by how it is written."""
    return dict(parser._option_string_actions)  # noqa: SLF001


def add_format(parser: argparse.ArgumentParser) -> None:
    """The option that most commands share."""
    parser.add_argument(
        "--format",
        choices=("text", *FORMS),
        default="text",
        help="how findings are told: for people, or on standard output as JSON or as GitHub's "
        "workflow commands (text)",
    )


def usage(message: str, suggestion: str | None = None) -> UsageError:
    """A `UsageError` of a single finding, to raise."""
    return UsageError([Diagnostic(message, None, suggestion, code="wrong-command-line")])


def _check_words(arguments: Sequence[str], known: Sequence[tuple[str, ...]]) -> None:
    """Refuse a command that there is not, before argparse lists all that there are."""
    so_far: tuple[str, ...] = ()
    for word in arguments:
        at = len(so_far)
        nexts = {words[at] for words in known if words[:at] == so_far and len(words) > at}
        if not nexts or (word.startswith("-") and word != "-"):
            return
        if word not in nexts:
            called = " ".join((PROGRAM, *so_far))
            raise usage(f"`{called}` has no command `{word}`.", did_you_mean(word, nexts))
        so_far += (word,)


def _subcommands(  # The type that argparse gives has no public name.
    parser: argparse.ArgumentParser,
) -> argparse._SubParsersAction[Parser]:  # pyright: ignore[reportPrivateUsage]
    return parser.add_subparsers(metavar="COMMAND", parser_class=Parser)


def _parser(name: str, description: str, examples: tuple[str, ...]) -> Parser:
    return Parser(
        prog=name,
        description=description,
        epilog=_epilog(examples),
        formatter_class=_formatter,
        allow_abbrev=False,
    )


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=_HELP_COLUMN)


def _epilog(examples: Sequence[str]) -> str:
    return "\n".join(("examples:", *(f"{_INDENT}{example}" for example in examples)))

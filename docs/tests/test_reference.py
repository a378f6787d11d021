"""The reference pages of the generator say what its parser and its configuration say."""

from __future__ import annotations

import argparse
import json
import re

import pytest
from repository import text

from intelgraph_codegen.arguments import Command, build_parser, options_of
from intelgraph_codegen.cli import EXIT_CODES
from intelgraph_codegen.commands import COMMANDS

PAGE = "docs/reference/command_line.md"


def section(name: str) -> str:
    return text(PAGE).partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def long_options(parser: argparse.ArgumentParser) -> list[str]:
    return [name for name in options_of(parser) if name.startswith("--") and name != "--help"]


def parser_of(command: Command) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    return parser


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_page_lists_every_option_of_the_command_and_no_other(command: Command) -> None:
    listed = re.findall(r"^\| `(--[\w-]+)` \|", section(command.name), re.MULTILINE)

    assert sorted(listed) == sorted(long_options(parser_of(command)))


def test_the_page_has_every_command_in_the_order_of_the_help() -> None:
    titles = re.findall(r"^## (.+)$", text(PAGE), re.MULTILINE)

    assert titles == [command.name for command in COMMANDS]


def test_the_page_lists_the_options_of_the_program_itself() -> None:
    head = text(PAGE).partition("\n## ")[0]

    assert re.findall(r"^\| `(--[\w-]+)` \|", head, re.MULTILINE) == long_options(
        build_parser(COMMANDS)
    )


def test_the_page_lists_the_exit_codes_of_the_program() -> None:
    head = text(PAGE).partition("\n## ")[0]
    listed = re.findall(r"^\| (\d+) \| (.+) \|$", head, re.MULTILINE)

    assert [(int(code), words) for code, words in listed] == list(EXIT_CODES.items())


def test_the_page_lists_every_key_of_the_configuration_in_order() -> None:
    schema = json.loads(text("codegen/src/intelgraph_codegen/config.schema.json"))

    listed = re.findall(r"^\| `(\w+)` \|", text("docs/reference/configuration.md"), re.MULTILINE)

    assert listed == list(schema["properties"])

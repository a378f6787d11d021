"""Options have the same names in both languages: a table made from their signatures."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, TypeAlias

import pytest
from repository import text

from intelgraph import AsyncIntelGraph, IntelGraph, RetryPolicy, wire
from intelgraph.webhooks import unwrap
from intelgraph.wire import apq, persisted

if TYPE_CHECKING:
    from collections.abc import Callable

Client: TypeAlias = type[IntelGraph] | type[AsyncIntelGraph]

# Python's name, TypeScript's, and why they are not one name in two spellings.
UNIT = "a duration is in seconds in Python, and names its unit elsewhere"
NAMED_OTHERWISE = {
    "timeout": ("timeoutMs", UNIT),
    "base_delay": ("baseDelayMs", UNIT),
    "throttled_delay": ("throttledDelayMs", UNIT),
    "max_delay": ("maxDelayMs", UNIT),
    "deadline": ("deadlineMs", UNIT),
    "tolerance": ("toleranceMs", UNIT),
    "http_client": ("fetch", "each platform has connections of its own kind"),
}
ONLY_IN_PYTHON = {
    "stop": "strategies of tenacity, which JavaScript has not",
    "wait": "as above",
    "retry": "as above",
}
ONLY_IN_TYPESCRIPT = {
    "dangerouslyAllowBrowser": "Python runs in no browser",
    "newId": "a Python test gives a call its ids, time and chance beneath the client",
    "now": "as above",
    "random": "as above",
    "sleep": "as above",
}
MODULES = ("options", "clock", "retry", "pagination", "webhooks", "wire_modes")
OF_ONE_CALL = {"signal": "a Python task is cancelled itself"}


def python_options(made_by: Callable[..., object]) -> set[str]:
    return {name for name in inspect.signature(made_by).parameters if name != "self"}


def typescript_fields(interface: str) -> set[str]:
    """The fields of an interface, and of those that it extends."""
    source = "".join(text(f"sdk-js/src/{name}.ts") for name in MODULES)
    found = re.search(
        rf"interface {interface}(?: extends ([^{{]+))? \{{\n(.*?)\n\}}", source, re.DOTALL
    )
    assert found, f"there is no interface {interface}"
    bases = re.findall(r"\w+", (found[1] or "").replace("Loose", ""))
    fields = set(re.findall(r"^  readonly (\w+)\??:", found[2], re.MULTILINE))
    assert fields
    return fields.union(*(typescript_fields(base) for base in bases))


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)


def in_typescript(names: set[str]) -> set[str]:
    return {NAMED_OTHERWISE[name][0] if name in NAMED_OTHERWISE else camel(name) for name in names}


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_a_client_is_made_with_the_same_options_in_both_languages(client: Client) -> None:
    ours = in_typescript(python_options(client))

    theirs = typescript_fields("ClientOptions")
    assert theirs == ours | ONLY_IN_TYPESCRIPT.keys()


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_a_copy_is_made_with_the_options_of_a_call_and_another_policy(client: Client) -> None:
    ours = in_typescript(python_options(client.with_options))

    theirs = typescript_fields("CallOptions") - OF_ONE_CALL.keys() | {"retryPolicy"}
    assert theirs == ours


@pytest.mark.parametrize(
    ("made_by", "interface"),
    [
        (RetryPolicy, "RetryPolicy"),
        (persisted, "WireOptions"),
        (apq, "WireOptions"),
        (wire.text, "WireOptions"),
        (unwrap, "UnwrapOptions"),
    ],
    ids=["RetryPolicy", "persisted", "apq", "text", "unwrap"],
)
def test_what_else_takes_options_takes_the_same_ones(
    made_by: Callable[..., object], interface: str
) -> None:
    parameters = inspect.signature(made_by).parameters.values()
    by_name = {each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}

    assert by_name
    assert typescript_fields(interface) == in_typescript(by_name - ONLY_IN_PYTHON.keys())


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_reading_on_takes_a_limit_and_nothing_else_beside_variables(client: Client) -> None:
    own = python_options(client.iter_list_entities) - python_options(client.list_entities)

    assert own == {"limit"}
    assert typescript_fields("IterOptions") - typescript_fields("CallOptions") == own


def test_a_copy_takes_what_its_type_says() -> None:
    copied = re.search(r"type CopyOptions =(.*?);", text("sdk-js/src/options.ts"), re.DOTALL)

    assert copied
    words = set(re.findall(r"\w+", copied[1]))
    assert words == {"Omit", "CallOptions", "signal", "Pick", "ClientOptions", "retryPolicy"}


def test_the_guide_lists_the_options_of_a_client_in_both_languages() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", text("docs/guides/options.md"), re.MULTILINE)

    ours = python_options(IntelGraph)
    assert {python for python, _ in rows} == ours
    assert all(in_typescript({python}) == {typescript} for python, typescript in rows)
    assert len(rows) == len(ours)

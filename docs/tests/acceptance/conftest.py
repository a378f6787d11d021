"""What each pack proved, sentence by sentence, printed at the end of the run.

A check says with `proved` what it saw. A sentence of a pack without a check, a check without a
sentence, and a check that passes without saying what it proved are failures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import story
from acceptance_packs import LIMITS, PACKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reference_server import ReferenceServer

SAID = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SAID] = {}


@pytest.fixture
def proved(request: pytest.FixtureRequest) -> Iterator[Callable[[str], None]]:
    """Takes the one line that says what the check saw."""
    said: list[str] = []
    yield said.append
    # A check that failed has nothing to say; one that passed in silence is told so below.
    if said:
        request.config.stash[SAID][request.node.name] = said[-1]


@pytest.fixture(scope="session")
def sinks() -> Iterator[story.Recipients]:
    with story.recipients() as recipients:
        yield recipients


@pytest.fixture(scope="session")
def live(
    tmp_path_factory: pytest.TempPathFactory, sinks: story.Recipients
) -> Iterator[ReferenceServer]:
    """A server with the demonstration data, the time of day, and recipients that take mail."""
    folder = tmp_path_factory.mktemp("live")
    with story.kept_server(folder, INTELGRAPH_SMTP_URL=sinks.smtp_url) as server:
        yield server


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A check that passed without saying what it proved is a failure."""
    checks = {entry["check"] for sentences in PACKS.values() for entry in sentences}
    ran = {item.name for item in session.items} & checks
    if exitstatus == pytest.ExitCode.OK and ran - session.config.stash[SAID].keys():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    passed = {report.nodeid.rpartition("::")[2] for report in terminalreporter.getreports("passed")}
    said = config.stash[SAID]
    write = terminalreporter.write_line
    terminalreporter.section("acceptance packs")
    for pack, sentences in PACKS.items():
        for entry in sentences:
            check = entry["check"]
            state = "proved" if check in passed and check in said else "NOT PROVED"
            write(f"{pack}: {entry['sentence']}: {state}. {said.get(check, '')}")
    for kind, entries in LIMITS.items():
        for entry in entries:
            write(f"{kind}: {entry['what']}: {entry['why']}")

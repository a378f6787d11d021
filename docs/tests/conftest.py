"""What the tests of docs and examples share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reference_server import ReferenceServer, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[ReferenceServer]:
    with running() as server:
        yield server

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from intelgraph._lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def package() -> Iterator[ModuleType]:
    module = ModuleType("made_for_the_test")
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def test_a_name_is_imported_once_and_then_kept(package: ModuleType) -> None:
    resolve = lazy(package.__name__, {"loads": "json"})

    value = resolve("loads")

    assert value is sys.modules["json"].loads
    assert vars(package)["loads"] is value


def test_a_name_may_be_its_module(package: ModuleType) -> None:
    resolve = lazy(package.__name__, {"decoder": "json.decoder"})

    assert resolve("decoder") is sys.modules["json.decoder"]


def test_a_name_that_is_not_listed_is_an_attribute_error(package: ModuleType) -> None:
    resolve = lazy(package.__name__, {})

    with pytest.raises(AttributeError, match="'made_for_the_test' has no attribute 'loads'"):
        resolve("loads")


def test_a_name_that_its_module_lacks_is_an_attribute_error(package: ModuleType) -> None:
    resolve = lazy(package.__name__, {"no_such_name": "json"})

    with pytest.raises(AttributeError, match="no_such_name"):
        resolve("no_such_name")

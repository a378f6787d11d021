from __future__ import annotations

import pytest

from intelgraph_server.engine.ids import is_id


@pytest.mark.parametrize("text", ["a", "0", "Exp_1.2-x", "a" * 64])
def test_an_id_is_short_and_plain(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize("text", ["", "-a", ".a", "a b", "é", "a\n", "a" * 65])
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)

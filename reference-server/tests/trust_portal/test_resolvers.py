"""What the trust portal answers about the seeded tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Ask = Callable[..., Awaitable[Any]]

TILES = "{ trustTiles { kind status updatedAt } }"


async def test_tiles_stand_in_the_order_of_the_portal(ask: Ask) -> None:
    tiles = (await ask(TILES))["data"]["trustTiles"]

    assert [tile["kind"] for tile in tiles][:3] == ["slo", "uptime", "error_rate"]


async def test_a_tenant_has_one_tile_of_a_kind(ask: Ask) -> None:
    for tenant in ("acme", "globex"):
        kinds = [tile["kind"] for tile in (await ask(TILES, tenant=tenant))["data"]["trustTiles"]]

        assert kinds
        assert len(set(kinds)) == len(kinds)


async def test_a_tenant_that_is_enrolled_in_nothing_has_no_tiles(ask: Ask) -> None:
    assert (await ask(TILES, tenant="initech"))["data"] == {"trustTiles": []}

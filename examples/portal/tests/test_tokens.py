"""The colours of the stylesheet, measured against each other in both schemes."""

from __future__ import annotations

import re
from typing import Final

import pytest
from portal_pages import PORTAL

CSS: Final = (PORTAL / "src" / "portal.css").read_text("utf-8")
TOKENS: Final = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\(\s*(#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\s*\);", CSS
    )
}
SCHEMES: Final = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0
# Whatever is written or drawn, on whatever it stands on.
PAIRS: Final = [
    *((ink, ground, TEXT) for ink in ("ink", "quiet", "accent") for ground in ("paper", "card")),
    ("ink", "tint", TEXT),
    ("accent", "tint", TEXT),
    ("on-accent", "accent", TEXT),
    *((tone, f"{tone}-tint", TEXT) for tone in ("good", "warn", "bad", "unknown")),
    *((tone, "card", TEXT) for tone in ("good", "warn", "bad")),
    # The edges of fields and buttons, and the ring around what has the focus.
    *(("edge", ground, SHAPE) for ground in ("paper", "card")),
    *(("bad", ground, SHAPE) for ground in ("paper", "good-tint")),
    *(("good", ground, SHAPE) for ground in ("paper", "card")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_as_far_apart_as_can_be() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_what_is_drawn_stands_out_from_its_ground(
    front: str, ground: str, least: float, scheme: str
) -> None:
    place = SCHEMES.index(scheme)

    assert contrast(TOKENS[front][place], TOKENS[ground][place]) >= least

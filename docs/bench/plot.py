"""Lines over logarithmic axes, as an SVG that is readable in a light and in a dark page."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 168, 16, 48

# The picture brings its own ground, because a page may be dark where the system is light.
STYLE = """
  .ground { fill: #ffffff } .grid { stroke: #e3e3e8 } .axis { stroke: #6b6b76 }
  text { font: 13px system-ui, sans-serif; fill: #26262d }
  .line { fill: none; stroke-width: 2.5 }
  .s0 { stroke: #b54a00; fill: #b54a00 } .s1 { stroke: #1f5fbf; fill: #1f5fbf }
  path.s0, path.s1 { fill: none } text.s0, text.s1 { stroke: none; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #1c1d22 } .grid { stroke: #34353d } .axis { stroke: #9a9aa6 }
    text { fill: #ececf1 }
    .s0 { stroke: #ff9d5c; fill: #ff9d5c } .s1 { stroke: #7db0ff; fill: #7db0ff }
  }
"""


class Scale:
    """A logarithmic axis between two whole powers of ten, or nearly so."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = log10(min(values)), log10(max(values))
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        part = (log10(value) - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)


def log_log(
    sizes: Sequence[float], series: Mapping[str, Sequence[float]], axes: tuple[str, str]
) -> str:
    """The series over the sizes; each line bears its name at its end."""
    highest = max(map(max, series.values()))
    lowest = min(map(min, series.values()))
    powers = range(floor(log10(lowest)) - 1, ceil(log10(highest)) + 2)
    steps = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    ticks = [
        step
        for before, step, after in zip(steps, steps[1:], steps[2:], strict=False)
        if before < highest and after > lowest
    ]
    x, y = Scale(sizes, LEFT, WIDTH - RIGHT), Scale(ticks, HEIGHT - BOTTOM, TOP)
    title = f"{axes[1]} over {axes[0]}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
            *horizontal(y, ticks),
            *vertical(x, sizes),
            *labels(axes),
            *lines(x, y, sizes, series),
            "</svg>\n",
        ]
    )


def horizontal(y: Scale, ticks: Sequence[float]) -> Iterator[str]:
    for value in ticks:
        yield f'<path class="grid" d="M{LEFT} {y(value)}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y(value) + 4}" text-anchor="end">{value:g}</text>'


def vertical(x: Scale, sizes: Sequence[float]) -> Iterator[str]:
    bottom = HEIGHT - BOTTOM
    for size in sizes:
        yield f'<path class="grid" d="M{x(size)} {TOP}V{bottom}"/>'
        yield f'<text x="{x(size)}" y="{bottom + 18}" text-anchor="middle">{size:,}</text>'
    yield f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}"/>'


def labels(axes: tuple[str, str]) -> Iterator[str]:
    middle = (LEFT + WIDTH - RIGHT) // 2
    yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(axes[0])}</text>'
    height = (TOP + HEIGHT - BOTTOM) // 2
    place = f'x="16" y="{height}" text-anchor="middle" transform="rotate(-90 16 {height})"'
    yield f"<text {place}>{escape(axes[1])}</text>"


def lines(
    x: Scale, y: Scale, sizes: Sequence[float], series: Mapping[str, Sequence[float]]
) -> Iterator[str]:
    for number, (name, values) in enumerate(series.items()):
        points = [(x(size), y(value)) for size, value in zip(sizes, values, strict=True)]
        path = "L".join(f"{across} {up}" for across, up in points)
        yield f'<path class="line s{number}" d="M{path}"/>'
        for across, up in points:
            yield f'<circle class="s{number}" cx="{across}" cy="{up}" r="3.5"/>'
        across, up = points[-1]
        yield f'<text class="s{number}" x="{across + 10}" y="{up + 4}">{escape(name)}</text>'

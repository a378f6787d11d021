"""The figures of `docs/soak_results.json` as the page `docs/soak.md`."""

from __future__ import annotations

from typing import Any

HEAD = """\
# Soak

Written by `nox -s soak` from `docs/soak_results.json`: the end-to-end, chaos and load lines of the
specification in a small, bounded form, all of it on one machine, the payment sandbox included. Run
on {date} on {system} with {processors} processors, Python {python} and Node {node}. A line that
fails ends the run, so what stands here passed.

| line | seen |
| --- | --- |
"""


def render(results: dict[str, Any]) -> str:
    rows = (f"| {line['line']} | {_seen(line['seen'])} |\n" for line in results["lines"])
    return HEAD.format(date=results["date"], **results["machine"]) + "".join(rows)


def _seen(seen: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in seen.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)

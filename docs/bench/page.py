"""The figures of `docs/bench_results.json` as the page `docs/benchmarks.md`."""

from __future__ import annotations

from typing import Any

HEAD = """\
# Benchmarks

Written by `nox -s bench` from `docs/bench_results.json`; no figure on these pages comes from
anywhere else. Measured on {date} on {system} with {processors} processors, Python {python} and
Node {node}. All rivals of a table ran in the same process or the same loop, in turn; the figures
are medians. The machine is shared, so read the ratios.
"""

CALLS = """
## A small call

Four trust tiles: {bytes} bytes of JSON. **In memory** is the CPU time of one call on a transport
that answers at once, so it is what a client itself costs. **On a server** is the wall time of one
call to a reference server on the same machine.

| client | in memory, CPU µs | added, µs | ratio | on a server, wall µs | ratio |
| --- | ---: | ---: | ---: | ---: | ---: |
"""

START = """
## Starting a server

`intelgraph-server serve --ephemeral` prints its ready line {seconds} s after its process was made,
with a database of its own already seeded.
"""

GENERATORS = """
## Generating a large client

ariadne-codegen writes one Python client, awaiting; intelgraph-codegen writes a Python package with
both clients, and a TypeScript package, in the same run. It begins without what it remembers of
earlier runs, except where nothing has changed since the last. Ratios are of CPU time, **MB** is the
most memory at a time.
"""

CORPORA = {
    "linear": "Linear's public SDK documents: 663 operations and 557 fragments on a schema of"
    " 49,840 lines.",
    "github": "26 operations and 11 fragments on GitHub's public schema of 64,309 lines.",
}
GENERATED = """
| generator | wall s | CPU s | ratio | MB | Python files | lines | all imports |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""


def render(results: dict[str, Any]) -> str:
    text = HEAD.format(date=results["date"], **results["machine"])
    text += CALLS.format(bytes=results["python"]["replyBytes"])
    for language, raw in (("python", "httpx"), ("node", "fetch")):
        text += "".join(call_rows(results[language], language, raw))
    text += START.format(seconds=results["secondsUntilReady"])
    text += GENERATORS
    for corpus, about in CORPORA.items():
        measured = results["generators"][corpus]
        text += f"\n{about}\n{GENERATED}"
        least = measured["intelgraph-codegen"]["cpuSeconds"]
        text += "".join(generator_row(name, found, least) for name, found in measured.items())
        for name, found in measured.items():
            if found["problem"]:
                text += f"\nThe package of {name} ends with `{found['problem']}`.\n"
    return text


def call_rows(measured: dict[str, dict[str, float]], language: str, raw: str) -> list[str]:
    cpu, wall = measured["cpuMicroseconds"], measured["wallMicroseconds"]
    return [
        f"| {name}, {language.capitalize()} | {cpu[name]:.0f} | {cpu[name] - cpu[raw]:.0f} "
        f"| {cpu[name] / cpu[raw]:.2f} | {wall[name]:.0f} | {wall[name] / wall[raw]:.2f} |\n"
        for name in cpu
    ]


def generator_row(name: str, found: dict[str, Any], ours: float) -> str:
    imports = "yes" if found["imports"] else "no"
    return (
        f"| {name} | {found['wallSeconds']:.2f} | {found['cpuSeconds']:.2f} "
        f"| {found['cpuSeconds'] / ours:.2f} | {found['megabytes']} "
        f"| {found['files']} | {found['lines']:,} | {imports} |\n"
    )

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
call to a reference server on the same machine. Ours tells a hook of every event; no client answers
from a cache.

| client | in memory, CPU µs | added, µs | ratio | on a server, wall µs | ratio |
| --- | ---: | ---: | ---: | ---: | ---: |
"""

DECODING = """
## Reading a megabyte

{objects:,} objects in {bytes:,} bytes of JSON: enums, unions and lists in lists, read by the models
that each generator prints for the same operation, each beside `json.loads` in its own process. A
**call** is the whole call on a transport that answers at once, beside raw httpx and its `.json()`.

| models of | read, CPU ms | over `json.loads` | call, CPU ms | over raw httpx |
| --- | ---: | ---: | ---: | ---: |
"""

STARTING = """
## Starting a program

CPU milliseconds of fresh processes, with all that Python compiled before at hand. A generated
client is imported in the same time however many operations it has, and loads an operation when it
is first called.

| what a program does | CPU ms | more than | ms more |
| --- | ---: | --- | ---: |
"""
LIBRARIES = "httpx, pydantic, tenacity"
# What a program does, by its key: in words, and the program that it is compared with.
PROGRAMS = {
    "import intelgraph": ("`import intelgraph`", "python"),
    "import, 5 operations": ("import a client of 5 of Linear's operations", "python"),
    "import, 663 operations": ("import a client of all 663", "python"),
    "import, GitHub": ("import a client of 26 operations on GitHub's schema", "python"),
    "import, GitHub, ariadne-codegen": ("the same as ariadne-codegen prints it", "python"),
    "IntelGraph made": ("import and make `IntelGraph`", LIBRARIES),
    "client of 663 made": ("import and make the client of 663", LIBRARIES),
    "first call of 5": ("make the client of 5, and decode a first call", LIBRARIES),
    "first call of 663": ("make the client of 663, and decode a first call", LIBRARIES),
    "the same, and one model of pydantic": ("one model of pydantic, without us", LIBRARIES),
}
BASES = {"python": "bare Python", LIBRARIES: f"importing {LIBRARIES}"}

BUNDLE = """
## What an app carries

Bytes of a TypeScript app that calls one operation, bundled by esbuild, minified and gzipped, with
retries, their budget, deadlines, persisted documents and all errors in; and what each further
operation adds. Hooks weigh on who passes some.

| app | bytes |
| --- | ---: |
| one operation over `fetch`, written by hand | {fetch:,} |
| one operation over the SDK | {one:,} |
| each further operation, of 5 | {eachOf5:,} |
| each further operation, of 20 | {eachOf20:,} |
| all operations that are imported and not called | {unused:,} |
"""
# What peers weigh that do not try again, and have neither a deadline nor hooks.
PEER = "| one operation over {name}, without retries and deadlines | {size:,} |\n"

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
most memory at a time. What intelgraph-codegen writes here passes mypy and pyright in their strict
modes and the TypeScript compiler in its strictest, which the tests of the generator check.
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

GROWTH = """
## How the time grows

Both axes are logarithmic. First, Linear's whole schema with the first of its operations and the
fragments that they reach; then one operation on a small schema that is multiplied: its types are
copied under other names, so the sizes are real and the types are not.
"""
PLOTS = {"operations": "operations", "schemaLines": "lines of the schema"}

FLEET = """
## A fleet in an outage

A simulation: {load} calls in a second, made by as many clients as it takes at the rate of each, go
to a server that bears {capacity:g} times as much and is away for {seconds} s. Clients of IntelGraph
are the SDK's own calls, policy and budget on a simulated clock; the peers' constants are
re-implemented from their sources. All give an attempt 10 s. **Attempts per call** are those that a
server which is away has to bear; the **peak** is the busiest second, over the load; **refusing** is
how long the server is still overrun once it is back; the last three are the worst of the four
rates.
"""
WAYS = {
    "refusing": "The server refuses at once, with status 503:",
    "silent": "The server says nothing, so that each attempt takes its whole timeout:",
}
OUTAGE = """
| retries | {rates} | peak | refusing, s | longest call, s |
| --- | {lines}---: | ---: | ---: |
"""
FAILURES = """
A budget must not keep a client from what retries are for. Here each request fails by itself, and
the table shows the calls that succeed; **ideal** is what three attempts can make of it.

| retries | {parts} |
| --- | {lines} |
"""


def render(results: dict[str, Any]) -> str:
    text = HEAD.format(date=results["date"], **results["machine"])
    text += CALLS.format(bytes=results["python"]["replyBytes"])
    for language, raw in (("python", "httpx"), ("node", "fetch")):
        text += "".join(call_rows(results[language], language, raw))
    text += DECODING.format(**results["decoding"])
    text += "".join(decoding_rows(results["decoding"]["milliseconds"]))
    text += STARTING + "".join(starting_rows(results["starting"]))
    text += BUNDLE.format(**results["bundle"])
    text += "".join(PEER.format(name=n, size=s) for n, s in results["bundle"]["peers"].items())
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
    pictures = [growth_picture(name, results["growth"][name]) for name in PLOTS]
    return text + GROWTH + "".join(pictures) + fleet(results["fleet"])


def fleet(found: dict[str, Any]) -> str:
    text = FLEET.format(**found, seconds=found["outageSeconds"])
    rates = " | ".join(f"{rate:g} a second" for rate in found["rates"])
    for way, about in WAYS.items():
        text += f"\n{about}\n" + OUTAGE.format(rates=rates, lines="---: | " * len(found["rates"]))
        text += "".join(outage_row(*each) for each in found["outages"][way].items())
    random = {
        name: [part["succeeded"] for part in parts] for name, parts in found["random"].items()
    }
    failing = [part["failing"] for part in found["random"]["IntelGraph"]]
    parts = " | ".join(f"{part:.0%} fail" for part in failing)
    text += FAILURES.format(parts=parts, lines=" | ".join("---:" for _ in failing))
    rows = {"ideal": [1 - part**3 for part in failing], **random}
    return text + "".join(
        f"| {name} | {' | '.join(f'{each:.2%}' for each in parts)} |\n"
        for name, parts in rows.items()
    )


def outage_row(name: str, seen: list[dict[str, float]]) -> str:
    attempts = " | ".join(f"{each['attemptsPerCall']:.2f}" for each in seen)
    peak, refusing, longest = (
        max(each[fact] for each in seen)
        for fact in ("peak", "recoverySeconds", "longestCallSeconds")
    )
    return f"| {name} | {attempts} | {peak:.1f} | {refusing:.0f} | {longest:.1f} |\n"


def decoding_rows(measured: dict[str, dict[str, float]]) -> list[str]:
    return [
        f"| {name} | {ms['decode']:.1f} | {ms['decode'] / ms['json.loads']:.2f} "
        f"| {ms['call']:.1f} | {ms['call'] / ms['httpx']:.2f} |\n"
        for name, ms in measured.items()
    ]


def starting_rows(measured: dict[str, float]) -> list[str]:
    return [
        f"| {text} | {measured[name]:.0f} | {BASES[base]} "
        f"| {round(measured[name] - measured[base])} |\n"
        for name, (text, base) in PROGRAMS.items()
    ]


def picture(name: str) -> str:
    """Where the plot of a growth stands, as the page names it."""
    return f"images/growth_of_{PLOTS[name].replace(' ', '_')}.svg"


def growth_picture(name: str, grown: dict[str, Any]) -> str:
    """The plot, and what it shows for whoever does not see it."""
    sizes = grown["sizes"]
    ends = " and ".join(
        f"{generator} goes from {seconds[0]:.2f} to {seconds[-1]:.2f} CPU seconds"
        for generator, seconds in grown["cpuSeconds"].items()
    )
    alt = f"From {sizes[0]:,} to {sizes[-1]:,} {PLOTS[name]}, {ends}."
    return f"\n![{alt}]({picture(name)})\n"


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

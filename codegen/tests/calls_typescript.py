"""Calls of operations as a TypeScript program: typed literals that a compiler checks and Node runs.

A literal is what a server answers, but for one thing: where a union meets a type that the
client does not list, the literal says `%other`, which is how TypeScript's types name it.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from checkers import ROOT, run, tool

from intelgraph_codegen.ir import Choice, ListOf, Selected
from intelgraph_codegen.typescript.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from corpora import Call, Corpus

    from intelgraph_codegen.ir import Model, Shape, TypeRef
    from intelgraph_codegen.ir import Path as ShapePath

RUNTIME = ROOT / "sdk-js" / "src" / "runtime.ts"
PROGRAM = """\
import { createHash } from "node:crypto";
import { deepStrictEqual } from "node:assert/strict";

const encoder = new TextEncoder();
const miss = { errors: [{ message: "?", extensions: { code: "PERSISTED_DOCUMENT_NOT_FOUND" } }] };

function reply(json) {
  const headers = new Headers({ "content-type": "application/graphql-response+json" });
  return { status: 200, headers, body: encoder.encode(JSON.stringify(json)) };
}

function stream(answers) {
  const texts = answers.map((data) => `event: next\\ndata: ${JSON.stringify({ data })}\\n\\n`);
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(`${texts.join("")}event: complete\\ndata:\\n\\n`));
      controller.close();
    },
  });
  return { status: 200, headers: new Headers({ "content-type": "text/event-stream" }), body };
}

export async function check(Client, calls) {
  const ids = {};
  for (const { name, method, kind, variables, answers, root } of calls) {
    const bodies = [];
    const isStream = kind === "subscription";
    const send = async ({ body }) => {
      bodies.push(JSON.parse(body));
      if (bodies.length === 1) return reply(miss);
      return isStream ? stream(answers) : reply({ data: answers[0] });
    };
    const transport = { send, open: send };
    const client = new Client({ apiKey: null, url: "https://example.test/graphql", transport });
    const given = variables === null ? [] : [variables];
    const results = [];
    if (isStream) for await (const item of client[method](...given)) results.push(item);
    else results.push(await client[method](...given));

    deepStrictEqual(results, answers.map((data) => (root === null ? data : data[root])));
    const [asked, { query, ...rest }] = bodies;
    deepStrictEqual(rest, asked);
    deepStrictEqual(asked.variables ?? {}, variables ?? {});
    const hash = `sha256:${createHash("sha256").update(query).digest("hex")}`;
    deepStrictEqual(asked.documentId, hash);
    ids[name] = hash;
  }
  return ids;
}
"""


def write_calls(corpus: Corpus) -> None:
    """Write the calls beside the client, each literal with the type that was generated for it."""
    literals = Literals(corpus)
    names = names_of(corpus.program)
    package = f"./{corpus.name}_typescript"
    lines = [f'import {{ Client }} from "{package}/index.js";']
    entries: list[str] = []
    for number, call in enumerate(corpus.calls):
        operation = call.operation
        module = names.operations[operation.name]
        lines.append(f'import type * as m{number} from "{package}/operations/{module.name}.js";')
        answers = ", ".join(literals.of(call))
        lines.append(f"const a{number}: readonly m{number}.{module.main}[] = [{answers}];")
        if module.variables:
            text = json.dumps(call.variables)
            lines.append(f"const v{number}: m{number}.{module.variables} = {text};")
        entry = {
            "name": operation.name,
            "method": names.methods[operation.name],
            "kind": operation.kind,
            "root": operation.root.key if operation.root else None,
        }
        variables = f"v{number}" if module.variables else "null"
        entries.append(f"{{...{json.dumps(entry)}, answers: a{number}, variables: {variables}}},")
    lines += ["export const calls: readonly object[] = [", *entries, "];", "export { Client };"]
    (corpus.folder / f"{corpus.name}_calls.ts").write_text("\n".join(lines), "utf-8")


def run_calls(folder: Path, corpora: Sequence[Corpus]) -> dict[str, dict[str, str]]:
    """Run the calls in Node; the hash of the text that each operation sent, by its name."""
    (folder / "check.mjs").write_text(PROGRAM, "utf-8")
    lines = ['import { check } from "./check.mjs";', "const found = {};"]
    for corpus in corpora:
        lines.append(f'import * as {corpus.name} from "./{corpus.name}_calls.ts";')
        called = f"check({corpus.name}.Client, {corpus.name}.calls)"
        lines.append(f"found.{corpus.name} = await {called};")
    lines.append("console.log(JSON.stringify(found));")
    (folder / "main.mjs").write_text("\n".join(lines), "utf-8")
    options = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning"]
    alias = f"--alias:@intelgraph/sdk/runtime={RUNTIME}"
    run([tool("esbuild"), "main.mjs", *options, alias, "--outfile=bundle.mjs"], folder)
    done = subprocess.run(
        ["node", "bundle.mjs"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Literals:
    """Writes answers as literals, by the shapes that a program gives them."""

    def __init__(self, corpus: Corpus) -> None:
        self._fragments = {
            each.name: {shape.path: shape for shape in each.shapes}
            for each in corpus.program.fragments
        }

    def of(self, call: Call) -> Iterator[str]:
        shapes = {shape.path: shape for shape in call.operation.shapes}
        root = call.operation.shapes[-1]
        for answer in call.answers:
            yield json.dumps(self._object(answer, root, shapes))

    def _object(self, value: Any, shape: Shape, shapes: Mapping[ShapePath, Shape]) -> Any:
        if isinstance(shape, Choice):
            arms = {name: arm.model for arm in shape.arms for name in arm.typenames}
            path = arms.get(value["__typename"], shape.other)
            if path == shape.other:
                value = value | {"__typename": "%other"}
            return self._object(value, shapes[path], shapes)
        assert not isinstance(shape, Choice)
        fields = dict(self._fields(shape, shapes))
        return {key: self._value(item, *fields[key]) for key, item in value.items()}

    def _fields(self, model: Model, shapes: Mapping[ShapePath, Shape]) -> Iterator[Any]:
        for base in model.bases:
            theirs = self._fragments[base]
            root: Any = theirs[base,]
            yield from self._fields(root, theirs)
        for field in model.fields:
            yield field.key, (field.type, shapes)

    def _value(self, value: Any, type_: TypeRef, shapes: Mapping[ShapePath, Shape]) -> Any:
        if isinstance(value, list) and isinstance(type_, ListOf):
            return [self._value(item, type_.item, shapes) for item in value]
        if value is None or not isinstance(type_, Selected):
            return value
        if len(type_.path) == 1:
            shapes = self._fragments[type_.path[0]]
        return self._object(value, shapes[type_.path], shapes)

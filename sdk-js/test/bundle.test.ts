import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as sdk from "@intelgraph/sdk";
import { build } from "esbuild";

const GATE_BYTES = 4096;

async function bundle(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
  });
  return outputFiles[0]?.text ?? "";
}

const ONE_CALL = `
  const client = new BaseClient({ url: "https://graph.example/graphql", apiKey: null });
  console.log(await client.execute(TrustTiles, {}));
`;
const FROM_THE_RUNTIME = `
  import { BaseClient } from "@intelgraph/sdk/runtime";
  import { TrustTiles } from "@intelgraph/sdk/operations/trust_tiles";
  ${ONE_CALL}`;
const FROM_THE_PACKAGE = `
  import { BaseClient, TrustTiles } from "@intelgraph/sdk";
  ${ONE_CALL}`;

for (const [entry, program] of Object.entries({ FROM_THE_RUNTIME, FROM_THE_PACKAGE })) {
  test(`an app that calls one operation carries no other, ${entry}`, async () => {
    const text = await bundle(program);

    const carried = Object.values(sdk)
      .filter((value) => typeof value === "object" && "document" in value)
      .filter((operation) => text.includes(operation.document))
      .map((operation) => operation.name);
    assert.deepEqual(carried, ["TrustTiles"]);
  });

  test(`an app that calls one operation stays below the gate, ${entry}`, async () => {
    const size = gzipSync(await bundle(program), { level: 9 }).length;

    assert.ok(size <= GATE_BYTES, `${size} of ${GATE_BYTES} bytes, minified and gzipped`);
  });
}

test("the client with every method bundles for a browser", async () => {
  const text = await bundle(`
    import { IntelGraph } from "@intelgraph/sdk";
    console.log(await new IntelGraph({ apiKey: null }).trustTiles());
  `);

  assert.doesNotMatch(text, /from"node:|require\(/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { operations } from "@intelgraph/sdk";
import { build } from "esbuild";

const GATE_BYTES = 4200;

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

const NEW_CLIENT = `new BaseClient({ url: "https://graph.example/graphql", apiKey: null })`;
const ONE_CALL = {
  "beside the runtime": `
    import { BaseClient } from "@intelgraph/sdk/runtime";
    import { TrustTiles } from "@intelgraph/sdk/operations/trust_tiles";
    console.log(await ${NEW_CLIENT}.execute(TrustTiles, {}));`,
  "beside the whole package": `
    import { BaseClient } from "@intelgraph/sdk";
    import { TrustTiles } from "@intelgraph/sdk/operations/trust_tiles";
    console.log(await ${NEW_CLIENT}.execute(TrustTiles, {}));`,
};

for (const [way, program] of Object.entries(ONE_CALL)) {
  test(`an app that names one operation ${way} carries no other`, async () => {
    const text = await bundle(program);

    const carried = Object.values(operations).filter(({ document }) => text.includes(document));
    assert.deepEqual(carried, [operations.TrustTiles]);
  });

  test(`an app that names one operation ${way} stays below the gate`, async () => {
    const size = gzipSync(await bundle(program), { level: 9 }).length;

    assert.ok(size <= GATE_BYTES, `${size} of ${GATE_BYTES} bytes, minified and gzipped`);
  });
}

test("a receiver of webhooks bundles for the edge, and carries no client", async () => {
  const text = await bundle(`
    import { unwrap } from "@intelgraph/sdk/webhooks";
    export default { fetch: async (request) => unwrap(await request.text(), request.headers) };
  `);

  assert.doesNotMatch(text, /from"node:|require\(|documentId|graphql/);
});

test("the client with every method bundles for a browser", async () => {
  const text = await bundle(`
    import { IntelGraph } from "@intelgraph/sdk";
    console.log(await new IntelGraph({ apiKey: null }).trustTiles());
  `);

  assert.doesNotMatch(text, /from"node:|require\(/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { operations } from "@intelgraph/sdk";
import { bundle, calling, ONE } from "./bundling.js";

const GATE_BYTES = 4096;
const OPERATION_GATE_BYTES = 400;

async function sizeOf(program: string): Promise<number> {
  return gzipSync(await bundle(program), { level: 9 }).length;
}

const TEN = Object.entries(operations)
  .filter(([, each]) => "document" in each)
  .map(([name]) => name)
  .slice(0, 10);

for (const runtime of ["@intelgraph/sdk/runtime", "@intelgraph/sdk"]) {
  test(`an app that names one operation beside ${runtime} carries no other`, async () => {
    const text = await bundle(calling(ONE, runtime));

    const carried = Object.values(operations).filter(
      (each) => "document" in each && text.includes(each.document),
    );
    assert.deepEqual(carried, [operations.TrustTiles]);
  });

  test(`an app that names one operation beside ${runtime} stays below the gate`, async () => {
    const size = await sizeOf(calling(ONE, runtime));

    assert.ok(size <= GATE_BYTES, `${size} of ${GATE_BYTES} bytes, minified and gzipped`);
  });
}

test("an app that reads a page and no more carries nothing of reading on", async () => {
  const imports = (name: string) => `
    import { BaseClient } from "@intelgraph/sdk/runtime";
    import { ${name} } from "@intelgraph/sdk/operations/list_entities";
    const client = new BaseClient({ url: "https://graph.example/graphql", apiKey: null });`;
  const once = `${imports("ListEntities")}
    console.log(await client.execute(ListEntities, {}));`;
  const all = `${imports("iterListEntities")}
    for await (const entity of iterListEntities(client)) { console.log(entity); }`;

  assert.doesNotMatch(await bundle(once), /asyncIterator/);
  assert.match(await bundle(all), /asyncIterator/);
});

test("an operation that is imported and not used weighs nothing", async () => {
  const withUnused = `import { operations as unused } from "@intelgraph/sdk";\n${calling(ONE)}`;

  const [text, alone] = [await bundle(withUnused), await bundle(calling(ONE))];

  // The names that minifying gives may differ, but not how many there are.
  assert.equal(text.length, alone.length);
});

test("a further operation stays below its gate, on the average", async () => {
  const first = await sizeOf(calling(TEN.slice(0, 1)));
  const grown = (await sizeOf(calling(TEN))) - first;

  const each = grown / (TEN.length - 1);
  assert.ok(each <= OPERATION_GATE_BYTES, `${each} bytes each, minified and gzipped`);
});

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

test("an app carries nothing of what its tests are made from", async () => {
  const app = 'import { IntelGraph } from "@intelgraph/sdk"; console.log(IntelGraph);';
  const unused = `import { fixtures } from "@intelgraph/sdk/testing/fixtures"; ${app}`;
  const used =
    'import { fixtures } from "@intelgraph/sdk/testing/fixtures"; console.log(fixtures);';

  assert.doesNotMatch(await bundle(unused), / = Query \{/);
  assert.match(await bundle(used), / = Query \{/);
});

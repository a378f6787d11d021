import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ReferenceServer, startReferenceServer } from "./server.js";

const RELEASES = fileURLToPath(new URL("../../test/releases/", import.meta.url));
const run = promisify(execFile);

// Runs where the release is installed, so it knows nothing of this repository's sources.
const EVERY_OPERATION = `
import { IntelGraph } from "@intelgraph/sdk";
const client = new IntelGraph();
const variables = {
  getEntity: { id: "org_meridian" }, getPlugin: { id: "plg_case_handover" }, invoices: undefined,
  listEntities: { first: 2 }, listInvoices: { first: 2 }, listPlugins: { first: 2 },
  listRelations: { id: "org_helios", first: 2 }, trustTiles: undefined,
};
const answers = {};
for (const [name, given] of Object.entries(variables)) {
  answers[name] = await (given ? client[name](given) : client[name]());
}
console.log(JSON.stringify(answers));
`;

let server: ReferenceServer;
let folder: string;

before(async () => {
  server = await startReferenceServer();
  folder = await mkdtemp(join(tmpdir(), "intelgraph-released-"));
});

after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

for (const release of await readdir(RELEASES)) {
  test(`${release} still gets every answer`, async () => {
    const version = /-(\d.*)\.tgz$/.exec(release)?.[1];
    const home = join(folder, "node_modules", "@intelgraph", "sdk");
    await mkdir(home, { recursive: true });
    await run("tar", ["-xzf", join(RELEASES, release), "--strip-components=1", "-C", home]);
    const script = join(folder, "every_operation.mjs");
    await writeFile(script, EVERY_OPERATION);

    const env = {
      ...process.env,
      INTELGRAPH_URL: server.url,
      INTELGRAPH_API_KEY: server.tokens.acme,
    };
    const { stdout } = await run(process.execPath, [script], { env });

    const installed = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    assert.equal(installed.version, version);
    const answers: Record<string, unknown> = JSON.parse(stdout);
    assert.equal(Object.keys(answers).length, 8);
    for (const [name, answer] of Object.entries(answers)) {
      assert.ok(answer && JSON.stringify(answer) !== "[]", `${name} answered nothing`);
    }
  });
}

test("the first release is among those that are tried", async () => {
  assert.ok((await readdir(RELEASES)).includes("intelgraph-sdk-1.0.0.tgz"));
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ReferenceServer, startReferenceServer } from "./server.js";

const RELEASES = fileURLToPath(new URL("../../test/releases/", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const today = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
const run = promisify(execFile);

// Runs where the release is installed, so it knows nothing of this repository's sources.
const EVERY_OPERATION = `
const variables = {
  getEntity: { id: "org_meridian" }, getPlugin: { id: "plg_case_handover" }, invoices: undefined,
  listEntities: { first: 2 }, listInvoices: { first: 2 }, listPlugins: { first: 2 },
  listRelations: { id: "org_helios", first: 2 }, trustTiles: undefined,
};
const answers = {};
for (const [name, given] of Object.entries(variables)) {
  answers[name] = await (given ? client[name](given) : client[name]());
}
console.log(JSON.stringify({ answers, version }));
`;
const RELEASED = `
import { IntelGraph, version } from "@intelgraph/sdk";
const client = new IntelGraph();
${EVERY_OPERATION}`;
const GENERATED = `
import { version } from "@intelgraph/sdk/runtime";
import { Client } from "./generated/index.js";
const { INTELGRAPH_URL: url, INTELGRAPH_API_KEY: apiKey } = process.env;
const client = new Client({ url, apiKey });
${EVERY_OPERATION}`;

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

async function answered(project: string, program: string): Promise<string> {
  const script = join(project, "every_operation.mjs");
  await writeFile(script, program);
  const env = {
    ...process.env,
    INTELGRAPH_URL: server.url,
    INTELGRAPH_API_KEY: server.tokens.acme,
  };
  const { stdout } = await run(process.execPath, [script], { env });
  const { answers, version } = JSON.parse(stdout);
  assert.equal(Object.keys(answers).length, 8);
  for (const [name, answer] of Object.entries(answers)) {
    assert.ok(answer && JSON.stringify(answer) !== "[]", `${name} answered nothing`);
  }
  return version;
}

async function extracted(release: string, part: string, place: string): Promise<void> {
  await mkdir(place, { recursive: true });
  const strip = `--strip-components=${part.split("/").length}`;
  await run("tar", ["-xzf", join(RELEASES, release), strip, "-C", place, part]);
}

/** A project that has the package of today, and nothing else. */
async function projectOfToday(name: string): Promise<string> {
  const project = join(folder, name);
  await mkdir(join(project, "node_modules", "@intelgraph"), { recursive: true });
  await symlink(PACKAGE, join(project, "node_modules", "@intelgraph", "sdk"), "junction");
  await writeFile(join(project, "package.json"), '{"type":"module"}');
  return project;
}

for (const release of await readdir(RELEASES)) {
  test(`${release} still gets every answer`, async () => {
    const project = join(folder, release);
    await extracted(release, "package", join(project, "node_modules", "@intelgraph", "sdk"));

    const version = await answered(project, RELEASED);

    assert.equal(version, /-(\d.*)\.tgz$/.exec(release)?.[1]);
  });

  test(`the code that ${release} generated runs on the runtime of today`, async () => {
    const project = await projectOfToday(`${release}-on-today`);
    await extracted(release, "package/dist/generated", join(project, "generated"));

    const version = await answered(project, GENERATED);

    assert.equal(version, today.version);
  });

  test(`the code that ${release} generated has types that fit the runtime of today`, async () => {
    const project = await projectOfToday(`${release}-types`);
    await extracted(release, "package/src/generated", join(project, "generated"));

    const tsc = join(PACKAGE, "node_modules", "typescript", "bin", "tsc");
    const kind = ["--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
    const index = join(project, "generated", "index.ts");
    const options = ["--ignoreConfig", "--noEmit", "--strict", ...kind];
    const checked = run(process.execPath, [tsc, ...options, index]);
    const { stdout } = await checked.catch((error: { stdout: string }) => error);

    assert.equal(stdout, "");
  });
}

test("the first release is among those that are tried", async () => {
  assert.ok((await readdir(RELEASES)).includes("intelgraph-sdk-1.0.0.tgz"));
});

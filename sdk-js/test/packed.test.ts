import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../", import.meta.url));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const shell = process.platform === "win32";

let project: string;

function run(command: string, args: readonly string[], cwd = project): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", shell: shell && command === npm });
}

before(() => {
  project = mkdtempSync(join(tmpdir(), "intelgraph-packed-"));
  run(npm, ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], PACKAGE);
  const [tarball = ""] = readdirSync(project);
  writeFileSync(join(project, "package.json"), '{"name":"app","type":"module"}');
  run(npm, ["install", "--silent", "--offline", "--no-audit", "--no-fund", `./${tarball}`]);
});

after(() => rmSync(project, { recursive: true, force: true }));

test("the tarball holds what it should, and no tests", () => {
  const files = run(npm, ["pack", "--silent", "--ignore-scripts", "--dry-run", "--json"], PACKAGE);
  const paths: string[] = JSON.parse(files)[0].files.map((file: { path: string }) => file.path);

  for (const path of ["LICENSE", "README.md", "package.json", "dist/index.js", "src/index.ts"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => !/^(dist|src)\/|^(LICENSE|README\.md|package\.json)$/.test(path)),
    [],
  );
});

test("every entry of the installed package can be imported", () => {
  const program = `
    import { IntelGraph } from "@intelgraph/sdk";
    import { BaseClient } from "@intelgraph/sdk/runtime";
    import { TrustTiles } from "@intelgraph/sdk/operations/trust_tiles";
    import { FakeTransport, reply } from "@intelgraph/sdk/testing";
    import { fixtures } from "@intelgraph/sdk/testing/fixtures";
    import { startServer } from "@intelgraph/sdk/testing/server";
    import { unwrap } from "@intelgraph/sdk/webhooks";
    const made = fixtures.answer(TrustTiles).trustTiles.length > 0 && typeof startServer;
    const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);
    const client = new IntelGraph({ apiKey: null, transport });
    const data = await client.execute(TrustTiles, {});
    const refused = await unwrap("{}", {}, { secret: "c".repeat(32) }).catch(({ name }) => name);
    console.log(client instanceof BaseClient, JSON.stringify(data), refused, made);`;
  writeFileSync(join(project, "app.js"), program);

  assert.equal(
    run(process.execPath, ["app.js"]),
    'true {"trustTiles":[]} WebhookSignatureError function\n',
  );
});

test("a consumer's project type-checks against the installed package", () => {
  const program = `
    import { IntelGraph, type fragments } from "@intelgraph/sdk";
    import { GetEntity } from "@intelgraph/sdk/operations/get_entity";
    import { unwrap, type WebhookEvent } from "@intelgraph/sdk/webhooks";
    const client = new IntelGraph({ apiKey: null });
    export const tiles: Promise<ReadonlyArray<fragments.TrustTile>> = client.trustTiles();
    export const name: string | undefined = (await client.execute(GetEntity, { id: "e1" })).entity?.name;
    export const event: Promise<WebhookEvent> = unwrap(new Uint8Array(), new Headers());
    // @ts-expect-error: the types are really there.
    await client.getEntity({ id: 7 });`;
  writeFileSync(join(project, "app.ts"), program);
  const tsc = join(PACKAGE, "node_modules", "typescript", "bin", "tsc");
  const types = join(PACKAGE, "node_modules", "@types");
  const browser = ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"];
  const node = ["--module", "nodenext", "--lib", "es2022", "--types", "node", "--typeRoots", types];

  for (const kind of [browser, node]) {
    const options = ["--ignoreConfig", "--noEmit", "--strict", "--target", "es2022", ...kind];
    run(process.execPath, [tsc, ...options, "app.ts"]);
  }
});

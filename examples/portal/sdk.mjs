// Packs ../../sdk-js as its registry would take it, and installs the tarball as a user would.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "intelgraph-sdk-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

const onWindows = process.platform === "win32";
function npm(...args) {
  const { status } = spawnSync(onWindows ? "npm.cmd" : "npm", [...args, "--loglevel=error"], {
    cwd: import.meta.dirname,
    shell: onWindows,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

npm("pack", "../../sdk-js", "--pack-destination", folder);
const [tarball] = readdirSync(folder);
// Its digest changes with every build, so it stands in no lock file. The lock file is read all
// the same: without it npm asks the registry about everything that is installed already.
npm("install", "--offline", "--no-save", join(folder, tarball));

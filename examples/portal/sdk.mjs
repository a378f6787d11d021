// Packs ../../sdk-js as its registry would take it, and installs the tarball as a user would.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "intelgraph-sdk-"));
const onWindows = process.platform === "win32";
const npm = (...args) =>
  execFileSync(onWindows ? "npm.cmd" : "npm", args, {
    cwd: import.meta.dirname,
    shell: onWindows,
    stdio: "inherit",
  });

npm("pack", "../../sdk-js", "--silent", "--pack-destination", folder);
const [tarball] = readdirSync(folder);
// Its digest changes with every build, so it stands in no lock file.
npm("install", "--silent", "--offline", "--no-save", "--no-package-lock", join(folder, tarball));
rmSync(folder, { recursive: true });

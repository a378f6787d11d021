// Bundles the pages into dist/: two programs, one stylesheet, and a shell for each address.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

process.chdir(import.meta.dirname);
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/assets", { recursive: true });

const { metafile } = await build({
  entryPoints: ["src/trust.tsx", "src/admin.tsx", "src/portal.css", "src/icon.svg"],
  outdir: "dist/assets",
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2023",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".ftl": "text", ".svg": "copy" },
  // The message files stand outside of this folder, where the packages are.
  nodePaths: ["node_modules"],
  metafile: true,
});

const places = Object.fromEntries(
  Object.entries(metafile.outputs).map(([place, { entryPoint }]) => [
    basename(entryPoint ?? place).replace(/-\w+\.svg$/, ".svg"),
    `/assets/${basename(place)}`,
  ]),
);
const shell = readFileSync("src/shell.html", "utf8");

for (const [name, program, page] of [
  ["trust", "trust.tsx", "trust"],
  ["admin", "admin.tsx", "admin"],
  ["sign_in", "admin.tsx", "sign-in"],
]) {
  const values = {
    page,
    program: places[program],
    style: places["portal.css"],
    icon: places["icon.svg"],
  };
  writeFileSync(
    `dist/${name}.html`,
    shell.replaceAll(/\{(\w+)\}/g, (_, key) => values[key]),
  );
}

/** Apps as they are shipped to browsers: bundled by esbuild, and minified. */

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/** The operation of the app that is weighed. */
export const ONE: readonly string[] = ["TrustTiles"];

export async function bundle(program: string): Promise<string> {
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

/** A program that calls the named operations, each a module of its own. */
export function calling(names: readonly string[], runtime = "@intelgraph/sdk/runtime"): string {
  const module = (name: string) => name.replace(/(?<!^)[A-Z]/g, "_$&").toLowerCase();
  return `
    import { BaseClient } from "${runtime}";
    ${names.map((name) => `import { ${name} } from "@intelgraph/sdk/operations/${module(name)}";`).join("\n")}
    const client = new BaseClient({ url: "https://graph.example/graphql", apiKey: null });
    ${names.map((name) => `console.log(await client.execute(${name}, {}));`).join("\n")}`;
}

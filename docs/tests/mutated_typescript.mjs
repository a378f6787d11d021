/**
 * Runs vectors on copies of the TypeScript package; prints the names of those that fail. What is
 * read is a JSON list of packages, each with its folder and the titles of the vectors to run. One
 * process runs them all, so the vectors' tests are collected instead of run by `node:test`.
 */

import { register } from "node:module";
import { text } from "node:stream/consumers";

const collector = `
  export const { mock } = process.getBuiltinModule("node:test");
  export const test = (title, run) => globalThis.collected.set(title, run);`;
const hooks = `export const resolve = (specifier, context, next) => specifier === "node:test"
  ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(collector)}`)}, shortCircuit: true }
  : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

async function failures({ folder, titles }) {
  globalThis.collected = new Map();
  await import(`file://${folder}/build/conformance/vectors.test.js`);
  const failed = [];
  for (const title of titles) {
    const run = globalThis.collected.get(title);
    if (run === undefined) {
      throw new Error(`there is no vector "${title}"`);
    }
    await Promise.resolve()
      .then(run)
      .catch(() => failed.push(title));
  }
  return failed;
}

const found = [];
for (const copy of JSON.parse(await text(process.stdin))) {
  found.push(await failures(copy));
}
process.stdout.write(JSON.stringify(found));

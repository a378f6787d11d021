/**
 * Runs vectors on copies of the TypeScript package; prints the names of those that fail. What is
 * read is a JSON list of packages, each with its folder and the titles of the vectors to run. One
 * process runs them all, so the vectors' tests are collected instead of run by `node:test`.
 */

import { text } from "node:stream/consumers";

import { collected } from "./collected_tests.mjs";

async function failures({ folder, titles }) {
  collected.clear();
  await import(`file://${folder}/build/conformance/vectors.test.js`);
  const failed = [];
  for (const title of titles) {
    const run = collected.get(title);
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

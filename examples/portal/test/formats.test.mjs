// What messages write, in Node; the browser and Python are asked for the very same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [`${import.meta.dirname}/../src/formats.ts`],
  bundle: true,
  format: "esm",
  write: false,
});
const source = Buffer.from(outputFiles[0].contents).toString("base64");
const { formats } = await import(`data:text/javascript;base64,${source}`);
const golden = JSON.parse(readFileSync(`${import.meta.dirname}/formats.json`, "utf8"));

for (const locale of ["en", "es"]) {
  test(`amounts and dates are written alike everywhere in ${locale}`, () => {
    const functions = formats(locale);
    for (const { function: name, value, currency, digits, [locale]: expected } of golden) {
      const named = digits === undefined ? {} : { digits };
      assert.equal(functions[name]([value, currency], named), expected, `${name} ${value}`);
    }
  });
}

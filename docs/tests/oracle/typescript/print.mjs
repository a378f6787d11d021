// Prints what graphql-codegen makes of each job that it is given as JSON on standard input.
import { readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const read = (path) => parse(readFileSync(path, "utf8"), { noLocation: true });

/** Documents that our generator printed hold their fragments, so one may be there many times. */
function withoutRepeats(documents) {
  const definitions = documents.flatMap((text) => parse(text, { noLocation: true }).definitions);
  const known = new Map(definitions.map((node) => [`${node.kind} ${node.name.value}`, node]));
  return { kind: "Document", definitions: [...known.values()] };
}

for (const job of JSON.parse(readFileSync(0, "utf8"))) {
  const schema = { kind: "Document", definitions: job.schema.flatMap((p) => read(p).definitions) };
  const text = await codegen({
    filename: job.output,
    schema,
    documents: [{ location: "documents", document: withoutRepeats(job.documents) }],
    config: {
      // Ours takes an item for itself alone, and an id as what it is in every answer.
      arrayInputCoercion: false,
      defaultScalarType: "unknown",
      enumType: "string-literal",
      namingConvention: "keep",
      scalars: { ID: "string", ...job.scalars },
      skipTypename: true,
    },
    plugins: [{ operations: {} }],
    pluginMap: { operations },
    // Linear's documents and GitHub's schema break rules that are no matter here.
    skipDocumentsValidation: true,
  });
  writeFileSync(job.output, text);
}

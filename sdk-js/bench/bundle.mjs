/**
 * What an app pays to carry operations, minified and gzipped; prints one JSON object of bytes.
 * `fetch` is the same call written by hand, without anything that the SDK adds.
 */

import { gzipSync } from "node:zlib";

import { operations } from "@intelgraph/sdk";
import { build } from "esbuild";

async function sizeOf(program, folder = import.meta.dirname) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function calling(names) {
  const module = (name) => name.replace(/(?<!^)[A-Z]/g, "_$&").toLowerCase();
  return `
    import { BaseClient } from "@intelgraph/sdk/runtime";
    ${names.map((name) => `import { ${name} } from "@intelgraph/sdk/operations/${module(name)}";`).join("\n")}
    const client = new BaseClient({ url: "https://graph.example/graphql", apiKey: null });
    ${names.map((name) => `console.log(await client.execute(${name}, {}));`).join("\n")}`;
}

const names = Object.keys(operations).filter((name) => name !== "TrustTiles");
const first = ["TrustTiles"];
const { document } = operations.TrustTiles;
const byHand = `
  const response = await fetch("https://graph.example/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: ${JSON.stringify(document)} }),
  });
  console.log((await response.json()).data);`;

const documentText = JSON.stringify(document);
const URL_OF_APP = '"https://graph.example/graphql"';
const peers = {
  "graphql-request": `
    import { GraphQLClient } from "graphql-request";
    const client = new GraphQLClient(${URL_OF_APP});
    console.log(await client.request(${documentText}));`,
  urql: `
    import { Client, fetchExchange } from "@urql/core";
    const client = new Client({ url: ${URL_OF_APP}, exchanges: [fetchExchange] });
    console.log((await client.query(${documentText}, {})).data);`,
  Apollo: `
    import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client/core";
    const link = new HttpLink({ uri: ${URL_OF_APP} });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    console.log((await client.query({ query: gql(${documentText}) })).data);`,
};

const one = await sizeOf(calling(first));
const grown = async (count) =>
  ((await sizeOf(calling([...first, ...names.slice(0, count)]))) - one) / count;
const unused = `import { operations } from "@intelgraph/sdk";${calling(first)}`;
console.log(
  JSON.stringify({
    fetch: await sizeOf(byHand),
    one,
    eachOf5: Math.round(await grown(5)),
    eachOf20: Math.round(await grown(20)),
    unused: (await sizeOf(unused)) - one,
    peers: Object.fromEntries(
      await Promise.all(
        Object.entries(peers).map(async ([name, program]) => [
          name,
          await sizeOf(program, `${import.meta.dirname}/peers`),
        ]),
      ),
    ),
  }),
);

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { test } from "node:test";

import { BaseClient } from "@intelgraph/sdk/runtime";
import { reply } from "@intelgraph/sdk/testing";
import { apq, persisted, text } from "@intelgraph/sdk/wire";
import { bundle } from "./bundling.js";
import { fakeClient, GetThing, ONCE, ONE_THING, URL_OF_TESTS } from "./things.js";

const refusal = (message: string) => reply({ errors: [{ message }] });

test("a query by GET reaches a real server without a body", async () => {
  const seen: unknown[] = [];
  const server = createServer(async (request, response) => {
    seen.push(request.method, request.url, await textOf(request));
    response.writeHead(200, { "content-type": "application/json" }).end('{"data":{"thing":1}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  const client = new BaseClient({ url, apiKey: null, wire: persisted({ get: true }), ...ONCE });

  const data = await client.execute(GetThing, { id: "a b" }).finally(() => {
    server.closeAllConnections();
    server.close();
  });

  assert.deepEqual(data, { thing: 1 });
  assert.deepEqual(seen, [
    "GET",
    "/graphql?documentId=sha256%3Ac0ffee&variables=%7B%22id%22%3A%22a%20b%22%7D",
    "",
  ]);
});

test("what is asked follows a query string that the URL has already, and drops its fragment", async () => {
  const options = { url: `${URL_OF_TESTS}?tenant=a#top`, wire: text({ get: true }) };
  const { client, transport } = fakeClient([ONE_THING], options);

  await client.execute("{thing}");

  assert.equal(transport.requests[0]?.url, `${URL_OF_TESTS}?tenant=a&query=%7Bthing%7D`);
});

test("calls at once learn of a refusal each for itself", async () => {
  const refused = () => refusal("PersistedQueryNotSupported");
  const options = { wire: apq() };
  const { client, transport } = fakeClient([refused, refused, ONE_THING, ONE_THING], options);

  const both = await Promise.all([client.execute(GetThing, {}), client.execute(GetThing, {})]);

  assert.deepEqual(both, [{ thing: 1 }, { thing: 1 }]);
  assert.deepEqual(
    transport.requests.map(({ json }) => Object.keys(json as object)),
    [["extensions"], ["extensions"], ["query"], ["query"]],
  );
});

test("a refusal is remembered for the server that it came from", async () => {
  const wire = apq();
  const first = fakeClient([refusal("PersistedQueryNotSupported"), ONE_THING, ONE_THING], { wire });
  const other = fakeClient([ONE_THING], { wire, url: "http://other.test/graphql" });

  await first.client.execute(GetThing, {});
  await first.client.execute(GetThing, {});
  await other.client.execute(GetThing, {});

  assert.match(`${first.transport.requests[2]?.body}`, /"query"/);
  assert.match(`${other.transport.requests[0]?.body}`, /"extensions"/);
});

test("variables that JSON cannot hold are refused in a URL too", async () => {
  const { client, transport } = fakeClient([], { wire: persisted({ get: true }) });

  const call = client.execute("query Of($n:Float){thing(n:$n)}", { n: Number.NaN });

  await assert.rejects(call, { name: "RangeError" });
  assert.equal(transport.requests.length, 0);
});

for (const maxUrlLength of [0, Number.NaN, 70_000]) {
  test(`a URL of at most ${maxUrlLength} characters is refused`, () => {
    assert.throws(() => persisted({ get: true, maxUrlLength }), {
      name: "ConfigurationError",
      message: `maxUrlLength is from 1 to 65536, not ${maxUrlLength}.`,
    });
  });
}

test("an app that speaks by default carries no other way to speak", async () => {
  const program = (wire: string) => `
    import { BaseClient } from "@intelgraph/sdk/runtime";
    import { apq } from "@intelgraph/sdk/wire";
    export const client = new BaseClient({ url: "https://graph.example/", apiKey: null${wire} });`;

  assert.doesNotMatch(await bundle(program("")), /sha256Hash|encodeURIComponent/);
  assert.match(await bundle(program(", wire: apq()")), /sha256Hash/);
});

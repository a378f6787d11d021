import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeTransport, failure, reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING } from "./things.js";

test("a fake transport keeps what it was asked and counts what it still has", async () => {
  const { client, transport } = fakeClient([ONE_THING, ONE_THING]);

  await client.execute(GetThing, { id: "t1" });

  assert.equal(transport.requests.length, 1);
  assert.deepEqual(transport.requests[0]?.json, {
    documentId: "sha256:c0ffee",
    variables: { id: "t1" },
  });
  assert.equal(transport.outcomesLeft, 1);
});

test("a fake reply has GraphQL's media type unless told", async () => {
  const page = reply(null, { status: 502, headers: { "Content-Type": "text/html" }, text: "<p>" });
  const { client } = fakeClient([reply(null, { text: '{"data":{"thing":2}}' }), page]);

  assert.deepEqual(await client.execute(GetThing, {}), { thing: 2 });
  await assert.rejects(client.execute(GetThing, {}), /the media type is text\/html/);
});

test("a fake reply of nothing has no body", async () => {
  const { client } = fakeClient([reply()]);

  await assert.rejects(client.execute(GetThing, {}), /the body is empty/);
});

test("an outcome may depend on the request", async () => {
  const { client } = fakeClient([({ json }) => reply({ data: json })]);

  assert.deepEqual(await client.execute(GetThing, {}), { documentId: "sha256:c0ffee" });
});

test("a fake failure has the kind and the cause it is given", () => {
  const cause = new Error("why");

  assert.deepEqual(failure("timeout", cause), { kind: "timeout", cause });
});

test("a script may be lengthened, and the caller's list is left alone", async () => {
  const outcomes = [ONE_THING];
  const transport = new FakeTransport(outcomes);

  transport.add(ONE_THING, ONE_THING);

  assert.equal(transport.outcomesLeft, 3);
  assert.equal(outcomes.length, 1);
});

test("a fake transport respects a signal that was aborted", async () => {
  const { client, transport } = fakeClient([ONE_THING]);
  const signal = AbortSignal.abort(new Error("enough"));

  await assert.rejects(client.execute(GetThing, {}, { signal }), /enough/);
  assert.equal(transport.requests.length, 0);
});

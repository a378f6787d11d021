import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeTransport, failure, reply, webhook } from "@intelgraph/sdk/testing";
import { unwrap } from "@intelgraph/sdk/webhooks";
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

test("a webhook of a test is genuine, and was sent just now", async () => {
  const content = { type: "a.b", timestamp: "2026-04-15T00:00:00Z", data: { name: "Zoë" } };
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  const { body, headers } = await webhook(content, { secret });

  assert.deepEqual(await unwrap(body, headers, { secret }), { id: "dlv_test", ...content });
});

test("a webhook of a test has the id and the time that it is given", async () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  const { headers } = await webhook({}, { secret, id: "dlv_1", sentMs: 1_776_211_200_999 });

  assert.equal(headers["webhook-id"], "dlv_1");
  assert.equal(headers["webhook-timestamp"], "1776211200");
});

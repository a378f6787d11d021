import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { IntelGraph } from "@intelgraph/sdk";
import { Events, events, FakeTransport, failure, reply, webhook } from "@intelgraph/sdk/testing";
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

test("a request that is printed shows neither the key nor what was asked", async () => {
  const transport = new FakeTransport([ONE_THING]);
  const client = new IntelGraph({ url: "http://graph/?key=canary", apiKey: "canary", transport });

  await client.execute(GetThing, { id: "canary" });

  assert.equal(
    inspect(transport.requests),
    "[ FakeRequest { method: 'POST', url: 'http://graph/' } ]",
  );
  assert.equal(transport.requests[0]?.headers.authorization, "Bearer canary");
  assert.doesNotMatch(inspect(transport, { depth: 9, showHidden: true }), /canary/);
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

test("a failure of another kind is refused where it is made", () => {
  assert.throws(() => failure("reset" as never), /connect, timeout or read, not 'reset'/);
});

test("what is no outcome is told by its place in the script", async () => {
  for (const outcome of ["text", null, 5] as never[]) {
    const { client } = fakeClient([ONE_THING, outcome]);
    await client.execute(GetThing, {});

    await assert.rejects(client.execute(GetThing, {}), /Outcome 2 is no reply, failure or stream/);
  }
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

const INCIDENT = { id: "inc_1", status: "OPEN", title: "The API is slow" };

test("a fake transport streams events, and closes what is left early", async () => {
  const opened = events([1, 2].map(() => ({ data: { incidentChanged: INCIDENT } })));
  const client = new IntelGraph({ apiKey: null, transport: new FakeTransport([opened]) });

  for await (const { id } of client.incidentChanged()) {
    assert.equal(id, "inc_1");
    assert.equal(opened.isClosed, false);
    break;
  }

  assert.equal(opened.isClosed, true);
});

test("a stream that breaks off is gone on with where it ended", async () => {
  const broken = events([{ data: { incidentChanged: INCIDENT } }], { isComplete: false });
  const whole = events([{ data: { incidentChanged: INCIDENT } }], { firstId: 2 });
  const transport = new FakeTransport([broken, whole]);
  const client = new IntelGraph({ apiKey: null, transport, sleep: async () => {} });

  const ids: string[] = [];
  for await (const { id } of client.incidentChanged()) {
    ids.push(id);
  }

  assert.deepEqual(ids, ["inc_1", "inc_1"]);
  assert.deepEqual(
    transport.requests.map(({ headers }) => headers["last-event-id"]),
    [undefined, "1"],
  );
});

test("pieces of a stream are taken as they are read, and not before", async () => {
  let taken = 0;
  const chunks = function* () {
    for (;;) {
      taken += 1;
      yield new Uint8Array([taken]);
    }
  };
  const { body, headers } = new Events(chunks(), undefined, { "x-request-id": "r1" });
  assert.equal(taken, 0);

  const { value } = await body.getReader().read();

  assert.deepEqual([value, taken], [new Uint8Array([1]), 1]);
  assert.equal(headers.get("x-request-id"), "r1");
});

test("a call that meets events is told so", async () => {
  const { client } = fakeClient([events([])]);

  await assert.rejects(client.execute(GetThing, {}), /Request 1 is no subscription/);
});

test("a webhook is not signed with what is no secret", async () => {
  for (const secret of ["", "whsec_", "my secret", "whsec_x", null] as never[]) {
    await assert.rejects(webhook({}, { secret }), /secret must be whsec_/);
  }
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

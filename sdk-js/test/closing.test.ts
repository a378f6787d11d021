import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { IntelGraph } from "@intelgraph/sdk";
import {
  type CallEvent,
  close,
  type Operation,
  subscribe,
  withOptions,
} from "@intelgraph/sdk/runtime";
import { Events, FakeTransport, failure } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING } from "./things.js";

const Changed: Operation<{ readonly changed: number }, object> = {
  name: "Changed",
  kind: "subscription",
  opId: null,
  documentId: null,
  document: "subscription Changed{changed}",
  retrySafe: false,
};

// What is not closed would be waited for in vain.
const SOON = { timeout: 30_000 };

/** A stream with one event, silent from then on. */
function stream(): Events {
  const text = 'event: next\ndata: {"data":{"changed":1}}\n\n';
  return new Events([new TextEncoder().encode(text)], failure("timeout"));
}

test("closing a client ends its subscriptions and those of its copies", SOON, async () => {
  const streams = [stream(), stream()];
  const { client } = fakeClient(streams);
  const copy = withOptions(client, { headers: { "x-a": "1" } });
  const read = [client, copy].map((each) =>
    subscribe(each, Changed, {}, undefined, ({ changed }) => changed),
  );
  for (const events of read) {
    assert.deepEqual(await events.next(), { done: false, value: 1 });
  }

  close(client);

  for (const events of read) {
    await assert.rejects(events.next(), { name: "AbortError", message: "The client was closed." });
  }
  assert.deepEqual(
    streams.map((each) => each.isClosed),
    [true, true],
  );
});

test("closing a copy ends its own subscriptions, and leaves its client's", SOON, async () => {
  const { client } = fakeClient([stream(), stream(), stream()]);
  const copy = withOptions(client, { headers: { "x-a": "1" } });
  const [own, copied, twice] = [client, copy, withOptions(copy)].map((each) =>
    subscribe(each, Changed, {}, { headers: { "x-b": "1" } }, ({ changed }) => changed),
  ) as [AsyncGenerator<number>, AsyncGenerator<number>, AsyncGenerator<number>];
  for (const events of [own, copied, twice]) {
    await events.next();
  }

  close(copy);

  await assert.rejects(copied.next(), { name: "AbortError" });
  await assert.rejects(twice.next(), { name: "AbortError" });
  const next = own.next();
  assert.equal(await Promise.race([next.then(String, String), pause(20, "open")]), "open");
  close(client);
  await assert.rejects(next, { name: "AbortError" });
});

test("closing a client leaves the subscriptions of others, and its own calls", SOON, async () => {
  const { client: other } = fakeClient([stream()]);
  const { client } = fakeClient([ONE_THING]);
  const events = subscribe(other, Changed, {}, undefined, ({ changed }) => changed);
  await events.next();

  const call = client.execute(GetThing, {});
  close(client);

  assert.deepEqual(await call, { thing: 1 });
  const next = events.next();
  close(other);
  await assert.rejects(next, { name: "AbortError" });
});

test("a client is closed at the end of its block", SOON, async () => {
  const opened = stream();
  const transport = new FakeTransport([opened]);
  const client = new IntelGraph({ apiKey: null, transport });
  const events = subscribe(client, Changed, {}, undefined, ({ changed }) => changed);
  await events.next();

  await client[Symbol.asyncDispose]();

  assert.equal(opened.isClosed, true);
  await assert.rejects(events.next(), { name: "AbortError" });
});

test("the caller's own signal ends a subscription with its own reason", SOON, async () => {
  const { client } = fakeClient([stream()]);
  const signal = AbortSignal.abort(new Error("enough"));

  const events = subscribe(client, Changed, {}, { signal }, ({ changed }) => changed);

  await assert.rejects(events.next(), /enough/);
});

test("a reader that leaves a silent stream need not wait for an event", SOON, async () => {
  const open = stream();
  const told: CallEvent[] = [];
  const { client } = fakeClient([open], { hooks: [(event) => told.push(event)] });
  const events = subscribe(client, Changed, {}, undefined, ({ changed }) => changed);
  await events.next();
  const waiting = events.next();

  assert.deepEqual(await events.return(), { done: true, value: undefined });

  assert.deepEqual(await waiting, { done: true, value: undefined });
  assert.equal(open.isClosed, true);
  assert.deepEqual(
    told.flatMap((event) => ("error" in event ? [[event.type, event.error]] : [])),
    [
      ["AttemptFinished", null],
      ["CallFinished", null],
    ],
  );
});

test(
  "a reader may leave while the server is not reached, or before it is asked",
  SOON,
  async () => {
    const { client, transport } = fakeClient([failure("connect")], {
      retryPolicy: { maxAttempts: 2 },
      sleep: (_, signal) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    });
    const events = subscribe(client, Changed, {}, undefined, ({ changed }) => changed);
    const waiting = events.next();
    await new Promise(setImmediate);

    await events.return();

    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.equal(transport.requests.length, 1);
    await subscribe(client, Changed, {}, undefined, ({ changed }) => changed).return();
    assert.equal(transport.requests.length, 1);
  },
);

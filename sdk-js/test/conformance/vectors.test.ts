import assert from "node:assert/strict";
import { test } from "node:test";

import { operations } from "@intelgraph/sdk";
import type { CallEvent, Operation } from "@intelgraph/sdk/runtime";
import type { FakeRequest } from "@intelgraph/sdk/testing";
import { Fixtures, fixtures } from "@intelgraph/sdk/testing/fixtures";
import { unwrap } from "@intelgraph/sdk/webhooks";
import { settingsOf } from "../../dist/client.js";
import { adHocOperation } from "../../dist/operation.js";
import type { Settings } from "../../dist/options.js";
import { delayBeforeRetry } from "../../dist/retry.js";
import { fakeClient } from "../things.js";
import { lettersOf } from "./letters.js";
import { runSubscription } from "./subscriptions.js";
import {
  type CallsVector,
  type CallVector,
  type DelayVector,
  type FixtureVector,
  knownFailing,
  type ReadingVector,
  type SentRequest,
  type SingleCall,
  type Vector,
  vectors,
  type WebhookVector,
} from "./vectors.js";
import { Chance, CLOCK_MS, FakeWorld } from "./world.js";

const RUNNERS = {
  call: runCall,
  calls: runCalls,
  delay: runDelay,
  fixture: runFixture,
  reading: runReading,
  subscription: runSubscription,
  webhook: runWebhook,
};
const failing = knownFailing();
const due = vectors();

for (const vector of due) {
  const run = () => RUNNERS[kindOf(vector)](vector as never);
  const reason = failing.get(vector.name);
  if (reason === undefined) {
    test(`${vector.behaviour}: ${vector.name}`, run);
  } else {
    test(`${vector.behaviour}: ${vector.name} (still fails: ${reason})`, async () => {
      await assert.rejects(run());
    });
  }
}

test("there are vectors, and every known failure is one of them", () => {
  const names = new Set(due.map((vector) => vector.name));

  assert.ok(names.size > 0);
  assert.deepEqual(
    [...failing.keys()].filter((name) => !names.has(name)),
    [],
  );
});

function kindOf(vector: Vector): keyof typeof RUNNERS {
  if ("webhook" in vector) {
    return "webhook";
  }
  if ("fixture" in vector) {
    return "fixture";
  }
  if ("connections" in vector) {
    return "subscription";
  }
  if ("calls" in vector) {
    return "calls";
  }
  return "read" in vector ? "reading" : "exchanges" in vector ? "call" : "delay";
}

async function runWebhook(vector: WebhookVector): Promise<void> {
  const { webhook, secrets: secret, toleranceMs, nowMs = CLOCK_MS } = vector;
  const { event, error } = vector.expect;
  const body = webhook.text ?? Buffer.from(webhook.bytes ?? "", "base64");
  // As they are, because `Headers` would write their names in lower case.
  const unwrapped = unwrap(body, webhook.headers, { secret, toleranceMs, now: () => nowMs });

  if (error === undefined) {
    assert.deepEqual(await unwrapped, event);
    return;
  }
  const { class: name, ...facts } = error;
  await assert.rejects(unwrapped, { name, ...facts });
}

async function runFixture(vector: FixtureVector): Promise<void> {
  const { fixture, shapes, seed, overrides, expect } = vector;
  const made = shapes === undefined ? fixtures : new Fixtures(shapes.join("\n"));
  const operation = { ...adHocOperation(""), name: fixture } as Operation<unknown, never>;

  if (expect.error === undefined) {
    const options = { seed };
    assert.deepEqual(made.response(operation, overrides as never, options), expect);
    return;
  }
  assert.throws(
    () => made.response(operation, overrides as never, { seed }),
    ({ message }: Error) => message.replace(/\.$/, "") === expect.error,
  );
}

async function runDelay(vector: DelayVector): Promise<void> {
  const random = Chance.of(vector);
  const { client } = fakeClient([], { retryPolicy: vector.policy, random: random.draw });
  const settings = settingsOf.get(client) as Settings;
  const call = Object.assign(Object.create(settings), { attempts: vector.attempt });
  const status = vector.throttled ? 429 : 503;

  const delayMs = delayBeforeRetry(call, { status, code: null }, vector.retryAfterMs ?? 0);

  assert.equal(delayMs, vector.expect.delayMs);
  random.checkIsSpent();
}

async function runCall(vector: CallVector): Promise<void> {
  await play(new FakeWorld(vector), vector);
}

async function runCalls(vector: CallsVector): Promise<void> {
  const world = new FakeWorld(vector);
  for (const { times = 1, ...call } of vector.calls) {
    for (let made = 0; made < times; made += 1) {
      world.begin(call);
      await play(world, call);
    }
  }
}

/** A call in a world that is ready for it, and what is seen of it. */
async function play(world: FakeWorld, vector: SingleCall): Promise<void> {
  const { expect } = vector;

  const { idempotencyKey, variables = {}, options } = vector;
  const call = world.client.execute(operationOf(vector), variables, { ...options, idempotencyKey });

  await checkResult(call, vector);
  assert.equal(world.transport.outcomesLeft, 0, "exchanges are left over");
  world.random.checkIsSpent();
  assert.equal(world.ids, 1, "one id is drawn for each call");
  const seen = {
    requests: world.transport.requests.map((request) => request.json),
    timeoutsMs: world.transport.requests.map((request) => request.timeoutMs),
    sent: expect.sent?.map((named, index) => asNamed(world.transport.requests[index], named)),
    sleepsMs: world.sleepsMs,
    events: narrowed(world.events.map(membersOf), expect.events),
    telemetry: world.telemetry[0],
    log: world.log,
  };
  for (const [name, value] of Object.entries(seen)) {
    if (name in expect) {
      assert.deepEqual(value, Reflect.get(expect, name), name);
    }
  }
  const told = JSON.stringify([world.events.map(membersOf), world.telemetry, world.log]);
  assert.ok(!expect.untold?.some((text) => told.includes(text)), told);
}

/** Those facts of a request that a vector names. */
function asNamed(request: FakeRequest | undefined, named: SentRequest): object {
  const { method, url, headers = {}, body } = request ?? {};
  const chosen = Object.keys(named.headers ?? {}).map((name) => [name, headers[name] ?? null]);
  const facts = { method, url, headers: Object.fromEntries(chosen), body: body || null };
  return Object.fromEntries(Object.keys(named).map((name) => [name, Reflect.get(facts, name)]));
}

/** What is seen, with those members that are expected; an event without any is its type. */
function narrowed(seen: readonly object[], expected: ReadonlyArray<object | string> = []): unknown {
  return seen.map((each, index) => {
    const members = expected[index] ?? {};
    return typeof members === "string"
      ? Reflect.get(each, "type")
      : Object.fromEntries(
          Object.keys(members).map((name) => [name, Reflect.get(each, name) ?? null]),
        );
  });
}

/** An event as vectors write it. */
function membersOf(event: CallEvent): object {
  return "error" in event ? { ...event, error: (event.error as Error | null)?.name } : event;
}

async function checkResult(call: Promise<unknown>, vector: SingleCall): Promise<void> {
  const { data, error } = vector.expect;
  if (error === undefined) {
    assert.deepEqual(await call, data);
    return;
  }
  const { class: name, languages, ...facts } = error;
  if (languages === undefined || languages.includes("typescript")) {
    await assert.rejects(call, { name, ...facts });
    return;
  }
  // Types are not checked at run time here, so the data passes as it came.
  const last = vector.exchanges.at(-1)?.reply?.json as { readonly data: unknown };
  assert.deepEqual(await call, last.data);
}

function operationOf({ operation }: SingleCall): Operation<unknown, object> {
  if (typeof operation !== "string") {
    return operation;
  }
  const generated = (operations as Record<string, unknown>)[operation];
  assert.ok(generated, `${operation} is no operation of the generated client`);
  return generated as Operation<unknown, object>;
}

async function runReading(vector: ReadingVector): Promise<void> {
  const world = new FakeWorld(vector);
  const { errors: expected = [], ...expect } = vector.expect;
  const letters = lettersOf(world.client, vector);
  const came: unknown[] = [];
  const errors: unknown[] = [];

  do {
    try {
      for await (const each of vector.read === "items" ? letters : letters.pages()) {
        came.push(each);
      }
      break;
    } catch (error) {
      errors.push(error);
    }
  } while (world.transport.outcomesLeft > 0);

  assert.equal(world.transport.outcomesLeft, 0, "exchanges are left over");
  world.random.checkIsSpent();
  assert.equal(errors.length, expected.length, String(errors));
  for (const [index, { class: name, ...facts }] of expected.entries()) {
    assert.throws(
      () => {
        throw errors[index];
      },
      { name, ...facts },
    );
  }
  const requests = world.transport.requests.map(
    (request) => (request.json as { variables?: Record<string, unknown> }).variables ?? {},
  );
  const seen = {
    [vector.read]: came,
    requests,
    cursors: requests.map(({ after }) => after ?? null),
    sleepsMs: world.sleepsMs,
    cursor: letters.cursor,
    hasMore: letters.hasMore,
  };
  for (const [name, value] of Object.entries(expect)) {
    assert.deepEqual(Reflect.get(seen, name), value, name);
  }
}

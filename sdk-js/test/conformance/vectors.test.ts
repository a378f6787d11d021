import assert from "node:assert/strict";
import { test } from "node:test";

import { IntelGraph, operations } from "@intelgraph/sdk";
import type { Operation } from "@intelgraph/sdk/runtime";
import { FakeTransport, failure, type Outcome, reply } from "@intelgraph/sdk/testing";
import { type CallVector, type Exchange, knownFailing, vectors } from "./vectors.js";

const failing = knownFailing();
const due = vectors();

for (const vector of due) {
  const reason = failing.get(vector.name);
  if (reason === undefined) {
    test(`${vector.behaviour}: ${vector.name}`, () => runCall(vector));
  } else {
    test(`${vector.behaviour}: ${vector.name} (still fails: ${reason})`, async () => {
      await assert.rejects(runCall(vector));
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

async function runCall(vector: CallVector): Promise<void> {
  const transport = new FakeTransport(vector.exchanges.map(outcomeOf));
  const client = new IntelGraph({
    url: "http://localhost:4000/graphql",
    apiKey: "vector-key",
    transport,
  });

  const call = client.execute(operationOf(vector), vector.variables ?? {});

  await checkResult(call, vector);
  assert.equal(transport.outcomesLeft, 0, "exchanges are left over");
  if (vector.expect.requests !== undefined) {
    assert.deepEqual(
      transport.requests.map((request) => request.json),
      vector.expect.requests,
    );
  }
}

async function checkResult(call: Promise<unknown>, vector: CallVector): Promise<void> {
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

function operationOf({ operation }: CallVector): Operation<unknown, object> {
  if (typeof operation !== "string") {
    return operation;
  }
  const generated = (operations as Record<string, unknown>)[operation];
  assert.ok(generated, `${operation} is no operation of the generated client`);
  return generated as Operation<unknown, object>;
}

function outcomeOf(exchange: Exchange): Outcome {
  if (exchange.reply === undefined) {
    assert.ok(exchange.failure);
    return failure(exchange.failure);
  }
  return reply(exchange.reply.json, exchange.reply);
}

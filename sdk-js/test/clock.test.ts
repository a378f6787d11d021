import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { now, sleep, within } from "../dist/clock.js";

test("the system's clock tells the time of day and does not run backwards", () => {
  const first = now();
  const second = now();

  assert.ok(Math.abs(first - Date.now()) < 60_000);
  assert.ok(second >= first);
});

test("a sleep takes its time and leaves nothing on the signal", async () => {
  const { signal } = new AbortController();
  const before = now();

  await sleep(15, signal);

  assert.ok(now() - before >= 14);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("an abort ends a sleep at once with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");

  const sleeping = sleep(60_000, controller.signal);
  controller.abort(reason);

  await assert.rejects(sleeping, reason);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("an abort before a sleep ends it as well", async () => {
  await assert.rejects(sleep(60_000, AbortSignal.abort(new Error("enough"))), /enough/);
});

test("a sleep that no timer can hold does not end at once", async () => {
  const signal = AbortSignal.timeout(20);

  await assert.rejects(sleep(2 ** 40, signal), { name: "TimeoutError" });
});

test("work that ends in time is not told to stop", async () => {
  let told: AbortSignal | undefined;

  const result = await within(1000, undefined, async (signal) => {
    told = signal;
    return 7;
  });

  assert.equal(result, 7);
  assert.equal(told?.aborted, false);
});

test("work that takes too long is told to stop, and gives nothing", async () => {
  let told: AbortSignal | undefined;

  const result = await within(5, undefined, (signal) => {
    told = signal;
    return new Promise(() => {});
  });

  assert.equal(result, undefined);
  assert.equal(told?.aborted, true);
});

test("work that was left may fail later without harm", async () => {
  const result = await within(5, undefined, async (signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new Error("too late to matter");
  });

  assert.equal(result, undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { EventParser, type ServerEvent } from "../dist/sse.js";

const encoder = new TextEncoder();

function parsed(...chunks: readonly (string | Uint8Array)[]): ServerEvent[] {
  const parser = new EventParser();
  return chunks.flatMap((chunk) => [
    ...parser.feed(typeof chunk === "string" ? encoder.encode(chunk) : chunk),
  ]);
}

test("an event has a type, an id and its lines of data", () => {
  assert.deepEqual(parsed("id: 7\nevent: next\ndata: a\ndata: b\n\n"), [
    { type: "next", data: "a\nb", id: "7" },
  ]);
});

test("without a type an event is a message, and without data it is none", () => {
  assert.deepEqual(parsed("data:x\n\n", "event: next\n\n", "data\n\n"), [
    { type: "message", data: "x", id: null },
    { type: "message", data: "", id: null },
  ]);
});

test("the id stays until it is told anew, and an empty one forgets it", () => {
  const events = parsed("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0y\ndata: d\n\n");

  assert.deepEqual(
    events.map(({ id }) => id),
    ["1", "1", null, null],
  );
});

test("an id counts once its event came whole, with data or without", () => {
  const parser = new EventParser("1");

  assert.deepEqual([...parser.feed(encoder.encode("id: 2\nevent: next\ndata: a\n"))], []);
  assert.equal(parser.lastId, "1");
  assert.equal([...parser.feed(encoder.encode("\nid: 3\n\n"))].length, 1);

  assert.equal(parser.lastId, "3");
});

test("comments and unknown fields say nothing", () => {
  assert.deepEqual(parsed(": alive\n\n", "colour: red\ndata: x\n\n"), [
    { type: "message", data: "x", id: null },
  ]);
});

test("the server says how long to wait", () => {
  const parser = new EventParser();

  assert.deepEqual([...parser.feed(encoder.encode("retry: 1500\nretry: soon\n\n"))], []);

  assert.equal(parser.waitMs, 1500);
});

test("a carriage return ends its line at once", () => {
  const events = [{ type: "message", data: "a", id: null }];

  assert.deepEqual(parsed("data: a\r\r"), events);
  assert.deepEqual(parsed("data: a\r", "", "\n\r"), events);
});

test("however the bytes are cut, the events are the same", () => {
  const bytes = encoder.encode(
    "\uFEFFid: 1\r\nevent: next\ndata: é🙂\n\n: x\rdata: two\r\n\r\ndata: a\ndata: b\n\n",
  );
  const whole = parsed(bytes);

  for (let cut = 0; cut <= bytes.length; cut += 1) {
    assert.deepEqual(parsed(bytes.slice(0, cut), bytes.slice(cut)), whole);
  }
  assert.deepEqual(parsed(...[...bytes].map((byte) => Uint8Array.of(byte))), whole);
  assert.equal(whole.length, 3);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type FetchInit,
  type FetchResponse,
  IntelGraph,
  type IntelGraphOptions,
  subscribe,
} from "@intelgraph/sdk";
import type { Hook, Operation } from "@intelgraph/sdk/runtime";
import { events, FakeTransport } from "@intelgraph/sdk/testing";

interface Data {
  readonly changed: number;
}

const Changed: Operation<Data, Record<string, never>> = {
  name: "Changed",
  kind: "subscription",
  opId: null,
  documentId: "sha256:0",
  document: "subscription Changed{changed}",
  retrySafe: false,
};

interface Stream {
  readonly response: FetchResponse;
  isCancelled: boolean;
}

/** What a server streams, then nothing, the end, or a broken connection. */
function stream(chunks: readonly string[], end: "open" | "end" | "broken" = "end"): Stream {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const own: { isCancelled: boolean; response?: FetchResponse } = { isCancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = bytes.shift();
        if (chunk) {
          controller.enqueue(chunk);
        } else if (end === "end") {
          controller.close();
        } else if (end === "broken") {
          controller.error(new Error("reset"));
        }
      },
      cancel() {
        own.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  own.response = response(200, "text/event-stream", body);
  return own as Stream;
}

function response(
  status: number,
  type: string,
  body: ReadableStream<Uint8Array> | null,
): FetchResponse {
  const headers = new Headers({ "content-type": type });
  return { status, headers, body, arrayBuffer: () => new Response(body).arrayBuffer() };
}

function refusal(code: string): FetchResponse {
  const body = JSON.stringify({ errors: [{ message: "no", extensions: { code } }] });
  return response(400, "application/json", new Response(body).body);
}

function next(id: number): string {
  return `id: ${id}\nevent: next\ndata: {"data":{"changed":${id}}}\n\n`;
}

const COMPLETE = "event: complete\ndata:\n\n";

type Script = readonly (Stream | FetchResponse | Error)[];

/** A client of a scripted server, what it sent, and how long it slept. */
function world(...script: Script) {
  return worldWith({}, ...script);
}

function worldWith(options: IntelGraphOptions, ...script: Script) {
  const sent: FetchInit[] = [];
  const sleeps: number[] = [];
  const left = [...script];
  const client = new IntelGraph({
    apiKey: null,
    ...options,
    random: () => 0.5,
    sleep: async (delayMs) => {
      sleeps.push(delayMs);
    },
    fetch: async (_url, init) => {
      sent.push(init);
      const outcome = left.shift();
      if (outcome === undefined || outcome instanceof Error) {
        throw outcome ?? new Error("not in the script");
      }
      return "response" in outcome ? outcome.response : outcome;
    },
  });
  const read = (options = {}) =>
    subscribe(client, Changed, {}, options, (data: Data) => data.changed);
  return { client, read, sent, sleeps };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}

test("each event is handed on, and the end is the server's", async () => {
  const { read, sent, sleeps } = world(stream([next(1), next(2) + COMPLETE]));

  assert.deepEqual(await all(read()), [1, 2]);
  assert.equal(sent[0]?.headers.accept, "text/event-stream");
  assert.deepEqual(sleeps, []);
});

test("a broken connection is made again behind the last event", async () => {
  for (const end of ["end", "broken"] as const) {
    const { read, sent, sleeps } = world(
      stream([next(1), next(2)], end),
      stream([next(3), COMPLETE]),
    );

    assert.deepEqual(await all(read()), [1, 2, 3]);
    assert.deepEqual(
      sent.map(({ headers }) => headers["last-event-id"]),
      [undefined, "2"],
    );
    assert.deepEqual(sleeps, [100]);
  }
});

test("an event makes the attempts count anew", async () => {
  const broken = [1, 2, 3, 4, 5, 6].map((id) => stream([next(id)], "broken"));
  const { read, sleeps } = world(...broken, stream([COMPLETE]));

  assert.equal((await all(read())).length, 6);
  assert.deepEqual(sleeps, Array(6).fill(100));
});

const POOR = { retryPolicy: { budget: 10 } };

test("a connection that brought something gives back what it cost", async () => {
  const broken = [1, 2, 3, 4].map((id) => stream([next(id)], "broken"));
  const { read } = worldWith(POOR, ...broken, stream([COMPLETE]));

  assert.equal((await all(read())).length, 4);
});

test("a subscription that ends well gives back what its connections cost", async () => {
  const script = [1, 2, 3].flatMap(() => [stream([], "broken"), stream([COMPLETE])]);
  const { read } = worldWith(POOR, ...script);

  for (const _ of [1, 2, 3]) {
    assert.deepEqual(await all(read()), []);
  }
});

test("a reader that stops gives back what its connections cost", async () => {
  const script = [1, 2, 3].flatMap((id) => [stream([], "broken"), stream([next(id)], "open")]);
  const { read } = worldWith(POOR, ...script);

  for (const wanted of [1, 2, 3]) {
    for await (const id of read()) {
      assert.equal(id, wanted);
      break;
    }
  }
});

test("connections that bring nothing are paid for", async () => {
  const { read, sleeps } = worldWith(POOR, stream([], "broken"), stream([], "broken"));

  await assert.rejects(all(read()), { name: "TransportError", attempts: 2 });
  assert.deepEqual(sleeps, [100]);
});

test("a server that stays away is given up after the policy's attempts", async () => {
  const refused = Object.assign(new Error("refused"), { syscall: "connect" });
  const { read, sent } = world(refused, refused, refused);

  await assert.rejects(all(read()), { name: "ConnectError", attempts: 3 });
  assert.equal(sent.length, 3);
});

test("what the server refuses is raised at once", async () => {
  const { read, sent } = world(refusal("FORBIDDEN"));

  await assert.rejects(all(read()), { name: "OperationError", code: "FORBIDDEN" });
  assert.equal(sent.length, 1);
});

test("a document that the server misses is sent with its text", async () => {
  const { read, sent } = world(
    refusal("PERSISTED_DOCUMENT_NOT_FOUND"),
    stream([next(1) + COMPLETE]),
  );

  assert.deepEqual(await all(read()), [1]);
  assert.deepEqual(
    sent.map(({ body }) => "query" in JSON.parse(`${body}`)),
    [false, true],
  );
});

test("an event with errors raises them, even those that pass", async () => {
  const failed = `id: 1\nevent: next\ndata: {"errors":[{"message":"away","extensions":{"code":"UNAVAILABLE"}}]}\n\n`;
  const { read, sent } = world(stream([failed, COMPLETE]));

  await assert.rejects(all(read()), { code: "UNAVAILABLE" });
  assert.equal(sent.length, 1);
});

test("whoever stops reading leaves nothing open", async () => {
  const opened = stream([next(1), next(2)], "open");
  const { read } = world(opened);

  for await (const _ of read()) {
    break;
  }

  assert.ok(opened.isCancelled);
});

test("an aborted signal ends a silent stream with its reason", async () => {
  const opened = stream([next(1)], "open");
  const controller = new AbortController();
  const reading = world(opened).read({ signal: controller.signal });
  await reading.next();

  const waiting = reading.next();
  controller.abort(new Error("enough"));

  await assert.rejects(waiting, /enough/);
  assert.ok(opened.isCancelled);
});

test("one reply where events were asked for is told", async () => {
  const body = new Response('{"data":{"changed":1}}').body;
  const { read } = world(response(200, "application/json", body));

  await assert.rejects(all(read()), { name: "ResponseError", status: 200 });
});

test("a transport of the caller's may open streams of its own", async () => {
  const opened = stream([next(1) + COMPLETE]);
  const transport = Object.assign(new FakeTransport(), {
    open: async () => opened.response as never,
  });
  const client = new IntelGraph({ apiKey: null, transport });

  assert.deepEqual(await all(subscribe(client, Changed, {}, {}, (data) => data.changed)), [1]);
});

test("what a hook adds travels with its own connection and no other", async () => {
  const one = (changed: number) => ({ data: { changed } });
  const broken = events([one(1)], { isComplete: false });
  const transport = new FakeTransport([broken, events([one(2)], { firstId: 2 })]);
  const hook: Hook = (event) => {
    if (event.type === "AttemptStarted") {
      Object.assign(event.headers, { [`x-attempt-${event.attempt}`]: event.callId });
    }
  };
  const options = { apiKey: null, transport, hooks: [hook], newId: () => "call-1" };
  const client = new IntelGraph({ ...options, sleep: async () => {} });

  const came: number[] = [];
  for await (const { changed } of subscribe(client, Changed, {}, {}, (data) => data)) {
    came.push(changed);
  }

  assert.deepEqual(came, [1, 2]);
  const added = transport.requests.map(({ headers }) => [
    headers["x-attempt-1"],
    headers["x-attempt-2"],
  ]);
  assert.deepEqual(added, [
    ["call-1", undefined],
    [undefined, "call-1"],
  ]);
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { ConfigurationError, type Hook, type Reply, type Request } from "@intelgraph/sdk/runtime";
import { Batched, type BatchedOptions } from "@intelgraph/sdk/telemetry/batched";
import { reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING } from "../things.js";

type Finished = Parameters<Hook>[0] & { readonly type: "CallFinished" };

const TAKEN = reply(null, { status: 204, text: "" });
const BUSY = reply(null, { status: 503, text: "" });
const TOLD = { opId: "getThing:v1", durationMs: 142, status: 200, retries: 1 };
const FINISHED: Finished = {
  type: "CallFinished",
  operation: "GetThing",
  callId: "call-1",
  error: null,
  ...TOLD,
};

/** A transport to a server that answers when it may, with what it is to answer. */
class Server {
  readonly posts: unknown[][] = [];
  readonly requests: Request[] = [];
  readonly isAsked: Promise<void>;
  mayAnswer: Promise<void> = Promise.resolve();
  #asked = () => {};
  readonly #answers: Reply[];

  constructor(...answers: Reply[]) {
    this.#answers = answers;
    this.isAsked = new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  /** Has the server wait; returns what lets it answer. */
  hold(): () => void {
    let release = () => {};
    this.mayAnswer = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async send(request: Request): Promise<Reply> {
    this.requests.push(request);
    this.posts.push(JSON.parse(request.body));
    this.#asked();
    await this.mayAnswer;
    return this.#answers.shift() ?? TAKEN;
  }
}

function sinkTo(transport: Server, options: BatchedOptions = {}): Batched {
  return new Batched({
    url: "http://graph.example/telemetry",
    apiKey: null,
    intervalMs: 60_000,
    retryPolicy: { maxAttempts: 1 },
    transport,
    ...options,
  });
}

test("calls that ended are posted as one list in the platform's form", async () => {
  const server = new Server();
  const sink = sinkTo(server);
  const { client } = fakeClient([ONE_THING], { hooks: [sink.hook], now: () => 0 });

  await client.execute(GetThing, {});
  sink.hook(FINISHED);
  await sink.close();

  assert.deepEqual(server.posts, [[{ ...TOLD, durationMs: 0, retries: 0 }, TOLD]]);
  assert.deepEqual([sink.sent, sink.dropped], [2, 0]);
});

test("the environment says where and as whom", async () => {
  const server = new Server();
  Object.assign(process.env, {
    INTELGRAPH_URL: "https://graph.example/api/graphql",
    INTELGRAPH_API_KEY: "key-1",
  });
  const sink = new Batched({ transport: server });
  delete process.env.INTELGRAPH_URL;
  delete process.env.INTELGRAPH_API_KEY;

  sink.hook(FINISHED);
  await sink.close();

  assert.equal(server.requests[0]?.url, "https://graph.example/api/telemetry");
  assert.equal(server.requests[0]?.headers.authorization, "Bearer key-1");
  assert.throws(() => new Batched({ transport: server }), ConfigurationError);
});

test("a list that is full does not wait for its time", async () => {
  const server = new Server();
  const sink = sinkTo(server);

  for (let told = 0; told < 100; told += 1) {
    sink.hook(FINISHED);
  }
  await server.isAsked;
  await sink.close();

  assert.deepEqual(
    server.posts.map((post) => post.length),
    [100],
  );
});

test("events are sent when their time has come", async () => {
  const server = new Server();
  const sink = sinkTo(server, { intervalMs: 1 });

  sink.hook(FINISHED);
  const alive = setTimeout(() => {}, 10_000);
  await server.isAsked;
  clearTimeout(alive);
  await sink.close();

  assert.deepEqual(server.posts, [[TOLD]]);
});

test("calls do not wait for a slow server, and what finds no room is dropped", async () => {
  const server = new Server();
  const answer = server.hold();
  const sink = sinkTo(server, { maxQueue: 3 });
  const { client } = fakeClient(Array(8).fill(ONE_THING), { hooks: [sink.hook] });
  for (let made = 0; made < 3; made += 1) {
    await client.execute(GetThing, {});
  }
  await server.isAsked;

  for (let made = 0; made < 5; made += 1) {
    await client.execute(GetThing, {});
  }

  assert.deepEqual([sink.sent, sink.dropped], [0, 2]);
  answer();
  await sink.close();
  assert.deepEqual([sink.sent, sink.dropped], [6, 2]);
});

test("a server that fails costs its events and one line of the log", async (context) => {
  const log = context.mock.method(console, "warn", () => {});
  const server = new Server(BUSY, BUSY, TAKEN, reply(null, { status: 401, text: "canary" }));
  const sink = sinkTo(server, { apiKey: "canary-key" });

  for (let told = 0; told < 4; told += 1) {
    sink.hook(FINISHED);
    await sink.flush();
  }
  await sink.close();

  assert.deepEqual([sink.sent, sink.dropped], [1, 3]);
  assert.deepEqual(
    log.mock.calls.map((call) => call.arguments[0]),
    [
      "Telemetry for graph.example:80 is dropped: it answered with HTTP 503.",
      "Telemetry for graph.example:80 is dropped: it answered with HTTP 401.",
    ],
  );
});

test("what the server did not take is tried again", async () => {
  const server = new Server(BUSY, TAKEN);
  const sink = sinkTo(server, { retryPolicy: { baseDelayMs: 0 } });

  sink.hook(FINISHED);
  await sink.close();

  assert.deepEqual(server.posts, [[TOLD], [TOLD]]);
  assert.deepEqual([sink.sent, sink.dropped], [1, 0]);
});

test("a transport that raises ends nothing", async (context) => {
  const log = context.mock.method(console, "warn", () => {});
  const server = new Server();
  const send = server.send.bind(server);
  server.send = async () => {
    server.send = send;
    throw new RangeError("canary");
  };
  const sink = sinkTo(server);

  for (let told = 0; told < 2; told += 1) {
    sink.hook(FINISHED);
    assert.ok(await sink.flush());
  }
  await sink.close();

  assert.deepEqual([sink.sent, sink.dropped], [1, 1]);
  assert.match(String(log.mock.calls[0]?.arguments), /its transport raised RangeError\.$/);
});

test("a flush says whether it came to its end in time", async () => {
  const server = new Server();
  const answer = server.hold();
  const sink = sinkTo(server);
  assert.ok(await sink.flush());
  sink.hook(FINISHED);

  assert.equal(await sink.flush(1), false);
  answer();
  assert.ok(await sink.flush());
  await sink.close();
});

test("a sink closes in time though its server never takes anything", async (context) => {
  context.mock.method(console, "warn", () => {});
  const sink = sinkTo(new Server(BUSY, BUSY), {
    retryPolicy: { baseDelayMs: 1e6 },
    random: () => 1,
  });
  sink.hook(FINISHED);

  await sink.close(1);
  sink.hook(FINISHED);
  assert.ok(await sink.flush());

  assert.deepEqual([sink.sent, sink.dropped], [0, 2]);
});

test("what the sink sends is no call of its own", async () => {
  const server = new Server();
  const sink = sinkTo(server);
  const { client } = fakeClient([ONE_THING], { hooks: [sink.hook] });

  await client.execute(GetThing, {});
  await sink.flush();
  await sink.flush();
  await sink.close();

  assert.deepEqual(
    server.posts.map((post) => post.length),
    [1],
  );
});

test("what waits when a program ends is sent, and nothing keeps it from its end", async (context) => {
  const told: unknown[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) {
      text += chunk;
    }
    told.push(JSON.parse(text));
    response.writeHead(204).end();
  });
  context.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/telemetry`;
  const program = `
    import { Batched } from "@intelgraph/sdk/telemetry/batched";
    const sink = new Batched({ url: ${JSON.stringify(url)}, apiKey: null, intervalMs: 3600000 });
    sink.hook(${JSON.stringify(FINISHED)});`;

  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd });

  assert.deepEqual(told, [[TOLD]]);
});

test("an option that cannot work is refused", () => {
  const server = new Server();

  for (const options of [{ intervalMs: 0 }, { maxQueue: 0 }, { timeoutMs: 0 }]) {
    assert.throws(() => sinkTo(server, options), ConfigurationError);
  }
});

test("a sink is disposed of as it is closed", async () => {
  const server = new Server();
  const sink = sinkTo(server);
  sink.hook(FINISHED);

  await sink[Symbol.asyncDispose]();

  assert.equal(sink.sent, 1);
});

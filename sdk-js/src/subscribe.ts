/**
 * One subscription: connections until the server says that no more comes. Apart from the client,
 * so that an app that subscribes to nothing does not carry it. Nothing is read ahead of whoever
 * iterates, and a connection that breaks is made again behind the last event that was read.
 */

import { type Call, delayAfter, failed, read } from "./call.js";
import { type BaseClient, callOf } from "./client.js";
import { within } from "./clock.js";
import type { Operation } from "./operation.js";
import type { CallOptions } from "./options.js";
import { EventParser, type ServerEvent } from "./sse.js";
import { type Opened, openStream, type Reply } from "./transport.js";
import { encodeBody, isMiss, readReply } from "./wire.js";

// A connection that lasted so long was a good one, even if nothing happened on it.
const LASTING_MS = 5000;
// So long a stream may say nothing, not even a comment, before it counts as lost.
const SILENCE_MS = 60_000;

/** What of the data is handed on. */
type Pick<Data, Item> = (data: Data) => Item;

/** Yields what is picked of every event; ends when the server completes the subscription. */
export async function* subscribe<Data, Variables, Item>(
  client: BaseClient,
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: CallOptions | undefined,
  pick: Pick<Data, Item>,
): AsyncGenerator<Item, void, undefined> {
  // To come back to a subscription repeats nothing.
  const call = callOf(client, { ...operation, retrySafe: true }, variables, options);
  let parser = new EventParser();
  for (; ; call.at.attempts += 1) {
    const known = parser.lastId;
    let connectedAt = Infinity;
    let isOurs = false;
    let error: unknown;
    try {
      const { body } = await opened(call, known);
      connectedAt = call.now();
      for await (const event of eventsOf(body, call, parser)) {
        if (event.type === "complete") {
          return;
        }
        if (event.type === "next") {
          // What an event says is the reader's to know, and no reason to connect again.
          isOurs = true;
          yield pick(readEvent(call, event) as Data);
          isOurs = false;
        }
      }
      error = failed(call, { kind: "read" });
    } catch (caught) {
      error = caught;
    }
    if (parser.lastId !== known || call.now() - connectedAt > LASTING_MS) {
      call.at.attempts = 1;
      call.deadline = call.now() + Math.max(call.deadlineMs ?? Infinity, call.timeoutMs);
    }
    const delayMs = isOurs ? null : delayAfter(error, call);
    if (delayMs === null) {
      throw error;
    }
    parser = new EventParser(parser.lastId);
    await call.sleep(delayMs, call.signal);
  }
}

async function* eventsOf(
  body: Opened["body"],
  call: Call,
  parser: EventParser,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  try {
    for (;;) {
      const part = await within(SILENCE_MS, call.signal, () => reader.read());
      if (!part?.value) {
        return;
      }
      yield* parser.feed(part.value);
    }
  } catch (cause) {
    if (call.signal?.aborted) {
      throw cause;
    }
    throw failed(call, { kind: "read", cause });
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** An open stream, asked for by its id and once more with its text if the server misses it. */
async function opened(call: Call, lastId: string | null): Promise<Opened> {
  const hasId = call.operation.documentId !== null;
  let outcome = await open(call, lastId, !hasId);
  if (hasId && "bytes" in outcome && isMiss(readReply(outcome.bytes))) {
    outcome = await open(call, lastId, true);
  }
  if ("bytes" in outcome) {
    read(call, readReply(outcome.bytes));
    // It has data, and is not what was asked for all the same.
    read(call, "it is one reply and no stream of events");
  }
  return outcome as Opened;
}

async function open(
  call: Call,
  lastId: string | null,
  withText: boolean,
): Promise<Opened | { readonly bytes: Reply }> {
  const { at, url, maxResponseBytes, signal } = call;
  const timeoutMs = Math.min(call.timeoutMs, Math.max(call.deadline - call.now(), 0));
  const headers = { ...call.headers, accept: "text/event-stream" };
  const body = encodeBody(call.operation, call.variables, withText);
  const request = { url, body, timeoutMs, maxResponseBytes, signal };
  const transport = call.transport.open ? call.transport : { open: openStream(call.fetch) };
  call.reply = at.status = at.requestId = null;
  const outcome = await transport.open?.({
    ...request,
    headers: lastId === null ? headers : { ...headers, "last-event-id": lastId },
  });
  if (outcome === undefined || "kind" in outcome) {
    throw failed(call, outcome ?? { kind: "timeout" });
  }
  at.status = outcome.status;
  at.requestId = outcome.headers.get("x-request-id");
  if (outcome.body instanceof Uint8Array) {
    call.reply = outcome as Reply;
    return { bytes: outcome as Reply };
  }
  return outcome as Opened;
}

function readEvent(call: Call, { data }: ServerEvent): unknown {
  const headers = new Headers({ "content-type": "application/json" });
  const body = new TextEncoder().encode(data);
  return read(call, readReply({ status: call.at.status ?? 200, headers, body }));
}

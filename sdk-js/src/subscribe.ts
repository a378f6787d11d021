/**
 * One subscription: connections until the server says that no more comes. Apart from the client,
 * so that an app that subscribes to nothing does not carry it. Nothing is read ahead of whoever
 * iterates, and a connection that breaks is made again behind the last event that was read.
 */

import { refund } from "./budget.js";
import { type Call, converse, dataOf, delayAfter, errorOf, FAILURES } from "./call.js";
import { type BaseClient, callOf } from "./client.js";
import { within } from "./clock.js";
import { endingWith } from "./closing.js";
import type { Operation } from "./operation.js";
import type { CallOptions } from "./options.js";
import { readRetryAfter } from "./retry.js";
import { EventParser, type ServerEvent } from "./sse.js";
import { type Failure, type Opened, openStream, type Reply, type Request } from "./transport.js";
import { type Message, readReply } from "./wire.js";

// A connection that lasted so long was a good one, even if nothing happened on it.
const LASTING_MS = 5000;
// So long a stream may say nothing, not even a comment, before it counts as lost.
const SILENCE_MS = 60_000;

// A stream had begun well, so it may again.
const PASSING = { retryable: true };

/** What of the data is handed on. */
type Pick<Data, Item> = (data: Data) => Item;

/** Whoever reads, and how he leaves. */
interface Reader {
  hasLeft: boolean;
  end?: (reason: unknown) => void;
}

/** Yields what is picked of every event; ends when the server completes the subscription. */
export function subscribe<Data, Variables, Item>(
  client: BaseClient,
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: CallOptions | undefined,
  pick: Pick<Data, Item>,
): AsyncGenerator<Item, void, undefined> {
  const reader: Reader = { hasLeft: false };
  const items = listen(client, operation, variables, options, pick, reader);
  const end = items.return.bind(items);
  // A generator that waits hears of its end with the next event alone, which may never come.
  items.return = (value) => {
    reader.hasLeft = true;
    reader.end?.(new DOMException("The reader has left.", "AbortError"));
    return end(value);
  };
  return items;
}

async function* listen<Data, Variables, Item>(
  client: BaseClient,
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: CallOptions | undefined,
  pick: Pick<Data, Item>,
  reader: Reader,
): AsyncGenerator<Item, void, undefined> {
  // To come back to a subscription repeats nothing.
  const call = callOf(client, { ...operation, retrySafe: true }, variables, options);
  const { signal, end, release } = endingWith(call, call.signal);
  reader.end = end;
  let error: unknown = null;
  call.hooks?.("CallStarted", call);
  try {
    yield* read(Object.assign(call, { signal }), pick, reader);
  } catch (caught) {
    if (!reader.hasLeft) {
      error = caught;
      throw caught;
    }
  } finally {
    release();
    // Whoever stops reading has what they wanted.
    if (error === null) {
      refund(call);
    }
    call.hooks?.("CallFinished", call, error);
  }
}

async function* read<Data, Item>(
  call: Call & { readonly signal: AbortSignal },
  pick: Pick<Data, Item>,
  reader: Reader,
): AsyncGenerator<Item, void, undefined> {
  const open = openerOf(call);
  let parser = new EventParser();
  for (; ; call.attempts += 1) {
    const known = parser.lastId;
    call.transport = { send: (request) => open(streamed(request, known)) };
    const message = call.wire(call, []) as Message;
    call.hooks?.("AttemptStarted", call, message);
    let connectedAt = Infinity;
    let isOurs = false;
    let error: unknown = null;
    try {
      const { body } = await opened(call, message);
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
      error = errorOf(call, FAILURES.read, undefined, PASSING);
    } catch (caught) {
      error = caught;
    } finally {
      call.hooks?.("AttemptFinished", call, reader.hasLeft ? null : error);
    }
    if (isOurs) {
      throw error;
    }
    if (parser.lastId !== known || call.now() - connectedAt > LASTING_MS) {
      refund(call);
      call.attempts = 1;
      call.deadline = call.now() + Math.max(call.deadlineMs ?? Infinity, call.timeoutMs ?? 0);
    }
    const delayMs = delayAfter(error, notBefore(parser.waitMs, call));
    call.hooks?.("RetryScheduled", call, delayMs);
    parser = new EventParser(parser.lastId, parser.waitMs);
    await call.sleep(delayMs, call.signal);
  }
}

async function* eventsOf(
  body: Opened["body"],
  call: Call & { readonly signal: AbortSignal },
  parser: EventParser,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const cancel = () => {
    reader.cancel().catch(() => {});
  };
  // An abort closes the connection although nobody reads on just then.
  call.signal.addEventListener("abort", cancel);
  try {
    for (;;) {
      const part = await within(SILENCE_MS, call.signal, () => reader.read());
      if (!part?.value) {
        return;
      }
      yield* parser.feed(part.value);
    }
  } catch (cause) {
    call.signal.throwIfAborted();
    throw errorOf(call, FAILURES.read, { cause }, PASSING);
  } finally {
    call.signal.removeEventListener("abort", cancel);
    cancel();
  }
}

/** Opens streams over the client's own transport, or over its `fetch` if that opens none. */
function openerOf({
  transport,
  fetch,
}: Call): (request: Request) => Promise<Opened | Reply | Failure> {
  return transport.open?.bind(transport) ?? openStream(fetch);
}

function streamed(request: Request, lastId: string | null): Request {
  const headers = { ...request.headers, accept: "text/event-stream" };
  return {
    ...request,
    headers: lastId === null ? headers : { ...headers, "last-event-id": sendable(lastId) },
  };
}

/** The id as a header is: with as many characters as it has bytes, and without spaces around. */
function sendable(lastId: string): string {
  const bytes = [...new TextEncoder().encode(lastId)];
  const id = bytes.map((byte) => String.fromCharCode(byte)).join("");
  return new Headers({ id }).get("id") ?? "";
}

async function opened(call: Call, first: Message): Promise<Opened> {
  const answer = await converse(call, first, (outcome: Opened | Reply) =>
    outcome.body instanceof Uint8Array ? readReply(outcome as Reply) : (outcome as Opened),
  );
  if (typeof answer === "object" && "body" in answer) {
    return answer;
  }
  dataOf(call, answer);
  // It has data, and is not what was asked for all the same.
  return dataOf(call, "it is one reply and no stream of events") as never;
}

/** The call as retries see it, where its stream has asked for a longer wait than its last reply. */
function notBefore(waitMs: number, call: Call): Call {
  const headers = new Headers({ "retry-after-ms": `${waitMs}` });
  return waitMs > readRetryAfter(call.reply, call.now)
    ? Object.create(call, { reply: { value: { headers } } })
    : call;
}

function readEvent(call: Call, { data }: ServerEvent): unknown {
  const headers = new Headers({ "content-type": "application/json" });
  const body = new TextEncoder().encode(data);
  return dataOf(call, readReply({ status: call.reply?.status ?? 200, headers, body }));
}

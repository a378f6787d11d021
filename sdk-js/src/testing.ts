/**
 * A transport that answers from a script, for the tests of code that uses a client:
 *
 *     const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);
 *     const client = new IntelGraph({ apiKey: null, transport });
 *
 * It opens no sockets and needs no patching; our own tests use it too.
 */

import { ConfigurationError } from "./errors.js";
import type { Failure, Opened, Reply, Request, Transport } from "./runtime.js";

/** What a request meets: a reply, a failure, events, or a function that gives one of these. */
export type Outcome =
  | Reply
  | Failure
  | Events
  | ((request: FakeRequest) => Reply | Failure | Events);

/** A request as a `FakeTransport` saw it, with its body read as JSON. */
export interface FakeRequest extends Request {
  readonly json: unknown;
}

/** How a fake reply differs from status 200 with GraphQL's media type and a body of JSON. */
export interface ReplyOptions {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body as it stands, instead of JSON. */
  readonly text?: string | undefined;
}

/** A reply with the value as its JSON body. */
export function reply(json?: unknown, options: ReplyOptions = {}): Reply {
  const headers = new Headers({ "content-type": "application/graphql-response+json" });
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    headers.set(name, value);
  }
  const text = options.text ?? JSON.stringify(json) ?? "";
  return { status: options.status ?? 200, headers, body: new TextEncoder().encode(text) };
}

/** No reply: `connect` sent nothing, `timeout` had no reply in time, `read` broke off. */
export function failure(kind: Failure["kind"], cause?: unknown): Failure {
  if (!["connect", "timeout", "read"].includes(kind)) {
    throw new RangeError(`A failure is of the kind connect, timeout or read, not '${kind}'.`);
  }
  return cause === undefined ? { kind } : { kind, cause };
}

/** An event stream of a script: its bytes in pieces, taken as they are read, and how it ends. */
export class Events implements Opened {
  readonly status = 200;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
  #isClosed = false;

  /** Without a failure at its end, the server just stops; one of `timeout` stays silent. */
  constructor(
    chunks: Iterable<Uint8Array>,
    end?: Failure | undefined,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.headers = new Headers({ "content-type": "text/event-stream", ...headers });
    const left = chunks[Symbol.iterator]();
    this.body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const next = left.next();
          if (!next.done) {
            controller.enqueue(next.value);
          } else if (end?.kind !== "timeout") {
            this.#isClosed = true;
            end ? controller.error(end.cause ?? new Error(end.kind)) : controller.close();
          }
        },
        cancel: () => {
          this.#isClosed = true;
        },
      },
      // Nothing is taken before somebody reads.
      { highWaterMark: 0 },
    );
  }

  /** Whether nothing more can come: it has ended, or its reader has closed it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }
}

/** How a stream of responses differs from one that begins with id 1 and is complete. */
export interface EventsOptions {
  readonly firstId?: number | undefined;
  /** False breaks it off behind the last. */
  readonly isComplete?: boolean | undefined;
}

/** A stream of responses, numbered from an id on; complete, or broken off behind the last. */
export function events(responses: readonly unknown[], options: EventsOptions = {}): Events {
  const { firstId = 1, isComplete = true } = options;
  const texts = responses.map(
    (response, index) =>
      `id: ${firstId + index}\nevent: next\ndata: ${JSON.stringify(response)}\n\n`,
  );
  const all = isComplete ? [...texts, "event: complete\ndata:\n\n"] : texts;
  const chunks = all.map((text) => new TextEncoder().encode(text));
  return new Events(chunks, isComplete ? undefined : failure("read"));
}

/** A webhook as it arrives: what `unwrap` takes, and what `fetch` sends. */
export interface SignedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a webhook of a test differs from one with an id of its own that is sent just now. */
export interface SignedWebhookOptions {
  readonly secret: string;
  readonly id?: string | undefined;
  /** When it is sent, in milliseconds since 1970. */
  readonly sentMs?: number | undefined;
}

/**
 * The webhook with which a server tells `content`, signed, for the tests of who receives it.
 * Rejects a secret that nothing can be signed with.
 */
export async function webhook(
  content: unknown,
  { secret, id = "dlv_test", sentMs = Date.now() }: SignedWebhookOptions,
): Promise<SignedWebhook> {
  const body = JSON.stringify(content);
  const sent = `${Math.floor(sentMs / 1000)}`;
  const raw = keyOf(secret);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", raw, hmac, false, ["sign"]);
  const signed = new TextEncoder().encode(`${id}.${sent}.${body}`);
  const proof = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": sent,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...proof))}`,
  };
  return { body, headers };
}

// What Node and Deno ask an object for before they print it.
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

function keyOf(secret: unknown): Uint8Array<ArrayBuffer> {
  const encoded = typeof secret === "string" ? secret.replace(/^whsec_/, "") : "";
  if (
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded) ||
    !encoded
  ) {
    throw new ConfigurationError("secret must be whsec_ and the base64 of some bytes.");
  }
  return Uint8Array.from(atob(encoded), (byte) => byte.charCodeAt(0));
}

/** Answers requests with scripted outcomes, in order, and keeps the requests. */
export class FakeTransport implements Transport {
  /** What was sent so far. */
  readonly requests: FakeRequest[] = [];
  readonly #outcomes: Outcome[];

  constructor(outcomes: readonly Outcome[] = []) {
    this.#outcomes = [...outcomes];
  }

  /** Lengthens the script. */
  add(...outcomes: readonly Outcome[]): void {
    this.#outcomes.push(...outcomes);
  }

  /** How much of the script has not been asked for. */
  get outcomesLeft(): number {
    return this.#outcomes.length;
  }

  /** Rejects with a plain Error past the end of the script: a test has found something. */
  async send(request: Request): Promise<Reply | Failure> {
    const outcome = this.#next(request);
    if (outcome instanceof Events) {
      throw new Error(`Request ${this.requests.length} is no subscription.`);
    }
    return outcome;
  }

  /** Opens the script's events; a reply or a failure where it has these instead. */
  async open(request: Request): Promise<Events | Reply | Failure> {
    return this.#next(request);
  }

  #next(request: Request): Events | Reply | Failure {
    request.signal?.throwIfAborted();
    const seen: FakeRequest = {
      ...request,
      json: request.body ? JSON.parse(request.body) : undefined,
    };
    // A test that fails prints what it compares, and the key of a real server may be among it.
    const { method, url } = request;
    const shown = () => `FakeRequest { method: '${method}', url: '${url.replace(/[?#].*/s, "")}' }`;
    Object.defineProperty(seen, INSPECT, { value: shown });
    this.requests.push(seen);
    const outcome = this.#outcomes.shift();
    if (outcome === undefined) {
      throw new Error(`Request ${this.requests.length} is not in the script.`);
    }
    const given = typeof outcome === "function" ? outcome(seen) : outcome;
    if (!given || typeof given !== "object") {
      throw new TypeError(`Outcome ${this.requests.length} is no reply, failure or stream.`);
    }
    return given;
  }
}

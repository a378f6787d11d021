/**
 * What a call's last reply was, beside the value that was read from it. Apart from the client,
 * so that only who looks at replies carries this.
 */

import type { Call } from "./call.js";
import { type BaseClient, copyOf } from "./client.js";
import type { GraphQLError, GraphQLResponse } from "./errors.js";
import type { Reply } from "./transport.js";
import { readReply } from "./wire.js";

/** The HTTP reply that a call ended with, and the call's value in `parse()`. */
export class RawResponse<Value> {
  readonly status: number;
  readonly headers: Reply["headers"];
  readonly attempts: number;
  /** From the call's start, with all its attempts and waits. */
  readonly elapsedMs: number;
  // Private fields keep bodies and values out of inspection and of JSON.
  readonly #reply: Reply;
  readonly #value: Value;

  /** Made by `withRawResponse`. */
  constructor(seen: Seen, value: Value) {
    this.status = seen.reply.status;
    this.headers = seen.reply.headers;
    this.attempts = seen.attempts;
    this.elapsedMs = seen.elapsedMs;
    this.#reply = seen.reply;
    this.#value = value;
  }

  /** The server's name for the request; null when it gave none. */
  get requestId(): string | null {
    return this.headers.get("x-request-id");
  }

  /** The decoded body, a GraphQL response in JSON. */
  get body(): Uint8Array {
    return this.#reply.body;
  }

  /** What the server could not answer, which only the policy `partial` lets come so far. */
  get errors(): ReadonlyArray<GraphQLError> {
    return (readReply(this.#reply) as GraphQLResponse).errors;
  }

  /** What the call returns otherwise. */
  parse(): Value {
    return this.#value;
  }
}

interface Seen {
  readonly reply: Reply;
  readonly attempts: number;
  readonly elapsedMs: number;
}

/**
 * The reply of the last call that the function makes of the client it is given, with the
 * function's value; rejects as the call does, and with a TypeError where no call was made.
 */
export async function withRawResponse<Client extends BaseClient, Value>(
  client: Client,
  ask: (client: Client) => Promise<Value>,
): Promise<RawResponse<Value>> {
  const seen: Seen[] = [];
  const value = await ask(
    copyOf(client, (settings) => {
      const hooks = (type: string, call: Call, fact?: unknown) => {
        settings.hooks?.(type as "CallFinished", call, fact);
        const { reply, attempts, now, startedAt } = call;
        // A stream is no reply, and a call that fails says so itself.
        if (type === "CallFinished" && fact === null && reply?.body instanceof Uint8Array) {
          seen.push({ reply: reply as Reply, attempts, elapsedMs: now() - startedAt });
        }
      };
      return Object.assign(Object.create(settings), { hooks });
    }),
  );
  const last = seen.at(-1);
  if (last === undefined) {
    throw new TypeError(
      "The function of withRawResponse makes a call of the client that it is given, and this one " +
        "made none; what is read piece by piece, such as a subscription, calls later.",
    );
  }
  return new RawResponse(last, value);
}

/**
 * Sends one body and returns one reply, over any `fetch`. Foreign exceptions end here: what
 * comes out is a reply, or which of three ways it failed in, or the caller's own abort.
 */

import { within } from "./clock.js";

/** One HTTP request of a call. */
export interface Request {
  readonly method: "POST" | "GET";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is posted; empty where all is said by the url. */
  readonly body: string;
  /** How long the whole exchange may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The most bytes of a decoded body to read. */
  readonly maxResponseBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** What arrived. */
export interface Reply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The decoded body; empty when `problem` says why there is none. */
  readonly body: Uint8Array;
  /** Why the body was not read to its end. */
  readonly problem?: string | undefined;
}

/**
 * No complete reply. `connect`: nothing was sent. `timeout`: no complete reply in time. `read`:
 * the connection broke after something may have been sent.
 */
export interface Failure {
  readonly kind: "connect" | "timeout" | "read";
  /** What `fetch` raised. */
  readonly cause?: unknown;
}

/** Sends one body, returns one reply; rejects only with the reason of an aborted signal. */
export interface Transport {
  send(request: Request): Promise<Reply | Failure>;
  /** Opens a stream of events; without this, subscriptions go over `fetch`. */
  open?(request: Request): Promise<Opened | Reply | Failure>;
}

/** The head of a stream whose body is still to come. */
export interface Opened {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array>;
}

/** What a `fetch` is given here. */
export interface FetchInit {
  method: "POST" | "GET";
  headers: Readonly<Record<string, string>>;
  /** Null where there is none. */
  body: string | null;
  redirect: "manual";
  signal: AbortSignal;
}

/** As much of a `Response` as is needed here. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** As much of `fetch` as is needed here, so that any implementation fits. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** Opens streams of events over the given `fetch`, or over whatever the global one is then. */
export const openStream = (fetch: Fetch | undefined): NonNullable<Transport["open"]> => {
  return sending<Opened | Reply>(fetch, async (response, limit) => {
    const { headers, body } = response;
    const isStream = /^text\/event-stream\b/i.test(`${headers.get("content-type")}`);
    return response.status === 200 && isStream && body
      ? { status: 200, headers, body }
      : readBody(response, limit);
  });
};

/** Sends over the given `fetch`, or over whatever the global one is then, and reads what comes. */
export const sending = <T>(
  fetch: Fetch | undefined,
  read: (response: FetchResponse, limit: number) => Promise<T>,
): ((request: Request) => Promise<T | Failure>) => {
  return async (request) => {
    const { method, url, headers, body, signal } = request;
    const outcome = await within(request.timeoutMs, signal, async (signal) => {
      try {
        const init: FetchInit = { method, headers, body: body || null, redirect: "manual", signal };
        const response = await (fetch ?? (globalThis.fetch as Fetch))(url, init);
        return await read(response, request.maxResponseBytes);
      } catch (cause) {
        return { kind: isUnsent(cause as FetchError) ? "connect" : "read", cause } as const;
      }
    });
    return outcome ?? { kind: "timeout" };
  };
};

/** A whole reply, if it is no longer than the limit. */
export const readBody = async (response: FetchResponse, limit: number): Promise<Reply> => {
  const { status, headers } = response;
  const reader = response.body?.getReader?.();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let chunk = reader ? (await reader.read()).value : new Uint8Array(await response.arrayBuffer());
  while (chunk) {
    chunks.push(chunk);
    size += chunk.length;
    chunk = size > limit ? undefined : (await reader?.read())?.value;
  }
  let problem: string | undefined;
  if (size > limit) {
    problem = `the body is larger than ${limit} bytes`;
    size = chunks.length = 0;
    // Nobody waits for the end of a body that nobody reads.
    reader?.cancel().catch(() => {});
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const part of chunks) {
    body.set(part, offset);
    offset += part.length;
  }
  return { status, headers, body, problem };
};

/**
 * Whether an error of `fetch` proves that the request never left. Only server runtimes say:
 * a browser's error is the same for a refused and for a broken connection.
 */
const isUnsent = (error: FetchError | null | undefined): boolean => {
  const cause = error?.cause ?? error;
  const { code, syscall } = cause?.errors?.[0] ?? cause ?? {};
  return UNSENT.test(`${syscall ?? code}`);
};

// Of several addresses that were tried, each has its own error.
interface FetchError {
  readonly cause?: FetchError;
  readonly errors?: readonly FetchError[];
  readonly code?: string;
  readonly syscall?: string;
}

// The system's calls, and the codes of undici, Bun and OpenSSL, of a connection never made.
const UNSENT = /^(connect|getaddrinfo)$|^(UND_ERR_CONNECT|ConnectionR|FailedTo|UNABLE_)|CERT(_|$)/;

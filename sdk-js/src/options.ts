/**
 * What a caller may choose, checked once: options become the settings of every call.
 */

import { type Clock, newId, now, sleep } from "./clock.js";
import { ConfigurationError } from "./errors.js";
import type { Hook } from "./events.js";
import { type RetryPolicy, retryPolicy } from "./retry.js";
import { type Fetch, fetchTransport, type Request, type Transport } from "./transport.js";
import { version } from "./version.js";
import { ACCEPT } from "./wire.js";

/** How a client is made. */
export interface ClientOptions extends Loose<Clock> {
  /** Where the GraphQL server answers, such as `https://graph.example/graphql`. */
  readonly url: string;
  /** The bearer token to send; null sends none. */
  readonly apiKey: string | null;
  /** Headers to send with every call, beside and over our own. */
  readonly headers?: HeaderMap | undefined;
  /** How long one attempt may take, in milliseconds; 10 s unless told. */
  readonly timeoutMs?: number | undefined;
  /** The largest body that is read, in bytes; 64 MiB unless told. */
  readonly maxResponseBytes?: number | undefined;
  /** How often to try again, instead of the policy's attempts; 0 never does. */
  readonly maxRetries?: number | undefined;
  /** How often and how patiently to try. */
  readonly retryPolicy?: Loose<RetryPolicy> | undefined;
  /** Are told every event of every call. */
  readonly hooks?: readonly Hook[] | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Used instead of `fetch`, such as a `FakeTransport`. */
  readonly transport?: Transport | undefined;
}

/** What may differ for one call. */
export interface CallOptions {
  /** Headers to send with this call, beside and over the client's. */
  readonly headers?: HeaderMap | undefined;
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Ends the call early, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** With every member optional, and undefined the same as absent. */
type Loose<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

type HeaderMap = Readonly<Record<string, string>>;

/** What the calls of a client have in common. */
export interface Settings extends Clock, RetryPolicy {
  readonly url: string;
  /** The server as `host:port`, for messages. */
  readonly host: string;
  readonly headers: HeaderMap;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly hooks: readonly Hook[];
  readonly transport: Transport;
  readonly fetch: Fetch | undefined;
}

/** The settings that the options describe; raises ConfigurationError for what cannot work. */
export function settings(options: ClientOptions): Settings {
  const { url, apiKey, timeoutMs = 10_000, maxResponseBytes = 2 ** 26 } = options;
  const policy = retryPolicy(options.retryPolicy);
  const maxAttempts = (options.maxRetries ?? policy.maxAttempts - 1) + 1;
  const { protocol, hostname, port, username, password } = URL.canParse(url)
    ? new URL(url)
    : ({} as Partial<URL>);
  // The values stay out of the messages: what is no URL may be a key in the wrong place.
  check(
    /^https?:$/.test(`${protocol}`) && !(username || password),
    "url must be an http(s) URL without credentials.",
  );
  check(apiKey || apiKey === null, "apiKey is missing; null calls anonymously.");
  check(
    timeoutMs > 0 && maxResponseBytes > 0 && maxAttempts > 0,
    "timeoutMs, maxResponseBytes and attempts must be positive.",
  );
  return {
    ...policy,
    maxAttempts,
    url,
    host: `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`,
    headers: { ...sendable(ownHeaders(apiKey)), ...sendable(options.headers) },
    timeoutMs,
    maxResponseBytes,
    hooks: options.hooks ?? [],
    transport: options.transport ?? fetchTransport(options.fetch),
    fetch: options.fetch,
    now: options.now ?? now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    newId: options.newId ?? newId,
  };
}

/** What one call asks of its transport; raises ConfigurationError for what cannot work. */
export function requestOptions(settings: Settings, options: CallOptions): RequestOptions {
  const { headers, timeoutMs = settings.timeoutMs, signal } = options;
  check(timeoutMs > 0, "timeoutMs must be positive.");
  return {
    headers: headers ? { ...settings.headers, ...sendable(headers) } : settings.headers,
    timeoutMs,
    signal,
  };
}

/** The options of one call, with the client's for what is not given. */
export type RequestOptions = Pick<Request, "headers" | "timeoutMs" | "signal">;

function check(isFine: unknown, message: string): void {
  if (!isFine) {
    throw new ConfigurationError(message);
  }
}

function ownHeaders(apiKey: string | null): HeaderMap {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  // A browser has its own, and would ask the server's permission for another.
  const isBrowser = navigator?.userAgent?.startsWith("Mozilla");
  return {
    accept: ACCEPT,
    "content-type": "application/json",
    ...(!isBrowser && { "user-agent": `intelgraph-js/${version}` }),
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
  };
}

/** The headers with their names in lower case, as they can be laid over others. */
export function sendable(headers: HeaderMap | undefined): HeaderMap {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // The platform's own message would show the value, which may be the key.
    throw new ConfigurationError("apiKey or headers cannot be sent over HTTP.");
  }
}

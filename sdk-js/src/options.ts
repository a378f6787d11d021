/**
 * What a caller may choose, checked once: options become the settings of every call.
 */

import { type Clock, clock } from "./clock.js";
import { ConfigurationError } from "./errors.js";
import type { Hook } from "./events.js";
import { type RetryPolicy, retryPolicy } from "./retry.js";
import { type Fetch, fetchTransport, type Transport } from "./transport.js";
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
  /** How long one attempt may take, in milliseconds; 30 s unless told. */
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
  readonly signal?: AbortSignal | undefined;
}

/** The settings that the options describe; raises ConfigurationError for what cannot work. */
export function settings(options: ClientOptions): Settings {
  const { url, apiKey, timeoutMs = 30_000, maxResponseBytes = 2 ** 26 } = options;
  const policy = retryPolicy(options.retryPolicy);
  const { protocol, hostname, port, username, password } = URL.canParse(url)
    ? new URL(url)
    : ({} as Partial<URL>);
  // The values stay out of the messages: what is no URL may be a key in the wrong place.
  check(
    /^https?:$/.test(`${protocol}`) && !(username || password),
    "url is not an http or https URL without user and password.",
  );
  check(apiKey || apiKey === null, "apiKey is missing; pass null for anonymous calls.");
  return override(
    {
      ...clock(options),
      url,
      host: `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`,
      headers: ownHeaders(apiKey),
      timeoutMs,
      maxResponseBytes,
      ...policy,
      maxAttempts: (options.maxRetries ?? policy.maxAttempts - 1) + 1,
      hooks: options.hooks ?? [],
      transport: options.transport ?? fetchTransport(options.fetch),
    },
    options,
  );
}

/** The settings with those of one call over them. */
export function override(settings: Settings, options: CallOptions): Settings {
  const { timeoutMs = settings.timeoutMs, signal } = options;
  const headers = options.headers
    ? withHeaders(settings.headers, options.headers)
    : settings.headers;
  const overridden = { ...settings, headers, timeoutMs, signal };
  for (const name of ["timeoutMs", "maxResponseBytes", "maxAttempts"] as const) {
    check(overridden[name] > 0, `${name} is not a positive number.`);
  }
  return overridden;
}

function check(isFine: unknown, message: string): void {
  if (!isFine) {
    throw new ConfigurationError(message);
  }
}

function ownHeaders(apiKey: string | null): HeaderMap {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  // A browser has its own, and would ask the server's permission for another.
  const isBrowser = /^Mozilla/.test(`${navigator?.userAgent}`);
  return withHeaders({
    accept: ACCEPT,
    "content-type": "application/json",
    ...(!isBrowser && { "user-agent": `intelgraph-js/${version}` }),
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
  });
}

/** The headers with others over them, whatever the case of their names. */
function withHeaders(base: HeaderMap, over: HeaderMap = {}): HeaderMap {
  try {
    const headers = new Headers(base);
    for (const [name, value] of Object.entries(over)) {
      headers.set(name, value);
    }
    return Object.fromEntries(headers);
  } catch {
    // The platform's own message would show the value, which may be the key.
    throw new ConfigurationError("apiKey or headers hold what HTTP headers cannot carry.");
  }
}

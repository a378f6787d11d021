/**
 * What a caller may choose, checked once: options become the settings of every call.
 */

import { type Clock, now, sleep } from "./clock.js";
import { ConfigurationError } from "./errors.js";
import type { Hook } from "./events.js";
import { given, type Loose } from "./given.js";
import { RETRY_POLICY, type RetryPolicy } from "./retry.js";
import { type Fetch, fetchTransport, type Transport } from "./transport.js";
import { version } from "./version.js";
import { ACCEPT, persisted, type Wire } from "./wire.js";

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
  readonly fetch?: Fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly wire: Wire;
}

/** The settings that the options describe; raises ConfigurationError for what cannot work. */
export function settings(options: ClientOptions): Settings {
  const { url, apiKey } = options;
  const [, secure, hostname, port = secure ? ":443" : ":80"] =
    /^http(s?):\/\/([^/@]+?)(:\d+)?\//.exec(URL.canParse(url) ? new URL(url).href : "") ?? [];
  // The values stay out of the messages: what is no URL may be a key in the wrong place.
  check(hostname, "url must be an http(s) URL without credentials.");
  check(apiKey || apiKey === null, "apiKey is missing; null calls anonymously.");
  const defaults = {
    ...RETRY_POLICY,
    host: `${hostname}${port}`,
    headers: sendable(ownHeaders(apiKey)),
    timeoutMs: 30_000,
    maxResponseBytes: 2 ** 26,
    hooks: [],
    wire: persisted,
    transport: fetchTransport(options.fetch),
    now,
    random: Math.random,
    sleep,
  };
  return laidOver(defaults, options);
}

/** The settings under the options; raises ConfigurationError for what cannot work. */
export function laidOver(
  settings: Omit<Settings, "url">,
  options: ClientOptions | CallOptions,
): Settings {
  const { headers, retryPolicy, maxRetries } = options as ClientOptions;
  const own: Settings = Object.assign(
    // Settings are inherited, because to copy them would cost more than all else in a call.
    Object.create(settings),
    given(retryPolicy),
    given(options),
    maxRetries !== undefined && { maxAttempts: maxRetries + 1 },
    { headers: { ...settings.headers, ...sendable(headers) } },
  );
  check(
    own.timeoutMs > 0 && own.maxResponseBytes > 0 && own.maxAttempts > 0,
    "timeoutMs, maxResponseBytes and attempts must be positive.",
  );
  return own;
}

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
function sendable(headers: HeaderMap | undefined): HeaderMap {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // The platform's own message would show the value, which may be the key.
    throw new ConfigurationError("apiKey or headers cannot be sent over HTTP.");
  }
}

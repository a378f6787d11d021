/**
 * What a caller may choose, checked once: options become the settings of every call.
 */

import type { Purse } from "./budget.js";
import { type Clock, newId, now, sleep } from "./clock.js";
import { ConfigurationError } from "./errors.js";
import type { Hooks } from "./events.js";
import type { RetryPolicy } from "./retry.js";
import { type Fetch, readBody, sending, type Transport } from "./transport.js";
import { version } from "./version.js";
import { byId, type Wire } from "./wire.js";

/** What may be chosen for a client, for a copy of it, and for one call. */
interface Choices {
  /** Headers to send, beside and over those that are sent already. */
  readonly headers?: HeaderMap | undefined;
  /** How long one attempt may take, in milliseconds; 10 s unless told. */
  readonly timeoutMs?: number | undefined;
  /** How often to try again, instead of the policy's attempts; 0 never does. */
  readonly maxRetries?: number | undefined;
  /** Whether data that came with errors is returned; `raise`, unless told, raises them. */
  readonly errors?: "raise" | "partial" | undefined;
}

/** How a client is made. */
export interface ClientOptions extends Choices, Loose<Clock> {
  /** Where the GraphQL server answers, such as `https://graph.example/graphql`. */
  readonly url: string;
  /** The bearer token to send; null sends none. */
  readonly apiKey: string | null;
  /** Sends a key from a browser too, where everybody who opens the page can read it. */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
  /** The largest body that is read, in bytes; 64 MiB unless told. */
  readonly maxResponseBytes?: number | undefined;
  /** How often and how patiently to try. */
  readonly retryPolicy?: Loose<RetryPolicy> | undefined;
  /** Made by `hooks` of functions, which are told every event of every call. */
  readonly hooks?: Hooks | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Used instead of `fetch`, such as a `FakeTransport`. */
  readonly transport?: Transport | undefined;
  /** How documents travel, from `@intelgraph/sdk/wire`; by their ids unless told. */
  readonly wire?: Wire | undefined;
}

/** What may differ for one call. */
export interface CallOptions extends Choices {
  /** The key under which the server does a mutation once, however often it is sent. */
  readonly idempotencyKey?: string | undefined;
  /** Ends the call early, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How a copy of a client differs from it. */
export type CopyOptions = Omit<CallOptions, "signal"> & Pick<ClientOptions, "retryPolicy">;

/** With every member optional, and undefined the same as absent. */
type Loose<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

type HeaderMap = Readonly<Record<string, string>>;

/** What the calls of a client have in common. */
export interface Settings extends Clock, RetryPolicy {
  readonly url: string;
  /** The server as `host:port`, for messages. */
  readonly host: string;
  readonly headers: HeaderMap;
  /** As it was given, for the deadline is never shorter; 10 s where it was not. */
  readonly timeoutMs?: number | undefined;
  readonly maxResponseBytes: number;
  readonly hooks?: Hooks | undefined;
  readonly purse: Purse;
  readonly transport: Transport;
  readonly fetch?: Fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly wire: Wire;
  readonly errors?: "raise" | "partial" | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Where a runtime tells what it is: a browser, Node, Deno, Bun or workerd. */
interface Platform {
  readonly navigator?: { readonly userAgent?: string; readonly product?: string };
  readonly process?: { readonly versions?: { readonly node?: string } };
}

/** The settings that the options describe; raises ConfigurationError for what cannot work. */
export const settings = (options: ClientOptions): Settings => {
  const { url, apiKey } = options;
  const [, secure, hostname, port = secure ? ":443" : ":80"] =
    (URL.canParse(url) && /^http(s?):\/\/([^/?#@]+?)(:\d+)?([/?#]|$)/i.exec(url)) || [];
  // The values stay out of the messages: what is no URL may be a key in the wrong place.
  check(hostname, "url is not an http(s) URL without credentials.");
  check(apiKey || apiKey === null, "apiKey is missing; null is anonymous.");
  const { navigator, process } = globalThis as Platform;
  // Older ones of Node have no navigator.
  const runtime =
    navigator?.userAgent ?? navigator?.product ?? `Node.js/${process?.versions?.node}`;
  // A browser has a user-agent of its own, and would ask the server's permission for another.
  const isBrowser = /^Mozilla/.test(runtime);
  check(
    !(isBrowser && apiKey) || options.dangerouslyAllowBrowser,
    "apiKey is public here; see dangerouslyAllowBrowser.",
  );
  const headers = {
    // What we understand, the best first.
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
    ...(!isBrowser && { "user-agent": `intelgraph-js/${version} ${runtime}` }),
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
  };
  const defaults = {
    maxAttempts: 3,
    baseDelayMs: 200,
    throttledDelayMs: 1000,
    maxDelayMs: 8000,
    deadlineMs: 30_000,
    budget: 500,
    retryCost: 10,
    purse: { spent: 0 },
    host: hostname + port,
    headers: sendable(headers),
    maxResponseBytes: 2 ** 26,
    wire: byId,
    transport: { send: sending(options.fetch, readBody) },
    now,
    random: Math.random,
    sleep,
    newId,
  };
  return laidOver(defaults, options);
};

/** The settings under the options; raises ConfigurationError for what cannot work. */
export const laidOver = (
  settings: Omit<Settings, "url">,
  options: ClientOptions | CallOptions,
): Settings => {
  const { headers, retryPolicy, maxRetries } = options as ClientOptions;
  // Settings are inherited, because to copy them would cost more than all else in a call.
  const own = Object.create(settings);
  const given: Record<string, unknown> = { ...retryPolicy, ...options };
  for (const name in given) {
    // Undefined is the same as absent.
    if (given[name] !== undefined) {
      own[name] = given[name];
    }
  }
  own.maxAttempts = (maxRetries ?? own.maxAttempts - 1) + 1;
  own.headers = { ...settings.headers, ...sendable(headers) };
  for (const name of ["timeoutMs", "maxResponseBytes", "maxAttempts"]) {
    check((own[name] ?? 1) > 0, `${name} is not above 0.`);
  }
  check(own.idempotencyKey !== "", "idempotencyKey cannot be sent.");
  return own;
};

const check = (isFine: unknown, message: string): void => {
  if (!isFine) {
    throw new ConfigurationError(message);
  }
};

/** The headers with their names in lower case, as they can be laid over others. */
export const sendable = (headers: HeaderMap | undefined): HeaderMap => {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    // The platform's own message would show the value, which may be the key.
    throw new ConfigurationError("apiKey or headers cannot be sent.");
  }
};

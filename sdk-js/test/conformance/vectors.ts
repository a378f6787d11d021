/** Reads the vectors that every SDK must satisfy; the format is schema/conformance's own. */

import { readdirSync, readFileSync } from "node:fs";

import {
  type CallOptions,
  type Operation,
  type RetryPolicy,
  version,
} from "@intelgraph/sdk/runtime";
import type { WireOptions } from "@intelgraph/sdk/wire";

export interface Exchange {
  readonly takesMs?: number;
  readonly reply?: {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly json?: unknown;
    readonly text?: string;
    readonly bytes?: string;
    readonly problem?: string;
  };
  readonly failure?: "connect" | "timeout" | "read";
}

export interface ExpectedError {
  readonly class: string;
  readonly languages?: readonly string[];
  readonly [fact: string]: unknown;
}

/** What is expected of a request, as far as it is named. */
export interface SentRequest {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | null;
}

interface Common {
  readonly behaviour: string;
  readonly name: string;
  readonly since?: string;
  readonly random?: readonly number[];
}

type Policy = Partial<RetryPolicy>;

/** Calls of one client, one after the other. */
export interface CallsVector extends Common {
  readonly policy?: Policy;
  readonly timeoutMs?: number;
  readonly calls: readonly (SingleCall & { readonly times?: number })[];
}

export interface CallVector extends Common, SingleCall {
  readonly url?: string;
  readonly wire?: WireOptions & { readonly mode: "persisted" | "apq" | "text" };
  readonly policy?: Policy;
  readonly timeoutMs?: number;
}

/** A call, and what is seen of it. */
export interface SingleCall {
  readonly random?: readonly number[];
  readonly operation: string | Operation<unknown, unknown>;
  readonly variables?: object;
  readonly exchanges: readonly Exchange[];
  readonly callId?: string;
  readonly idempotencyKey?: string;
  readonly options?: CallOptions;
  readonly hookHeaders?: Readonly<Record<string, string>>;
  readonly failingHook?: boolean;
  readonly expect: {
    readonly requests?: readonly object[];
    readonly timeoutsMs?: readonly number[];
    readonly sent?: readonly SentRequest[];
    readonly sleepsMs?: readonly number[];
    readonly events?: ReadonlyArray<object | string>;
    readonly telemetry?: object;
    readonly untold?: readonly string[];
    readonly data?: unknown;
    readonly error?: ExpectedError;
  };
}

export interface DelayVector extends Common {
  readonly policy: Policy;
  readonly attempt: number;
  readonly throttled?: boolean;
  readonly retryAfterMs?: number | null;
  readonly expect: { readonly delayMs: number };
}

/** What is read of the connection `letters`, and what comes of it. */
export interface ReadingVector extends Common {
  readonly read: "items" | "pages";
  readonly policy?: Policy;
  readonly variables?: object;
  readonly limit?: number;
  readonly exchanges: readonly Exchange[];
  readonly expect: {
    readonly errors?: readonly ExpectedError[];
    readonly [seen: string]: unknown;
  };
}

export interface WebhookVector extends Common {
  readonly webhook: {
    readonly headers: ReadonlyArray<[name: string, value: string]>;
    readonly text?: string;
    readonly bytes?: string;
  };
  readonly secrets: readonly string[];
  readonly toleranceMs?: number;
  readonly nowMs?: number;
  readonly expect: { readonly event?: object; readonly error?: ExpectedError };
}

/** A piece of a stream: its text, or its bytes in base64. */
export interface Chunk {
  readonly takesMs?: number;
  readonly text?: string;
  readonly bytes?: string;
}

/** What a request that opens a stream meets. */
export interface Connection extends Exchange {
  readonly stream?: {
    readonly chunks: readonly Chunk[];
    readonly headers?: Readonly<Record<string, string>>;
    readonly end?: "read" | "silence";
  };
}

export interface SubscriptionVector extends Common {
  readonly subscribe: Operation<unknown, unknown>;
  readonly policy?: Policy;
  readonly variables?: object;
  readonly options?: CallOptions;
  readonly take?: number;
  readonly connections: readonly Connection[];
  readonly expect: {
    readonly data: readonly unknown[];
    readonly error?: ExpectedError;
    readonly [seen: string]: unknown;
  };
}

export interface FixtureVector extends Common {
  readonly fixture: string;
  readonly shapes?: readonly string[];
  readonly seed: number;
  readonly overrides: object;
  readonly expect: { readonly data?: unknown; readonly error?: string };
}

export type Vector =
  | CallVector
  | CallsVector
  | DelayVector
  | FixtureVector
  | ReadingVector
  | SubscriptionVector
  | WebhookVector;

const PACKAGE = new URL("../../", import.meta.url);

/** The vectors that this version must satisfy. */
export function vectors(): readonly Vector[] {
  const folder = new URL("../schema/conformance/client/", PACKAGE);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files
    .sort()
    .flatMap((name) => vectorsOf(readFileSync(new URL(name, folder), "utf8")))
    .filter((vector) => isDue(vector.since ?? "1.0.0"));
}

/** The names of the vectors that are known to fail, each with its reason. */
export function knownFailing(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL("test/conformance/known_failing.txt", PACKAGE), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => line.split(": ", 2) as [string, string]));
}

function vectorsOf(text: string): readonly Vector[] {
  const file = JSON.parse(text) as { behaviour: string; vectors: readonly Vector[] };
  return file.vectors.map((vector) => ({ ...vector, behaviour: file.behaviour }));
}

/** A development version already keeps the promises of the release it leads to. */
function isDue(since: string): boolean {
  const [ours = [], theirs = []] = [version, since].map((text) =>
    text.split("-", 1).join("").split(".").map(Number),
  );
  const index = ours.findIndex((part, at) => part !== theirs[at]);
  return index === -1 || (ours[index] ?? 0) > (theirs[index] ?? 0);
}

/**
 * How a client names documents to its server, for those that speak otherwise than by default:
 *
 *     const client = new IntelGraph({ url, apiKey, wire: apq({ get: true }) });
 *
 * With `get`, queries are asked by GET, so that caches between can answer them, unless their
 * URL is longer than `maxUrlLength`. Their variables stand in the URL then, which servers and
 * proxies tend to log. Mutations, subscriptions and what follows a miss are always posted.
 */

import { ConfigurationError, type GraphQLResponse } from "./errors.js";
import { encode } from "./variables.js";
import { type Asked, isMiss, type Message, type Wire } from "./wire.js";

export type { Wire } from "./wire.js";

/** Whether and how far queries are asked by GET. */
export interface WireOptions {
  /** False unless told. */
  readonly get?: boolean | undefined;
  /** The longest URL that is asked for, in characters; 2 048 unless told. */
  readonly maxUrlLength?: number | undefined;
}

/** How a message names its document: each part may stand beside the others. */
interface Form {
  readonly id?: true;
  readonly text?: true;
  readonly hash?: true;
}

const TEXT: Form = { text: true };
const HASH: Form = { hash: true };
// No server takes more.
const LONGEST_URL = 65_536;

/** By document id, and with the text once the server misses it: the default, but for GET. */
export function persisted(options: WireOptions = {}): Wire {
  return mode(options, ({ operation }, form, answer) => {
    if (!form) {
      return operation.documentId === null ? TEXT : { id: true };
    }
    return form.id && !form.text && isMiss(answer) ? { id: true, text: true } : undefined;
  });
}

/**
 * By Apollo's automatic persisted queries: the hash, with the text once it is missed. A server
 * that says that it does not support them is sent texts alone from then on.
 */
export function apq(options: WireOptions = {}): Wire {
  const refusing = new Set<string>();
  return mode(options, ({ operation, url }, form, answer) => {
    if (!form) {
      return operation.documentId === null || refusing.has(url) ? TEXT : HASH;
    }
    if (form.hash && says(answer, /NOT_SUPPORTED$/, "PersistedQueryNotSupported")) {
      refusing.add(url);
      return TEXT;
    }
    const isMissed = isMiss(answer) || says(answer, /^$/, "PersistedQueryNotFound");
    return form.hash && !form.text && isMissed ? { text: true, hash: true } : undefined;
  });
}

/** By the whole text in every request, for servers that know no documents. */
export function text(options: WireOptions = {}): Wire {
  return mode(options, (_, form) => (form ? undefined : TEXT));
}

/** A mode that picks the form of each message by the last one and by its answer. */
function mode(
  { get = false, maxUrlLength = 2048 }: WireOptions,
  next: (asked: Asked, last: Form | undefined, answer: unknown) => Form | undefined,
): Wire {
  if (!(maxUrlLength >= 1 && maxUrlLength <= LONGEST_URL)) {
    throw new ConfigurationError(`maxUrlLength is from 1 to ${LONGEST_URL}, not ${maxUrlLength}.`);
  }
  const forms = new WeakMap<Asked, Form>();
  return (asked, answers) => {
    const isFirst = answers.length === 0;
    const form = next(asked, isFirst ? undefined : forms.get(asked), answers.at(-1));
    if (form === undefined) {
      return undefined;
    }
    forms.set(asked, form);
    const url = isFirst && get && asked.operation.kind === "query" ? urlOf(asked, form) : "";
    return url && url.length <= maxUrlLength
      ? { method: "GET", url, body: "" }
      : { body: bodyOf(asked, form) };
  };
}

function bodyOf(asked: Asked, form: Form): Message["body"] {
  const members = membersOf(asked, form).map(
    ([name, json]) => `"${name}":${typeof json === "string" ? JSON.stringify(json) : json.text}`,
  );
  return `{${members.join(",")}}`;
}

function urlOf(asked: Asked, form: Form): string {
  const query = membersOf(asked, form).map(
    ([name, json]) => `${name}=${encodeURIComponent(typeof json === "string" ? json : json.text)}`,
  );
  const [url = ""] = asked.url.split("#");
  return `${url}${url.includes("?") ? "&" : "?"}${query.join("&")}`;
}

/** The members of a message in their order: plain text, or JSON that is written already. */
function membersOf(
  { operation, variables }: Asked,
  form: Form,
): Array<readonly [name: string, value: string | { readonly text: string }]> {
  const given = encode(variables ?? {});
  const sha256Hash = operation.documentId?.replace(/^sha256:/, "");
  const hash = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
  return [
    ...(form.id ? ([["documentId", `${operation.documentId}`]] as const) : []),
    ...(form.text ? ([["query", operation.document]] as const) : []),
    ...(given === "{}" ? [] : ([["variables", { text: given }]] as const)),
    ...(form.hash ? ([["extensions", { text: hash }]] as const) : []),
  ];
}

/** Whether the first error has such a code, or this message and no code, as Apollo's may. */
function says(answer: unknown, code: RegExp, message: string): boolean {
  const [first] = (answer as Partial<GraphQLResponse>).errors ?? [];
  return code.test(`${first?.extensions?.code ?? "-"}`) || first?.message === message;
}

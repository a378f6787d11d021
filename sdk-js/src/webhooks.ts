/**
 * The platform's signed webhooks: verified first, and only then read.
 *
 *     import { unwrap } from "@intelgraph/sdk/webhooks";
 *
 *     const event = await unwrap(body, request.headers);
 *     if (event.type === "residency.report.created") …
 *
 * They are signed as Standard Webhooks 1.0 says: `webhook-signature` has the HMAC-SHA256 of the
 * id, the time of sending and the body as it came, so that none of them can be changed. It needs
 * nothing but WebCrypto, and so runs in Node, in workers and at the edge.
 */

import { environment } from "./environment.js";
import { ConfigurationError, IntelGraphError } from "./errors.js";
import { type DateTime, parseDateTime } from "./scalars.js";

/** What a genuine webhook tells; an event of a type that you do not know can be passed over. */
export interface WebhookEvent {
  /** The same each time the webhook is sent again: keep it, and pass over what you have seen. */
  readonly id: string;
  /** What happened, such as `residency.report.created`. */
  readonly type: string;
  /** When it happened, which may be long before it was sent. */
  readonly timestamp: DateTime;
  /** What it happened to, in JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The headers of a request, as `fetch`, of any realm, or as Node has them. */
export type WebhookHeaders =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** How a webhook is verified. */
export interface UnwrapOptions {
  /**
   * The secret that the sender told you, or several, or several with commas between, while one
   * takes the place of another; INTELGRAPH_WEBHOOK_SECRET unless told.
   */
  readonly secret?: string | readonly string[] | undefined;
  /** How long before or after now it may have been sent, in milliseconds; 5 minutes unless told. */
  readonly toleranceMs?: number | undefined;
  /** The time, in milliseconds since 1970; the clock unless told. */
  readonly now?: (() => number) | undefined;
}

/** A webhook cannot be taken; of this very class, it is genuine and its body is no event. */
export class WebhookError extends IntelGraphError {
  override get name(): string {
    return "WebhookError";
  }
}

/** It is not proved that the sender sent this webhook, or that it did so just now. */
export class WebhookSignatureError extends WebhookError {
  override get name(): string {
    return "WebhookSignatureError";
  }
}

// A dot would let one id, or time, end where another begins; a comma joins what is there twice.
const ID = /^[!-+\-/-~]+$/;
const SECONDS = /^[0-9]{1,12}$/;
const SIGNATURE = "(?:v1,[A-Za-z0-9+/]{43}=|(?!v1,)[!-~]+)";
const LIST = new RegExp(`^${SIGNATURE}(?: ${SIGNATURE})*$`);
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
// A forger may send any number, and each costs as much as the body is long.
const MOST_SIGNATURES = 16;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/**
 * The event that a webhook brings, once it is proved who sent it and that it was just now.
 *
 * `body` is what came, byte for byte: JSON that was read and written again is not. Rejects with
 * WebhookSignatureError for what may be forged or repeated, with WebhookError for what is genuine
 * and no event, and with ConfigurationError for a secret that is missing or none.
 */
export async function unwrap(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  options: UnwrapOptions = {},
): Promise<WebhookEvent> {
  const { toleranceMs = 300_000, now = Date.now } = options;
  const raw = bytesOf(body);
  if (!(typeof toleranceMs === "number" && toleranceMs >= 0)) {
    throw new ConfigurationError("toleranceMs must be a number of milliseconds from 0 on.");
  }
  const keys = keysOf(options.secret ?? environment("INTELGRAPH_WEBHOOK_SECRET") ?? "");
  const id = header(headers, "webhook-id", ID, "one id");
  const sent = header(headers, "webhook-timestamp", SECONDS, "one whole number of seconds");
  if (!(await isSigned(concat(`${id}.${sent}.`, raw), signaturesOf(headers), keys))) {
    throw new WebhookSignatureError(
      "No signature of the webhook fits its body and the secret: give the body as it came, " +
        "byte for byte, and the secret of this sender.",
    );
  }
  checkAge(id, now() - Number(sent) * 1000, toleranceMs);
  return eventOf(id, raw);
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Known by what they are, for a buffer of another realm is no instance of ours. */
function bytesOf(body: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof body === "string") {
    return new TextEncoder().encode(body);
  }
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  if (Object.prototype.toString.call(body) !== "[object ArrayBuffer]") {
    throw new TypeError("body is the text or the bytes of the request, not what was read from it");
  }
  return new Uint8Array(body);
}

function keysOf(secret: string | readonly string[]): readonly Bytes[] {
  const given = typeof secret === "string" ? secret.split(",") : [secret].flat();
  const texts = given.filter((text) => typeof text !== "string" || text.trim() !== "");
  if (texts.length === 0) {
    throw new ConfigurationError(
      "No secret: pass secret, or set the environment variable INTELGRAPH_WEBHOOK_SECRET.",
    );
  }
  return texts.map(keyOf);
}

function keyOf(text: unknown): Bytes {
  const encoded = typeof text === "string" ? text.trim().replace(/^whsec_/, "") : "";
  const key = BASE64.test(encoded) ? fromBase64(encoded) : new Uint8Array();
  // The value itself stays out of the message, which may be logged.
  if (key.length < 24 || key.length > 64) {
    throw new ConfigurationError("secret must be whsec_ and the base64 of 24 to 64 bytes.");
  }
  return key;
}

function header(headers: WebhookHeaders, name: string, form: RegExp, what: string): string {
  if (typeof headers !== "object" || headers === null) {
    throw new TypeError("headers are those of the request: a record, or pairs of names and values");
  }
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  // As HTTP joins what is there twice, which fits no form.
  const values = entries.flatMap(([key, value]) => (key.toLowerCase() === name ? value : []));
  const text = values.join(", ");
  if (text === "") {
    throw new WebhookSignatureError(
      `The webhook has no header ${name}: it is not from the sender, or something on the way ` +
        "dropped the header.",
    );
  }
  if (!form.test(text)) {
    throw new WebhookSignatureError(
      `The header ${name} is not ${what}: something on the way changed it, or gave it twice.`,
    );
  }
  return text;
}

function signaturesOf(headers: WebhookHeaders): readonly Bytes[] {
  const words = header(headers, "webhook-signature", LIST, "one list of signatures").split(" ");
  // Versions that are not ours are for others, or for a later client.
  const ours = words.filter((word) => word.startsWith("v1,"));
  if (ours.length < 1 || ours.length > MOST_SIGNATURES) {
    throw new WebhookSignatureError(
      `The webhook has ${ours.length} signatures of version v1, and from 1 to ` +
        `${MOST_SIGNATURES} can be checked.`,
    );
  }
  return ours.map((word) => fromBase64(word.slice(3)));
}

/** Compares all with all, so that the time it takes tells nothing of what fits. */
async function isSigned(
  signed: Bytes,
  signatures: readonly Bytes[],
  keys: readonly Bytes[],
): Promise<boolean> {
  const { subtle } = crypto;
  const fits = keys.map(async (raw) => {
    const key = await subtle.importKey("raw", raw, HMAC, false, ["verify"]);
    return Promise.all(signatures.map((given) => subtle.verify("HMAC", key, given, signed)));
  });
  return (await Promise.all(fits)).flat().includes(true);
}

function checkAge(id: string, ageMs: number, toleranceMs: number): void {
  if (Math.abs(ageMs) <= toleranceMs) {
    return;
  }
  const direction = ageMs > 0 ? "ago" : "in the future";
  throw new WebhookSignatureError(
    `The webhook ${id} was sent ${Math.ceil(Math.abs(ageMs) / 1000)} s ${direction}, and at most ` +
      `${toleranceMs / 1000} s are allowed: it is a repetition, or one of the clocks is wrong.`,
  );
}

function eventOf(id: string, body: Uint8Array): WebhookEvent {
  const content = parse(id, body);
  if (!isObject(content)) {
    throw noEvent(id, "is not an object");
  }
  const { type, timestamp, data } = content;
  if (typeof type !== "string" || type === "") {
    throw noEvent(id, "has no text in `type`");
  }
  if (!isObject(data)) {
    throw noEvent(id, "has no object in `data`");
  }
  if (!isInstant(timestamp)) {
    throw noEvent(id, "has no instant of RFC 3339 in `timestamp`");
  }
  return { id, type, timestamp, data };
}

function parse(id: string, body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    // Not with its cause, which quotes the body.
    throw noEvent(id, "is not JSON in UTF-8");
  }
}

function noEvent(id: string, why: string): WebhookError {
  return new WebhookError(`The webhook ${id} is genuine, but its body ${why}.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isInstant(value: unknown): value is DateTime {
  try {
    return typeof value === "string" && INSTANT.test(value) && parseDateTime(value) !== null;
  } catch {
    return false;
  }
}

function concat(head: string, body: Uint8Array): Bytes {
  const start = new TextEncoder().encode(head);
  const whole = new Uint8Array(start.length + body.length);
  whole.set(start);
  whole.set(body, start.length);
  return whole;
}

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

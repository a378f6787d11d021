/**
 * What each option may be; one that cannot work is told by its name where it is given. Apart from
 * the options, which check in a line what would do harm, so that only who makes clients of our
 * own, or copies, carries this.
 *
 * Values and texts that cannot work raise ConfigurationError, objects of another kind TypeError.
 * What may hold a credential is never repeated.
 */

import { ConfigurationError } from "./errors.js";

type Rule = readonly [isFine: (value: unknown) => boolean, expected: string];

const ABOVE_ZERO: Rule = [(value) => isNumber(value) && value > 0, "above 0"];
const FROM_ZERO: Rule = [(value) => isNumber(value) && value >= 0 && value < Infinity, "from 0 on"];

const RULES: Readonly<Record<string, Rule>> = {
  timeoutMs: [ABOVE_ZERO[0], "a number of milliseconds above 0"],
  maxRetries: [
    (value) => Number.isInteger(value) && FROM_ZERO[0](value),
    "a whole number from 0 on",
  ],
  maxResponseBytes: [(value) => isNumber(value) && value >= 1, "at least 1"],
  errors: [(value) => value === "raise" || value === "partial", "'raise' or 'partial'"],
  maxAttempts: [
    (value) => Number.isInteger(value) && ABOVE_ZERO[0](value),
    "a whole number from 1 on",
  ],
  baseDelayMs: [FROM_ZERO[0], "a number of milliseconds"],
  throttledDelayMs: [FROM_ZERO[0], "a number of milliseconds"],
  maxDelayMs: [FROM_ZERO[0], "a number of milliseconds"],
  deadlineMs: [(value) => value === null || ABOVE_ZERO[0](value), "above 0 milliseconds, or null"],
  budget: [(value) => value === null || FROM_ZERO[0](value), "null or a number from 0 on"],
  retryCost: [FROM_ZERO[0], "a number from 0 on"],
};

const KINDS: Readonly<Record<string, Rule>> = {
  retryPolicy: [isObject, "an object, such as { maxAttempts: 5 }"],
  hooks: [(value) => Array.isArray(value) && value.every(isFunction), "a list of functions"],
  fetch: [isFunction, "a function like the platform's own"],
  transport: [
    (value) => isObject(value) && isFunction(value.send),
    "an object with a method `send`",
  ],
  wire: [isFunction, "made by a function of @intelgraph/sdk/wire"],
};

// `fetch` writes them, and a second opinion breaks the request or smuggles another into it.
const LENGTHS = /^(content-length|transfer-encoding)$/i;
const VISIBLE = /^[!-~]+$/;
const PRINTABLE = /^[!-~]([ -~]*[!-~])?$/;
const LONGEST_LABEL = 63;

/** Raises what is wrong with the first of the options that cannot work. */
export function checkOptions(options: object): void {
  if (!isObject(options)) {
    throw new TypeError(`The options are an object, not ${kindOf(options)}.`);
  }
  const { retryPolicy, headers, idempotencyKey } = options;
  for (const [name, value] of given(options)) {
    const [isFine, expected] = KINDS[name] ?? [];
    if (isFine?.(value) === false) {
      throw new TypeError(`${name} is ${expected}, not ${told(value)}.`);
    }
  }
  for (const [name, value] of [...given(options), ...given(retryPolicy ?? {})]) {
    const [isFine, expected] = RULES[name] ?? [];
    check(isFine?.(value) !== false, `${name} is ${expected}, not ${told(value)}.`);
  }
  const isKey = typeof idempotencyKey === "string" && PRINTABLE.test(idempotencyKey);
  check(
    idempotencyKey === undefined || isKey,
    "idempotencyKey is text of printable ASCII, and not empty.",
  );
  if (headers !== undefined) {
    checkHeaders(headers);
  }
}

/** The credential without the white space around it, which files tend to end with. */
export function checkedKey(given: unknown, name = "apiKey"): string {
  const key = typeof given === "string" ? given.trim() : "";
  check(VISIBLE.test(key), `${name} is text of visible ASCII characters, without spaces.`);
  return key;
}

/** The address without the white space around it. */
export function checkedUrl(given: unknown, name = "url"): string {
  const address = `${given}`.trim();
  check(!/[\s\p{Cc}]/u.test(address), `${name} has a space or a control character in it.`);
  check(
    /^https?:\/\/[^/?#]/i.test(address),
    `${name} is an absolute http or https URL, such as https://api.example.com/graphql.`,
  );
  check(URL.canParse(address), `${name} is not a URL.`);
  const { username, password, hostname } = new URL(address);
  check(!username && !password, `${name} has no user or password in it; pass apiKey instead.`);
  check(
    hostname
      .replace(/\.$/, "")
      .split(".")
      .every((label) => label.length > 0 && label.length <= LONGEST_LABEL),
    `${name} has a host that no name server can know.`,
  );
  return address;
}

function checkHeaders(headers: unknown): void {
  const isMap = isObject(headers) && !Array.isArray(headers);
  check(isMap, `headers is an object of names and values, not ${kindOf(headers)}.`);
  const entries = headers instanceof Headers ? headers : Object.entries(headers as object);
  for (const [name, value] of entries) {
    check(!LENGTHS.test(name), `headers has '${name}', which is for fetch to write.`);
    check(
      typeof value === "string" && isSendable(name, value),
      `headers cannot be sent: look at '${name}' and its value.`,
    );
  }
}

function isSendable(name: string, value: string): boolean {
  try {
    new Headers({ [name]: value });
    return true;
  } catch {
    return false;
  }
}

/** What is given of options; undefined is the same as absent. */
function given(options: object): Array<[string, unknown]> {
  return Object.entries(options).filter(([, value]) => value !== undefined);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A value as a message shows it: an object may hold anything, and is not shown. */
function told(value: unknown): string {
  if (typeof value === "string") {
    return `'${value}'`;
  }
  return isObject(value) || isFunction(value) ? kindOf(value) : String(value);
}

/** What a value is, where it may hold a credential. */
function kindOf(value: unknown): string {
  return value === null ? "null" : `this ${Array.isArray(value) ? "list" : typeof value}`;
}

function check(isFine: boolean, message: string): void {
  if (!isFine) {
    throw new ConfigurationError(message);
  }
}

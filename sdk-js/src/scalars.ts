/**
 * The schema's own scalars as they travel: strings with a brand, so that a reader sees what
 * they hold, a plain string may still be passed, and nothing is converted that nobody reads.
 */

/** An instant in RFC 3339, such as `2026-04-15T00:00:00Z`; `parseDateTime` makes it a `Date`. */
export type DateTime = string & { readonly __scalar?: "DateTime" };

/** An exact decimal number, such as `129.90`; a JavaScript number would round it. */
export type Decimal = string & { readonly __scalar?: "Decimal" };

/** The instant as a `Date`, to the millisecond; raises RangeError for anything else. */
export function parseDateTime(value: DateTime): Date {
  const date = new Date(value);
  if (!/\d[Tt ]\d\d:\d\d.*(?:[Zz]|[+-]\d\d:\d\d)$/.test(value) || Number.isNaN(date.getTime())) {
    throw new RangeError("Not an RFC 3339 instant with its offset.");
  }
  return date;
}

/** The instant as it travels: in UTC, without the milliseconds when there are none. */
export function formatDateTime(date: Date): DateTime {
  return date.toISOString().replace(".000Z", "Z");
}

/** The number as a whole count of its smallest unit: `("129.90", 2)` is `12990n`. */
export function parseDecimal(value: Decimal, digits: number): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  if (whole === "" || /[^0]/.test(fraction.slice(digits))) {
    throw new RangeError(`Not a decimal number of at most ${digits} decimal places.`);
  }
  return BigInt(sign + whole + fraction.slice(0, digits).padEnd(digits, "0"));
}

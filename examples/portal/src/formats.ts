/**
 * The only functions that messages may call, each the same here and in Python: the server's PDFs
 * and e-mails are made from the same message files. `test/formats.json` pins what they answer.
 */

import type { FluentFunction, FluentValue } from "@fluent/bundle";

// Both sides group thousands always, round halves to the even digit, and lose no digit unasked.
const NUMBERS = { useGrouping: "always", roundingMode: "halfEven" } as const;
const ALL_DIGITS = 20;

export function formats(locale: string): Record<string, FluentFunction> {
  const number = (value: FluentValue | undefined, options: Intl.NumberFormatOptions): string =>
    // A decimal stays a string all the way, for the same reason.
    new Intl.NumberFormat(locale, { ...NUMBERS, ...options })
      .format(plain(value) as Intl.StringNumericLiteral)
      .replaceAll("\u202f", "\u00a0");
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });

  return {
    MONEY: ([value, currency]) =>
      number(value, {
        style: "currency",
        currency: String(plain(currency)),
        maximumFractionDigits: ALL_DIGITS,
      }),
    PCT: ([value], { digits }) => number(value, { style: "percent", ...exactly(digits ?? "2") }),
    NUM: ([value], { digits }) =>
      number(value, digits === undefined ? { maximumFractionDigits: ALL_DIGITS } : exactly(digits)),
    DATE: ([value]) => date.format(instant(value)),
    DATETIME: ([value]) => `${date.format(instant(value))}, ${clock(instant(value))} UTC`,
  };
}

function exactly(digits: FluentValue): Intl.NumberFormatOptions {
  const count = Number(plain(digits));
  return { minimumFractionDigits: count, maximumFractionDigits: count };
}

function plain(value: FluentValue | undefined): unknown {
  return typeof value === "object" ? value.valueOf() : value;
}

function instant(value: FluentValue | undefined): Date {
  return new Date(plain(value) as string | number);
}

function clock(at: Date): string {
  return at.toISOString().slice(11, 16);
}

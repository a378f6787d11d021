/**
 * Every sentence of the pages, in the language that the reader chose. The message files are those
 * of the server's PDFs and e-mails; a message that is missing shows its own id.
 */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import enPortal from "../../../reference-server/src/intelgraph_server/texts/en/portal.ftl";
import esPortal from "../../../reference-server/src/intelgraph_server/texts/es/portal.ftl";
import { formats } from "./formats.ts";

export type Locale = "en" | "es" | "en-XA";
export type Messages = Readonly<Record<"en" | "es", string>>;

/** The languages to choose from, each in its own words. */
export const LANGUAGES = { en: "English", es: "Español" } as const;

// All parts of the product make one set of messages; ours are those of pages.
const PREFIX = "page-";
const STORED = "intelgraph.lang";
const sources: Messages[] = [{ en: enPortal, es: esPortal }];
let locale: Locale = chosen();
let bundle: FluentBundle;

/** Adds the messages that only one of the pages needs, and sets the page's language. */
export function addMessages(...more: readonly Messages[]): void {
  sources.push(...more);
  speak(locale);
}

/** The language that the page speaks now. */
export function language(): Locale {
  return locale;
}

/** Speaks a language from now on, and remembers it where the browser lets us. */
export function speak(chosen: Locale): void {
  locale = chosen;
  // The pseudo-locale marks what comes from a message, so that a test finds what does not.
  const isPseudo = locale === "en-XA";
  const spoken = locale === "es" ? "es" : "en";
  const marked = { transform: (text: string) => `⟦${text}⟧` };
  bundle = new FluentBundle(spoken, { functions: formats(spoken), ...(isPseudo && marked) });
  for (const messages of sources) {
    bundle.addResource(new FluentResource(messages[spoken]));
  }
  document.documentElement.lang = spoken;
  try {
    localStorage.setItem(STORED, locale);
  } catch {
    // A browser that stores nothing asks anew each time.
  }
}

/** A message in the reader's language. */
export function say(id: string, values?: Readonly<Record<string, FluentVariable>>): string {
  const pattern = bundle.getMessage(PREFIX + id)?.value;
  return pattern ? bundle.formatPattern(pattern, values) : id;
}

/** A text for where no marks of direction belong, such as the title of the window. */
export function bare(text: string): string {
  return text.replace(/[\u2068\u2069]/g, "");
}

/** The message for one of a set that may grow, or the one for what is not known. */
export function sayKnown(set: string, member: string, unknown: string): string {
  return say(bundle.hasMessage(`${PREFIX}${set}-${member}`) ? `${set}-${member}` : unknown);
}

function chosen(): Locale {
  const asked = new URLSearchParams(location.search).get("lang");
  return [asked, stored(), ...navigator.languages].map(known).find(Boolean) ?? "en";
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function known(tag: string | null): Locale | undefined {
  if (tag === "en-XA") {
    return tag;
  }
  const [base] = (tag ?? "").toLowerCase().split("-");
  return base === "en" || base === "es" ? base : undefined;
}

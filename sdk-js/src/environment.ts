/** What the process that we run in was given, where there is one, and when it ends. */

import { checkedKey, checkedUrl } from "./checks.js";
import { ConfigurationError } from "./errors.js";

interface Process {
  readonly env?: Record<string, string | undefined>;
  once?(event: "beforeExit", listener: () => void): void;
  off?(event: "beforeExit", listener: () => void): void;
}

/** Undefined where there is no environment, as in browsers, or none may be read, as in Deno. */
export function environment(name: string): string | undefined {
  try {
    return ourProcess()?.env?.[name];
  } catch {
    return undefined;
  }
}

/** The address given, or INTELGRAPH_URL, or that of a reference server on this machine. */
export function urlOf(given: string | undefined): string {
  if (given) {
    return checkedUrl(given);
  }
  const own = environment("INTELGRAPH_URL")?.trim();
  return own ? checkedUrl(own, "INTELGRAPH_URL") : "http://127.0.0.1:8800/graphql";
}

/** The key given, or INTELGRAPH_API_KEY; raises ConfigurationError when there is neither. */
export function apiKeyOf(given: string | null | undefined): string | null {
  if (given || given === null) {
    return given && checkedKey(given);
  }
  const own = given === undefined && environment("INTELGRAPH_API_KEY")?.trim();
  if (!own) {
    throw new ConfigurationError(
      "No credential: pass apiKey, or set the environment variable INTELGRAPH_API_KEY, " +
        "or pass apiKey: null for anonymous calls.",
    );
  }
  return checkedKey(own, "INTELGRAPH_API_KEY");
}

/** Has a listener called when nothing is left to do; returns what takes it back. */
export function beforeExit(listener: () => void): () => void {
  ourProcess()?.once?.("beforeExit", listener);
  return () => ourProcess()?.off?.("beforeExit", listener);
}

function ourProcess(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/**
 * The client of the IntelGraph API: every operation of its schema as a method, with the
 * environment's address and key as defaults.
 */

/// <reference lib="esnext.disposable" preserve="true" />

import { checkOptions } from "./checks.js";
import { apiKeyOf, environment, urlOf } from "./environment.js";
import { Client } from "./generated/client.js";
import {
  type ClientOptions,
  ConfigurationError,
  close,
  type Hook,
  type Hooks,
  hooks,
} from "./runtime.js";
import { isLogging, LEVELS, type Logger, logging } from "./telemetry/logging.js";

/** As `ClientOptions`, with the environment's values for what is not given. */
export interface IntelGraphOptions extends Omit<ClientOptions, "url" | "apiKey" | "hooks"> {
  /** Where the server answers: INTELGRAPH_URL, or a reference server on this machine. */
  readonly url?: string | undefined;
  /** The bearer token to send, null for anonymous use; INTELGRAPH_API_KEY unless told. */
  readonly apiKey?: string | null | undefined;
  /** Are told every event; INTELGRAPH_LOG adds one that logs from the level it names on. */
  readonly hooks?: readonly Hook[] | undefined;
}

/** A client with one method per operation. */
export class IntelGraph extends Client {
  /** Raises ConfigurationError for a missing key and for what cannot work, by its name. */
  constructor(options: IntelGraphOptions = {}) {
    checkOptions(options);
    const [url, apiKey] = [urlOf(options.url), apiKeyOf(options.apiKey)];
    super({ ...options, url, apiKey, hooks: hooksAndLog(options.hooks ?? []) });
  }

  /** Ends the open subscriptions; there is nothing else to close, because `fetch` owns connections. */
  close(): void {
    close(this);
  }

  /** Closes the client at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

/** The hooks given, and one that logs if the environment asks for it. */
function hooksAndLog(given: readonly Hook[]): Hooks | undefined {
  const asked = environment("INTELGRAPH_LOG");
  if (!asked) {
    return given[0] && hooks(...given);
  }
  const level = LEVELS.find((name) => name === asked.trim().toLowerCase());
  if (level === undefined) {
    throw new ConfigurationError(
      `INTELGRAPH_LOG is ${LEVELS.join(", ")} or empty, not '${asked}'.`,
    );
  }
  const logs = given.some(isLogging) ? [] : [logging({ logger: STDERR, level })];
  return hooks(...given, ...logs);
}

// Not stdout, which is the program's own.
const STDERR: Logger = {
  debug: (line) => console.error(`DEBUG intelgraph: ${line}`),
  info: (line) => console.error(`INFO intelgraph: ${line}`),
  warn: (line) => console.error(`WARNING intelgraph: ${line}`),
  error: (line) => console.error(`ERROR intelgraph: ${line}`),
};

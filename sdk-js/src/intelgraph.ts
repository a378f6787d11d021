/**
 * The client of the IntelGraph API: every operation of its schema as a method, with the
 * environment's address and key as defaults.
 */

/// <reference lib="esnext.disposable" preserve="true" />

import { environment } from "./environment.js";
import { Client } from "./generated/client.js";
import { type ClientOptions, ConfigurationError, close } from "./runtime.js";

/** As `ClientOptions`, with the environment's values for what is not given. */
export interface IntelGraphOptions extends Omit<ClientOptions, "url" | "apiKey"> {
  /** Where the server answers: INTELGRAPH_URL, or a reference server on this machine. */
  readonly url?: string | undefined;
  /** The bearer token to send, null for anonymous use; INTELGRAPH_API_KEY unless told. */
  readonly apiKey?: string | null | undefined;
}

/** A client with one method per operation. */
export class IntelGraph extends Client {
  /** Raises ConfigurationError when neither the options nor the environment hold a key. */
  constructor(options: IntelGraphOptions = {}) {
    const { apiKey = environment("INTELGRAPH_API_KEY") } = options;
    if (apiKey === undefined || apiKey === "") {
      throw new ConfigurationError(
        "No credential: pass apiKey, or set the environment variable INTELGRAPH_API_KEY, " +
          "or pass apiKey: null for anonymous calls.",
      );
    }
    const url = options.url || environment("INTELGRAPH_URL") || "http://127.0.0.1:8800/graphql";
    super({ ...options, url, apiKey });
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

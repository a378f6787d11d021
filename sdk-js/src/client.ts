/**
 * The client that generated clients extend: its settings, and one call each.
 */

import { makeCall } from "./call.js";
import { type AnyOperation, adHocOperation, type Operation } from "./operation.js";
import {
  type CallOptions,
  type ClientOptions,
  requestOptions,
  type Settings,
  settings,
} from "./options.js";
import { encodeVariables } from "./variables.js";

/** What a client keeps to itself, for what of the runtime stands apart from it. */
export let insideOf: (client: BaseClient) => Inside;

interface Inside {
  readonly settings: Settings;
  readonly retryableCodes: ReadonlySet<string>;
}

/**
 * Executes operations against one server. Takes any operation that was generated from the
 * server's schema, so that a bundle holds only those that are used.
 */
export class BaseClient {
  /** The error codes after which the schema lets a request be repeated. */
  protected readonly retryableCodes: ReadonlySet<string> = new Set();

  // A private field, so that neither inspection nor JSON shows the key.
  readonly #settings: Settings;

  static {
    insideOf = (client) => ({
      settings: client.#settings,
      retryableCodes: client.retryableCodes,
    });
  }

  /** Raises ConfigurationError when an option is missing or wrong. */
  constructor(options: ClientOptions) {
    this.#settings = settings(options);
  }

  /** Calls a generated operation and returns its data; raises an IntelGraphError. */
  execute<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    options?: CallOptions,
  ): Promise<Data>;
  /** Calls a document that is written on the spot; its data is whatever it asks for. */
  execute(document: string, variables?: object, options?: CallOptions): Promise<unknown>;
  async execute(
    operation: AnyOperation | string,
    variables?: unknown,
    options: CallOptions = {},
  ): Promise<unknown> {
    return makeCall(this.#settings, {
      ...requestOptions(this.#settings, options),
      operation: typeof operation === "string" ? adHocOperation(operation) : operation,
      variables: encodeVariables(variables),
      retryableCodes: this.retryableCodes,
    });
  }
}

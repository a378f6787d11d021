/**
 * The client that generated clients extend: its settings, and one call each.
 */

import { type Call, makeCall } from "./call.js";
import { type AnyOperation, adHocOperation, type Operation } from "./operation.js";
import {
  type CallOptions,
  type ClientOptions,
  laidOver,
  type Settings,
  sendable,
  settings,
} from "./options.js";

// Beside the clients, so that neither inspection nor JSON of one shows the key.
export const settingsOf: WeakMap<BaseClient, Settings> = new WeakMap();

/**
 * Executes operations against one server. Takes any operation that was generated from the
 * server's schema, so that a bundle holds only those that are used.
 */
export class BaseClient {
  /** The error codes after which the schema lets a request be repeated. */
  protected readonly retryableCodes: ReadonlySet<string> = new Set();

  /** Raises ConfigurationError when an option is missing or wrong. */
  constructor(options: ClientOptions) {
    settingsOf.set(this, settings(options));
  }

  /** Calls a generated operation and returns its data; raises an IntelGraphError. */
  execute<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    options?: CallOptions,
  ): Promise<Data>;
  /**
   * Calls a document that is written on the spot. Its data is whatever it asks for, so `Data` may
   * say what that is; nothing checks it at run time, and data of another shape is returned as it is.
   */
  execute<Data = unknown>(
    document: string,
    variables?: object,
    options?: CallOptions,
  ): Promise<NoInfer<Data>>;
  async execute(
    operation: AnyOperation | string,
    variables?: unknown,
    options?: CallOptions,
  ): Promise<unknown> {
    const asked = typeof operation === "string" ? adHocOperation(operation) : operation;
    return makeCall(callOf(this, asked, variables, options));
  }
}

/** A call of the client's, at its beginning. */
export const callOf = (
  client: BaseClient,
  operation: AnyOperation,
  variables: unknown,
  options?: CallOptions,
): Call => {
  const own = settingsOf.get(client) as Settings;
  const settings = options ? laidOver(own, options) : own;
  const given = operation.kind === "mutation" && settings.idempotencyKey;
  const callId = operation.keyed && !given ? settings.newId() : "";
  const headers = {
    ...(operation.keyed && { "idempotency-key": callId }),
    // A header that the caller gave by hand stays.
    ...settings.headers,
    ...(given && sendable({ "idempotency-key": given })),
  };
  const startedAt = settings.now();
  // Settings are inherited, because to copy them would cost more than all else in a call.
  return Object.assign(Object.create(settings), {
    operation,
    variables,
    // biome-ignore lint/complexity/useLiteralKeys: in brackets, for it is protected.
    retryableCodes: client["retryableCodes"],
    callId,
    headers,
    retrySafe: operation.retrySafe || "idempotency-key" in headers,
    attempts: 1,
    reply: null,
    startedAt,
    deadline: startedAt + Math.max(settings.deadlineMs ?? Infinity, settings.timeoutMs ?? 0),
  });
};

/** A client with other settings, that shares all else. */
export const copyOf = <Client extends BaseClient>(
  client: Client,
  change: (settings: Settings) => Settings,
): Client => {
  const copy: Client = Object.assign(Object.create(Object.getPrototypeOf(client)), client);
  settingsOf.set(copy, change(settingsOf.get(client) as Settings));
  return copy;
};

/**
 * What can go wrong, as a tree of what was reached:
 *
 *     IntelGraphError
 *     ├── ConfigurationError   the client was made with something missing or wrong
 *     ├── TransportError       no complete reply arrived
 *     │   ├── ConnectError     … and provably nothing was sent
 *     │   └── TimeoutError     … within the time it was given
 *     ├── ResponseError        what arrived is not a GraphQL response
 *     └── OperationError       a GraphQL response arrived, and it carries errors
 *
 * GraphQL's codes are values (`OperationError.code`), not classes. A message is one line and
 * never holds variables, keys or bodies.
 */

/** One entry of a GraphQL response's `errors`. */
export interface GraphQLError {
  readonly message: string;
  readonly path?: ReadonlyArray<string | number>;
  readonly locations?: ReadonlyArray<{ readonly line: number; readonly column: number }>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A GraphQL response with data, with errors, or with both. */
export interface GraphQLResponse {
  readonly data: unknown;
  readonly errors: ReadonlyArray<GraphQLError>;
}

/** Where a call stood when it failed. */
export interface Circumstances {
  /** The operation's name; null when no call was made. */
  readonly operation: string | null;
  readonly opId: string | null;
  /** The server's own code for what failed, such as `NOT_FOUND`; null when it gave none. */
  readonly code: string | null;
  /** Where in the data it failed; null when it concerns the whole request. */
  readonly path: ReadonlyArray<string | number> | null;
  /** The HTTP status of the last attempt's reply; null when none arrived. */
  readonly status: number | null;
  /** The server's name for that request, for its logs and its support. */
  readonly requestId: string | null;
  /** How many attempts were made. */
  readonly attempts: number;
  /** How long the call took with all its attempts, in milliseconds. */
  readonly elapsedMs: number;
  /** Whether the same call may do better later. */
  readonly retryable: boolean;
}

/** Where no call stands. */
export const NOWHERE: Circumstances = {
  operation: null,
  opId: null,
  code: null,
  path: null,
  status: null,
  requestId: null,
  attempts: 0,
  elapsedMs: 0,
  retryable: false,
};

/** The base of every error that this package raises. */
export class IntelGraphError extends Error implements Circumstances {
  declare readonly operation: string | null;
  declare readonly opId: string | null;
  declare readonly code: string | null;
  declare readonly path: ReadonlyArray<string | number> | null;
  declare readonly status: number | null;
  declare readonly requestId: string | null;
  declare readonly attempts: number;
  declare readonly elapsedMs: number;
  declare readonly retryable: boolean;

  constructor(message: string, at?: Partial<Circumstances>, options?: ErrorOptions) {
    super(message, options);
    Object.assign(this, NOWHERE, at);
  }

  override get name(): string {
    return "IntelGraphError";
  }

  /** Where the project's documentation says what to do about errors of this class. */
  get docsUrl(): string {
    return `docs/explanation/errors.md#${this.name.toLowerCase()}`;
  }

  /** The facts that a log line needs; not the data, the cause or the stack. */
  toJSON(): object {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/** The client was made with something missing or wrong. */
export class ConfigurationError extends IntelGraphError {
  override get name(): string {
    return "ConfigurationError";
  }
}

/** The connection broke before the reply was complete; the server may have acted. */
export class TransportError extends IntelGraphError {
  override get name(): string {
    return "TransportError";
  }
}

/** No connection was made, so provably nothing was sent. */
export class ConnectError extends TransportError {
  override get name(): string {
    return "ConnectError";
  }
}

/** No complete reply arrived in time; the server may have acted. */
export class TimeoutError extends TransportError {
  override get name(): string {
    return "TimeoutError";
  }
}

/** A reply arrived that is not a GraphQL response: a proxy's page, a redirect, half a body. */
export class ResponseError extends IntelGraphError {
  override get name(): string {
    return "ResponseError";
  }
}

/** The server answered with GraphQL errors; `code` and `path` are those of the first one. */
export class OperationError extends IntelGraphError {
  // Private fields keep response bodies out of inspection and of JSON.
  readonly #response: GraphQLResponse;

  constructor(message: string, at: Partial<Circumstances>, response: GraphQLResponse) {
    super(message, at);
    this.#response = response;
  }

  override get name(): string {
    return "OperationError";
  }

  /** All errors, as the server sent them. */
  get errors(): ReadonlyArray<GraphQLError> {
    return this.#response.errors;
  }

  /** The part of the data that could be had; null when there is none. */
  get data(): unknown {
    return this.#response.data;
  }
}

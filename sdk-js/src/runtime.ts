/**
 * The stable import surface of generated code, ours and that of any other schema. It holds no
 * operation, so a bundle that starts here holds only those it names.
 */

export { BaseClient } from "./client.js";
export type { Clock } from "./clock.js";
export { close } from "./closing.js";
export { withOptions } from "./copies.js";
export {
  ConfigurationError,
  ConnectError,
  type GraphQLError,
  IntelGraphError,
  OperationError,
  ResponseError,
  TimeoutError,
  TransportError,
} from "./errors.js";
export {
  type AttemptFinished,
  type AttemptStarted,
  type CallEvent,
  type CallFinished,
  type CallStarted,
  type Hook,
  type Hooks,
  hooks,
  type RetryScheduled,
} from "./events.js";
export type { AnyOperation, Operation } from "./operation.js";
export type { CallOptions, ClientOptions, CopyOptions } from "./options.js";
export { type IterOptions, type PageOf, Paginator, paginate } from "./pagination.js";
export { RawResponse, withRawResponse } from "./raw_response.js";
export type { RetryPolicy } from "./retry.js";
export {
  type DateTime,
  type Decimal,
  formatDateTime,
  parseDateTime,
  parseDecimal,
} from "./scalars.js";
export { subscribe } from "./subscribe.js";
export type {
  Failure,
  Fetch,
  FetchInit,
  FetchResponse,
  Opened,
  Reply,
  Request,
  Transport,
} from "./transport.js";
export { version } from "./version.js";

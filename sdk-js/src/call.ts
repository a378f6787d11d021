/**
 * One call, from an operation to its data or an error.
 */

import {
  type Circumstances,
  ConnectError,
  type GraphQLResponse,
  OperationError,
  ResponseError,
  TimeoutError,
  TransportError,
} from "./errors.js";
import type { AnyOperation } from "./operation.js";
import type { Settings } from "./options.js";
import { encodeBody, errorCode, isMiss, readReply } from "./wire.js";

/** What a call is, and what it needs of the world. */
export interface CallContext extends Settings {
  readonly operation: AnyOperation;
  readonly variables: unknown;
}

/** How far a call has come. */
type Progress = { -readonly [Fact in keyof Circumstances]: Circumstances[Fact] };

/** Makes the call; returns the data as it came, or raises what it ended with. */
export async function call(context: CallContext): Promise<unknown> {
  const { name, opId } = context.operation;
  return ask(context, { operation: name, opId, attempts: 1, status: null, requestId: null });
}

/** One exchange, and a second one with the full text when the server misses the document. */
async function ask(context: CallContext, at: Progress): Promise<unknown> {
  const hasId = context.operation.documentId !== null;
  let response = await exchange(context, at, !hasId);
  if (hasId && isMiss(response)) {
    response = await exchange(context, at, true);
  }
  if (typeof response === "string") {
    const got = ` got HTTP ${at.status} from ${context.host}`;
    const what = `${got}, which is not a GraphQL response: ${response}`;
    throw new ResponseError(message(at, what), at);
  }
  if (response.errors.length > 0) {
    throw operationError(at, response);
  }
  return response.data;
}

async function exchange(
  context: CallContext,
  at: Progress,
  withText: boolean,
): Promise<GraphQLResponse | string> {
  const { url, headers, timeoutMs, maxResponseBytes, signal } = context;
  const body = encodeBody(context.operation, context.variables, withText);
  const request = { url, headers, body, timeoutMs, maxResponseBytes, signal };
  at.status = at.requestId = null;
  const outcome = await context.transport.send(request);
  if ("kind" in outcome) {
    const [Kind, did, when] = FAILURES[outcome.kind];
    throw new Kind(message(at, ` ${did} ${context.host}${when}`), at, outcome);
  }
  at.status = outcome.status;
  at.requestId = outcome.headers.get("x-request-id");
  return readReply(outcome);
}

const FAILURES = {
  connect: [ConnectError, "could not connect to", ""],
  timeout: [TimeoutError, "had no reply from", " within its timeout"],
  read: [TransportError, "lost the connection to", " before the reply was complete"],
} as const;

function operationError(at: Progress, response: GraphQLResponse): OperationError {
  const [first] = response.errors;
  const code = errorCode(response.errors);
  const path = Array.isArray(first?.path) ? first.path : null;
  // A server's message may span lines and may end with the period that follows here anyway.
  const said = `${first?.message ?? "no message"}`.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  const failed = ` failed${code ? ` with ${code}` : ""}${path?.length ? ` at ${path.join(".")}` : ""}`;
  return new OperationError(message(at, `${failed}: ${said}`), { ...at, code, path }, response);
}

function message({ operation, attempts, requestId }: Progress, what: string): string {
  const asked = requestId ? `, request id ${requestId}` : "";
  return `${operation}${what} (attempt ${attempts} of 1${asked}).`;
}

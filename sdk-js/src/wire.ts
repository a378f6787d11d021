/**
 * GraphQL over HTTP: an operation and its variables to a body, a reply to a GraphQL response.
 * Pure; the only place that knows how the protocol is spelled.
 */

import type { GraphQLError, GraphQLResponse } from "./errors.js";
import type { AnyOperation } from "./operation.js";
import type { Reply } from "./transport.js";

/** The body of one request: the document by its id, by its text, or by both after a miss. */
export function encodeBody(operation: AnyOperation, variables: unknown, withText: boolean): string {
  const body = {
    documentId: operation.documentId ?? undefined,
    query: withText ? operation.document : undefined,
    variables,
  };
  return JSON.stringify(body);
}

/** What a client understands, the best first. */
export const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

/** The reply as a GraphQL response, or what keeps it from being one. */
export function readReply(reply: Reply): GraphQLResponse | string {
  // A browser shows a redirect that is not followed as status 0.
  if (/^[03]/.test(`${reply.status}`)) {
    return "it redirects to another address";
  }
  if (reply.problem) {
    return reply.problem;
  }
  if (reply.body.length === 0) {
    return "the body is empty";
  }
  const [mediaType] =
    /^[^;\s]*/.exec(`${reply.headers.get("content-type") ?? ""}`.toLowerCase()) ?? [];
  if (mediaType && !/^application\/(graphql-response\+)?json$/.test(mediaType)) {
    return `the media type is ${mediaType}`;
  }
  return readJson(reply.body);
}

function readJson(bytes: Uint8Array): GraphQLResponse | string {
  let json: Partial<GraphQLResponse> | null;
  try {
    json = JSON.parse(decoder.decode(bytes));
  } catch {
    return "the body is not JSON";
  }
  const data = isObject(json?.data) ? json?.data : null;
  const errors = json?.errors ?? [];
  return Array.isArray(errors) && errors.every(isObject) && (data || errors.length > 0)
    ? { data, errors }
    : "the JSON has neither data nor errors";
}

const decoder: TextDecoder = new TextDecoder("utf-8", { fatal: true });

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the server does not know the document by its id, in its words or in Apollo's. */
export function isMiss(response: GraphQLResponse | string): boolean {
  return (
    typeof response === "object" &&
    /^PERSISTED_(DOCUMENT|QUERY)_NOT_FOUND$/.test(`${errorCode(response.errors)}`)
  );
}

/** `extensions.code` of the first error; null when it has none. */
export function errorCode(errors: ReadonlyArray<GraphQLError>): string | null {
  const code = errors[0]?.extensions?.code;
  return typeof code === "string" ? code : null;
}

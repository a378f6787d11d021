/**
 * GraphQL over HTTP: an operation and its variables to a body, a reply to a GraphQL response.
 * Pure; the only place that knows how the protocol is spelled.
 */

import type { GraphQLResponse } from "./errors.js";
import type { AnyOperation } from "./operation.js";
import type { Reply } from "./transport.js";
import { encode } from "./variables.js";

/** What one request of a call says, and how it differs from one that is posted to the client's url. */
export interface Message {
  readonly body: string;
  readonly method?: "GET";
  readonly url?: string;
}

/** A GraphQL response, or what keeps a reply from being one. */
export type Answer = GraphQLResponse | string;

/** What a wire mode knows of a call. */
export interface Asked {
  readonly operation: AnyOperation;
  readonly variables: unknown;
  readonly url: string;
}

/** A way to ask: what to say when an attempt has had these answers, if anything. */
export type Wire = (asked: Asked, answers: readonly unknown[]) => Message | undefined;

/** By the document's id if it has one, and once more with the text if the server misses it. */
export const byId: Wire = ({ operation, variables }, [answer, second]) => {
  const documentId = operation.documentId ?? undefined;
  const query = documentId && !answer ? undefined : operation.document;
  return !answer || (documentId && !second && isMiss(answer))
    ? { body: encode({ documentId, query, variables }) }
    : undefined;
};

/** The reply as a GraphQL response, or what keeps it from being one. */
export const readReply = ({ status, headers, body, problem }: Reply): Answer => {
  // A browser shows a redirect that is not followed as status 0.
  if (/^[03]/.test(`${status}`)) {
    return "it redirects to another address";
  }
  if (problem) {
    return problem;
  }
  if (!body.length) {
    return "the body is empty";
  }
  const [mediaType] = `${headers.get("content-type") ?? ""}`.toLowerCase().split(/[;\s]/);
  if (mediaType && !/^application\/(graphql-response\+)?json$/.test(mediaType)) {
    return `the media type is ${mediaType}`;
  }
  let json: Partial<GraphQLResponse> | null;
  try {
    json = JSON.parse(decoder.decode(body));
  } catch {
    return "the body is not JSON";
  }
  const data = isObject(json?.data) ? json?.data : null;
  const errors = json?.errors ?? [];
  return Array.isArray(errors) && errors.every(isObject) && (data || errors.length > 0)
    ? { data, errors }
    : "the JSON has neither data nor errors";
};

const decoder: TextDecoder = new TextDecoder("utf-8", { fatal: true });

const isObject = (value: unknown): boolean => {
  return !!value && typeof value === "object" && !Array.isArray(value);
};

/** Whether the server does not know the document by its id, in its words or in Apollo's. */
export const isMiss = (answer: unknown): boolean =>
  /^PERSISTED_\w+_NOT_FOUND$/.test(
    `${(answer as Partial<GraphQLResponse>).errors?.[0]?.extensions?.code}`,
  );

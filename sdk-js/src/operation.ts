/**
 * What generated code hands over: one operation as a plain object, so that it costs nothing
 * until it is used and a bundle holds only the operations that are.
 */

/** A named query, mutation or subscription, with its document and the names it is known by. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly kind: "query" | "mutation" | "subscription";
  /** The readable, versioned name, such as `getEntity:v1`; null for an ad-hoc document. */
  readonly opId: string | null;
  /** What travels instead of the document, `sha256:<hex>`; null sends the document itself. */
  readonly documentId: string | null;
  readonly document: string;
  /** Whether it may be sent twice without harm. */
  readonly retrySafe: boolean;
  /** Whether the server gives its first answer again to a request with the same key. */
  readonly keyed?: true;
  /** Never set: carries the types, so that both can be inferred from the value. */
  readonly __apiType?: (variables: Variables) => Data;
}

/** An operation whose types do not matter to the one that sends it. */
export type AnyOperation = Operation<unknown, never>;

/**
 * The operation that a text of the caller's own describes; no server knows it by an id. The
 * text is only glanced at: one that holds the word `mutation` anywhere is not sent twice.
 */
export const adHocOperation = (document: string): AnyOperation => {
  const [, kind = "query", name = "anonymous"] =
    /(?:^|\})\s*(query|mutation|subscription)\b\s*(\w+)?/.exec(document) ?? [];
  return {
    name,
    kind: kind as AnyOperation["kind"],
    opId: null,
    documentId: null,
    retrySafe: !/\b(mutation|subscription)\b/.test(document),
    document,
  };
};

/** The operations and the client that most tests need: small, and of no schema. */

import {
  BaseClient,
  type ClientOptions,
  type Hook,
  hooks,
  type Operation,
  type Reply,
} from "@intelgraph/sdk/runtime";
import { FakeTransport, type Outcome, reply } from "@intelgraph/sdk/testing";

export const URL_OF_TESTS = "http://localhost:4000/graphql";

/** For what is not about retries. */
export const ONCE: Pick<ClientOptions, "retryPolicy"> = { retryPolicy: { maxAttempts: 1 } };

/** A query that a server may know by its id. */
export const GetThing: Operation<{ readonly thing: number }, { readonly id?: string | undefined }> =
  {
    name: "GetThing",
    kind: "query",
    opId: "getThing:v1",
    documentId: "sha256:c0ffee",
    retrySafe: true,
    document: "query GetThing($id:ID){thing(id:$id)}",
  };

/** A mutation that must not be sent twice. */
export const PutThing: Operation<{ readonly putThing: boolean }, Record<string, never>> = {
  name: "PutThing",
  kind: "mutation",
  opId: "putThing:v1",
  documentId: "sha256:decade",
  retrySafe: false,
  document: "mutation PutThing{putThing}",
};

/** Options of a client, with the hooks that it is told of. */
export interface FakeClientOptions extends Omit<Partial<ClientOptions>, "hooks"> {
  readonly hooks?: readonly Hook[] | undefined;
}

/** A client over a transport that answers with the given outcomes; it tries once unless told. */
export function fakeClient(
  outcomes: readonly Outcome[],
  { hooks: told, ...options }: FakeClientOptions = {},
): { readonly client: BaseClient; readonly transport: FakeTransport } {
  const transport = new FakeTransport(outcomes);
  const client = new BaseClient({
    url: URL_OF_TESTS,
    apiKey: "key-1",
    transport,
    ...ONCE,
    ...options,
    hooks: told && hooks(...told),
  });
  return { client, transport };
}

/** A reply with data. */
export const ONE_THING: Reply = reply({ data: { thing: 1 } });

/** A reply of a server that does not know the document id. */
export const A_MISS: Reply = reply(
  {
    errors: [
      { message: "Unknown document id.", extensions: { code: "PERSISTED_DOCUMENT_NOT_FOUND" } },
    ],
  },
  { status: 400 },
);

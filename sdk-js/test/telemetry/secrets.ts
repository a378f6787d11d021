/** Calls that are full of secrets, to look for in what is told of them. */

import { BaseClient, type Hook, hooks, type Operation } from "@intelgraph/sdk/runtime";
import { FakeTransport, failure, reply } from "@intelgraph/sdk/testing";

const SECRET: Operation<unknown, { readonly id: string }> = {
  name: "Secret",
  kind: "query",
  opId: "secret:v1",
  documentId: "sha256:5ec7e7",
  document: 'query Secret($id:ID){secret(id:$id,note:"canary-document"){canary}}',
  retrySafe: true,
};

const ERROR = {
  message: "canary-message",
  path: ["canary-path"],
  extensions: { code: "Canary canary-code", more: "canary-extension" },
};

const OUTCOMES = [
  reply(null, { status: 503, text: "canary-body" }),
  reply({ data: { secret: "canary-data" } }, { headers: { "x-canary": "canary-reply" } }),
  reply({ data: null, errors: [ERROR] }),
  reply(null, { status: 500, text: "canary-text" }),
  reply(null, { text: '{"data": canary-json', headers: { "content-type": "text/canary-type" } }),
  failure("read", new Error("canary-cause")),
];

/** Tells a hook of calls that go well, are tried again, and fail in every way. */
export async function secretCalls(hook: Hook): Promise<void> {
  const client = new BaseClient({
    url: "http://localhost:4000/graphql?key=canary-query#canary-fragment",
    apiKey: "canary-key",
    headers: { "x-tenant": "canary-header" },
    retryPolicy: { maxAttempts: 2, baseDelayMs: 0 },
    hooks: hooks(hook),
    transport: new FakeTransport([...OUTCOMES, failure("read", new Error("canary-cause"))]),
  });
  for (const _ of OUTCOMES.slice(1)) {
    await client.execute(SECRET, { id: "canary-variable" }).catch(() => {});
  }
}

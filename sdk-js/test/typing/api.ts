/** Never run, type-checked only: the types of the public surface are a contract. */

import type { IncomingMessage } from "node:http";

import {
  BaseClient,
  type CallOptions,
  type DateTime,
  type Decimal,
  type Fetch,
  type fragments,
  type Hook,
  IntelGraph,
  type inputs,
  type Operation,
  OperationError,
  operations,
  type Paginator,
  parseDecimal,
  TransportError,
} from "@intelgraph/sdk";
import type { EntityDetails } from "@intelgraph/sdk/fragments/entity_details";
import { GetEntity } from "@intelgraph/sdk/operations/get_entity";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";
import { FakeTransport, reply } from "@intelgraph/sdk/testing";
import { unwrap, type WebhookEvent } from "@intelgraph/sdk/webhooks";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function isTrue<_Condition extends true>(): void {}

// Everything may come from the environment; null is anonymous; undefined is not given.
new IntelGraph();
new IntelGraph({ url: undefined, apiKey: undefined, headers: undefined, timeoutMs: undefined });
new IntelGraph({ apiKey: null, fetch });
new IntelGraph({ transport: new FakeTransport([reply({ data: {} })]) });
new BaseClient({ url: "https://graph.example/graphql", apiKey: "key" });

// @ts-expect-error: a base client knows no environment.
new BaseClient({ url: "https://graph.example/graphql" });
// @ts-expect-error: a typo is not an option.
new IntelGraph({ apikey: "key" });
// @ts-expect-error: milliseconds are a number.
new IntelGraph({ timeoutMs: "30s" });

// Retries, hooks, time and chance are options too.
new IntelGraph({ retryPolicy: { maxAttempts: 1, deadlineMs: null }, hooks: [] });
new IntelGraph({ now: Date.now, random: Math.random, sleep: async () => {} });
new IntelGraph({ retryPolicy: { maxAttempts: undefined }, hooks: undefined, now: undefined });
// @ts-expect-error: a typo is not a member of the policy.
new IntelGraph({ retryPolicy: { attempts: 1 } });
// @ts-expect-error: only a delay of milliseconds has no unit to forget.
new IntelGraph({ retryPolicy: { baseDelay: 1 } });

// An event is narrowed by its type.
export const hook: Hook = (event) => {
  if (event.type === "CallFinished") {
    isTrue<Equal<typeof event.status, number | null>>();
    isTrue<Equal<typeof event.retries, number>>();
    // @ts-expect-error: events are not to be written to.
    event.retries = 0;
  }
  // @ts-expect-error: not every event has a delay.
  event.delayMs;
};
new IntelGraph({ hooks: [hook, jsonLines(console.log), async () => {}] });

const client = new IntelGraph();

export async function methods(): Promise<void> {
  await client.getEntity({ id: "e1" });
  await client.getEntity({ id: "e1" }, { timeoutMs: 5, signal: AbortSignal.timeout(9) });
  await client.trustTiles();
  await client.trustTiles({ headers: { "x-a": "b" } });
  // @ts-expect-error: a required variable is required.
  await client.getEntity({});
  // @ts-expect-error: an id is text.
  await client.getEntity({ id: 7 });
  // @ts-expect-error: a typo is not a variable.
  await client.getEntity({ id: "e1", idd: "e1" });
  // @ts-expect-error: a typo is not a call option.
  await client.trustTiles({ timeout: 5 });
}

export async function execution(): Promise<void> {
  const data = await client.execute(GetEntity, { id: "e1" });
  const entity = await client.getEntity({ id: "e1" });
  isTrue<Equal<typeof entity, (typeof data)["entity"]>>();
  isTrue<Equal<typeof GetEntity, typeof operations.GetEntity>>();
  isTrue<Equal<typeof entity, EntityDetails | null>>();
  isTrue<Equal<EntityDetails, fragments.EntityDetails>>();

  const { trustTiles } = await client.execute(operations.TrustTiles, {});
  const tiles = await client.trustTiles();
  isTrue<Equal<typeof trustTiles, typeof tiles>>();

  // @ts-expect-error: the variables are the operation's.
  await client.execute(GetEntity, { name: "e1" });
  // @ts-expect-error: a result is not to be written to.
  data.entity = null;
  // @ts-expect-error: null is possible.
  entity.id;
}

// A union is narrowed by its type name, and has room for kinds of the future.
export function describe(entity: EntityDetails): string {
  switch (entity.__typename) {
    case "Person":
      return entity.aliases.join();
    case "Organization":
      return entity.jurisdiction ?? "";
    case "Indicator":
      // @ts-expect-error: an indicator is no person.
      return entity.aliases;
    default:
      // @ts-expect-error: a kind of the future has the common fields only.
      entity.aliases;
      return entity.name;
  }
}

// An enum completes what is known and takes what is not.
export const filter: inputs.EntityFilter = { kinds: ["PERSON", "VESSEL"] };
// @ts-expect-error: a typo is not a member of an input.
export const mistyped: inputs.EntityFilter = { kind: ["PERSON"] };

export async function adHoc(): Promise<void> {
  const data = await client.execute("query Mine { thing }", { a: 1 }, { timeoutMs: 5 });
  isTrue<Equal<typeof data, unknown>>();
}

// The type of an ad-hoc document's data is said, and never guessed from where the data goes.
export async function typedAdHoc(): Promise<Newest> {
  const newest = await client.execute<Newest>("query Newest { invoices { id } }", {}, {});
  isTrue<Equal<typeof newest, Newest>>();
  // @ts-expect-error: what was not asked for is not there.
  newest.invoices[0]?.total;
  // @ts-expect-error: an operation has types of its own.
  await client.execute<Newest>(GetEntity, { id: "e1" });
  // @ts-expect-error: what nobody said stays unknown.
  const guessed: Newest = await client.execute("query Newest { invoices { id } }");
  return guessed;
}
interface Newest {
  readonly invoices: readonly { readonly id: string }[];
}

// What was written for 1.0.0 goes on being right.
export const asIn100: (
  document: string,
  variables?: object,
  options?: CallOptions,
) => Promise<unknown> = client.execute.bind(client);

export function errors(error: unknown): string {
  if (error instanceof OperationError) {
    isTrue<Equal<typeof error.code, string | null>>();
    isTrue<Equal<typeof error.data, unknown>>();
    return error.errors[0]?.message ?? "";
  }
  if (error instanceof TransportError) {
    isTrue<Equal<typeof error.status, number | null>>();
  }
  return "";
}

// A scalar takes plain text, so that nobody has to cast what they read from a form.
export const instant: DateTime = "2026-04-15T00:00:00Z";
export const amount: Decimal = "129.90";
export const cents: bigint = parseDecimal(amount, 2);
// @ts-expect-error: one scalar is not another.
export const notAnAmount: Decimal = instant as DateTime & { readonly __scalar: "DateTime" };

// Any operation object of this shape will do, from whatever generator.
export const own: Operation<{ readonly a: 1 }, { readonly b?: 2 | undefined }> = {
  name: "Own",
  kind: "query",
  opId: null,
  documentId: null,
  document: "query Own{a}",
  retrySafe: true,
};
export const owned: Promise<{ readonly a: 1 }> = client.execute(own, {});

export const globalFetch: Fetch = fetch;
export const options: CallOptions = {};

async function reading(client: IntelGraph): Promise<void> {
  const entities = client.iterListEntities({ first: 2, after: null }, { limit: 5, timeoutMs: 1 });
  isTrue<
    Equal<typeof entities, Paginator<operations.ListEntitiesData["entities"], fragments.EntityCard>>
  >();
  for await (const entity of entities) {
    isTrue<Equal<typeof entity, fragments.EntityCard>>();
  }
  for await (const { totalCount } of entities.pages()) {
    isTrue<Equal<typeof totalCount, number>>();
  }
  operations.iterListEntities(client, { after: entities.cursor });
  // @ts-expect-error: a relation belongs to an entity.
  client.iterListRelations();
}
void reading;

// The headers of fetch and of Node are taken as they are, and the secret of the environment.
export const event: Promise<WebhookEvent> = unwrap("", new Headers());
export const received = (request: IncomingMessage) => unwrap(new Uint8Array(), request.headers);
unwrap("", {}, { secret: ["whsec_", "whsec_"], toleranceMs: undefined, now: undefined });
// @ts-expect-error: what was read from the body is not what was signed.
unwrap({ type: "a.b" }, new Headers());
export const mute = (told: WebhookEvent): void => {
  // @ts-expect-error: an event is not to be changed.
  told.type = "a.b";
  // @ts-expect-error: nobody vouches for the types of the data.
  told.data.id satisfies string;
};

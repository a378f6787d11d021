import assert from "node:assert/strict";
import { test } from "node:test";

import { IntelGraph, operations } from "@intelgraph/sdk";
import type { Operation } from "@intelgraph/sdk/runtime";
import { events, FakeTransport, reply } from "@intelgraph/sdk/testing";
import { Fixtures, fixtures } from "@intelgraph/sdk/testing/fixtures";

const { GetEntity, IncidentChanged, ListEntities } = operations;

test("there are answers to every operation of our own, as whole as the document asks", () => {
  const own = Object.values(operations).filter((each) => typeof each !== "function");
  assert.ok(own.length >= 40);

  for (const operation of own as readonly Operation<object, never>[]) {
    const [field = ""] = /\{(\w+)/.exec(operation.document)?.slice(1) ?? [];
    assert.ok(Object.hasOwn(fixtures.answer(operation), field), operation.name);
  }
});

test("the same seed makes the same answer, and another one another", () => {
  const first = fixtures.answer(ListEntities, {}, { seed: 2 });

  assert.deepEqual(fixtures.answer(ListEntities, {}, { seed: 2 }), first);
  assert.notDeepEqual(fixtures.answer(ListEntities, {}, { seed: 3 }), first);
});

test("what the test says is typed as the answer is", () => {
  const { entity } = fixtures.answer(GetEntity, { entity: { __typename: "Person", name: "Ada" } });
  const name: string | undefined = entity?.name;
  // @ts-expect-error: a name is a text.
  fixtures.answer(GetEntity, { entity: { name: 7 } });

  assert.deepEqual([entity?.__typename, name], ["Person", "Ada"]);
  // @ts-expect-error: no answer has such a member.
  assert.throws(() => fixtures.answer(GetEntity, { nothing: 1 }), /GetEntity has no nothing/);
});

test("an answer is what a client reads", async () => {
  const overrides = { entity: { name: "Ada" } };
  const answer = fixtures.response(GetEntity, overrides, { seed: 1 });
  const client = new IntelGraph({ apiKey: null, transport: new FakeTransport([reply(answer)]) });

  const entity = await client.getEntity({ id: "per_ada" });

  assert.deepEqual(entity, fixtures.answer(GetEntity, overrides, { seed: 1 }).entity);
});

test("whoever reads page after page comes to an end", async () => {
  const transport = new FakeTransport([reply(fixtures.response(ListEntities, {}, { seed: 1 }))]);
  const client = new IntelGraph({ apiKey: null, transport });

  let count = 0;
  for await (const _ of client.iterListEntities()) {
    count += 1;
  }

  assert.ok(count >= 1 && count <= 3);
  assert.equal(transport.outcomesLeft, 0);
});

test("events of a subscription are made as any answer", async () => {
  const made = [1, 2].map((seed) => fixtures.response(IncidentChanged, {}, { seed }));
  const client = new IntelGraph({ apiKey: null, transport: new FakeTransport([events(made)]) });

  const ids: string[] = [];
  for await (const { id } of client.incidentChanged()) {
    ids.push(id);
  }

  assert.equal(ids.length, 2);
});

test("a custom scalar is made by the function that is given", () => {
  const shapes = "GetEntity = Query { price: Money! }";
  const own = new Fixtures(shapes, { scalars: { Money: (number) => `${number % 10} EUR` } });

  assert.match(JSON.stringify(own.answer(GetEntity)), / EUR/);
  assert.match(JSON.stringify(new Fixtures(shapes).answer(GetEntity)), /"price \d+"/);
});

test("a field may be called as a member of every object is", () => {
  const own = new Fixtures("GetEntity = Query { constructor: Int! toString: Int! }");

  const made: object = own.answer(GetEntity);

  assert.deepEqual(
    Object.values(made).map((value) => typeof value),
    ["number", "number"],
  );
});

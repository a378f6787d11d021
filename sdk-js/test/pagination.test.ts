import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { type Operation, type Paginator, paginate } from "@intelgraph/sdk/runtime";
import { type FakeTransport, failure, reply } from "@intelgraph/sdk/testing";
import { fakeClient } from "./things.js";

interface Things {
  readonly things: { readonly nodes: readonly string[]; readonly next: string | null };
}

interface Variables {
  readonly after?: string | null;
}

const Things: Operation<Things, Variables> = {
  name: "Things",
  kind: "query",
  opId: null,
  documentId: null,
  document: "query Things($after:String){things(after:$after)}",
  retrySafe: true,
};

const page = (nodes: string, next: string | null) =>
  reply({ data: { things: { nodes: [...nodes], next } } });

function things(
  outcomes: Parameters<typeof fakeClient>[0],
  options: Parameters<typeof paginate>[3] = {},
): { readonly items: Paginator<Things["things"], string>; readonly transport: FakeTransport } {
  const { client, transport } = fakeClient(outcomes);
  const items = paginate(client, Things, {}, options, "after", (data: Things) => ({
    result: data.things,
    items: data.things.nodes,
    hasMore: data.things.next !== null,
    cursor: data.things.next,
  }));
  return { items, transport };
}

test("nothing is sent before the first item is asked for", async () => {
  const { items, transport } = things([page("ab", null)]);

  assert.equal(transport.requests.length, 0);
  await items.next();
  await items.next();

  assert.equal(transport.requests.length, 1);
});

test("a loop that is left asks for nothing more, and may be taken up again", async () => {
  const { items, transport } = things([page("ab", "b"), page("c", null)]);
  const came: string[] = [];

  for await (const item of items) {
    came.push(item);
    break;
  }
  assert.equal(transport.requests.length, 1);
  for await (const item of items) {
    came.push(item);
  }

  assert.deepEqual(came, ["a", "b", "c"]);
});

test("items that are asked for at once come in turn, with one request for each page", async () => {
  const { items, transport } = things([page("ab", "b"), page("c", null)]);

  const came = await Promise.all([items.next(), items.next(), items.next(), items.next()]);

  assert.deepEqual(
    came.map(({ value }) => value),
    ["a", "b", "c", undefined],
  );
  assert.equal(transport.requests.length, 2);
});

test("an error is for the one who asked, and the next one asks again", async () => {
  const { items } = things([failure("read"), page("a", null)]);

  const [first, second] = await Promise.allSettled([items.next(), items.next()]);

  assert.equal(first.status, "rejected");
  assert.deepEqual(second, { status: "fulfilled", value: { done: false, value: "a" } });
});

test("pages go on from the cursor, so that a page that was begun comes whole", async () => {
  const { items, transport } = things([page("ab", "b"), page("ab", "b"), page("c", null)]);
  await items.next();

  const pages = [];
  for await (const { nodes } of items.pages()) {
    pages.push(nodes);
  }

  assert.deepEqual(pages, [["a", "b"], ["c"]]);
  assert.equal(transport.requests.length, 3);
});

test("each page is a call with the options that were given", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const { items } = things([page("a", null)], { signal });

  await assert.rejects(items.next(), /enough/);
});

for (const limit of [-1, 2.5, Number.NaN, null, "", "3", true]) {
  test(`a limit of ${inspect(limit)} is refused at once, for it is no number of items`, () => {
    const message = `limit is the number of items to hand out, and cannot be ${limit}`;

    assert.throws(() => things([], { limit: limit as never }), { name: "RangeError", message });
  });
}

test("a limit of infinity is none", async () => {
  const { items } = things([page("a", null)], { limit: Number.POSITIVE_INFINITY });

  assert.deepEqual(await items.next(), { done: false, value: "a" });
});

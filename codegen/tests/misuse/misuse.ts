// Never run: mistakes that the compiler must find in the callers of generated code.
import type { Client } from "../inputs_recursive/index.js";
import type { Condition, FieldCondition } from "../inputs_recursive/inputs/index.js";
import type { UserBy } from "../one_of/inputs/index.js";

const fitting: Condition = { not: null, field: undefined };
export const inputs: ReadonlyArray<Condition> = [
  fitting,
  // @ts-expect-error It is called `not`.
  { nott: null },
  // @ts-expect-error A list may be null, but not its items.
  { or: [null] },
];

export const fields: ReadonlyArray<FieldCondition> = [
  { name: "a", equals: null },
  // @ts-expect-error A name is needed.
  {},
  // @ts-expect-error It must not be null.
  { name: null },
  // @ts-expect-error It must not be absent either.
  { name: undefined },
];

export const oneOf: ReadonlyArray<UserBy> = [
  { id: "1" },
  // @ts-expect-error One is needed.
  {},
  // @ts-expect-error Only one may be given.
  { id: "1", email: "2" },
  // @ts-expect-error It must not be null.
  { id: null },
];

export async function calls(client: Client): Promise<ReadonlyArray<number>> {
  return [
    await client.count({ where: {} }),
    // @ts-expect-error The variable is needed.
    await client.count(),
    // @ts-expect-error It is called `where`.
    await client.count({ were: {} }),
    // @ts-expect-error It must not be null.
    await client.count({ where: null }),
  ];
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { holds, refund } from "../dist/budget.js";

test("a purse holds what is left of the budget, to the last bit", () => {
  assert.equal(holds({ spent: 90 }, 100, 10), true);
  assert.equal(holds({ spent: 91 }, 100, 10), false);
});

test("a purse without a bottom always holds enough", () => {
  assert.equal(holds({ spent: 1e9 }, null, 10), true);
});

test("a call that succeeds gives back what its retries cost, and one if there were none", () => {
  const purse = { spent: 50 };

  refund(purse, 2, 10);
  assert.equal(purse.spent, 30);

  refund(purse, 0, 10);
  assert.equal(purse.spent, 29);
});

test("no more is given back than was spent", () => {
  const purse = { spent: 5 };

  refund(purse, 2, 10);

  assert.equal(purse.spent, 0);
});

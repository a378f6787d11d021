import assert from "node:assert/strict";
import { test } from "node:test";

import { refund } from "../dist/budget.js";

test("a call that succeeds gives back what its retries cost, and one if there were none", () => {
  const purse = { spent: 50 };

  refund({ purse, attempts: 3, retryCost: 10 });
  assert.equal(purse.spent, 30);

  refund({ purse, attempts: 1, retryCost: 10 });
  assert.equal(purse.spent, 29);
});

test("no more is given back than was spent", () => {
  const purse = { spent: 5 };

  refund({ purse, attempts: 3, retryCost: 10 });

  assert.equal(purse.spent, 0);
});

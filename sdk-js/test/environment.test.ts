import assert from "node:assert/strict";
import { test } from "node:test";

import { environment } from "../dist/environment.js";

test("a variable of the process is read when it is asked for", () => {
  process.env.INTELGRAPH_OF_A_TEST = "here";

  assert.equal(environment("INTELGRAPH_OF_A_TEST"), "here");

  delete process.env.INTELGRAPH_OF_A_TEST;
  assert.equal(environment("INTELGRAPH_OF_A_TEST"), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { PAPER, share } from "../../../genlab/ui/components/paper.js";

test("a plot that is wider than the paper is made as wide as it, and no other is changed", () => {
  assert.equal(share(2 * PAPER), 0.5);
  assert.equal(share(PAPER), 1);
  assert.equal(share(200), 1);
  assert.equal(share(0), 1);
});

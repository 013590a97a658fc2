import assert from "node:assert/strict";
import { test } from "node:test";

import { choose, chooseAll, selectionOf, twin } from "../../../../genlab/ui/components/explorer/selection.js";

/** Two maps of the same four images, of which the second lacks the last and has a sample more. */
function views() {
  const sides = [[0, 1, 2, 3], [0, 1, 2, -1]];
  return sides.map((match, place) => {
    const map = { flags: new Uint8Array(4), hidden: new Uint8Array(4), chosen: 0, select(flags) { this.flags = flags; this.chosen = flags.reduce((a, b) => a + b, 0); } };
    return { map, exploration: { n: 4, place, match: (index, other) => (other.place === place ? index : sides[1][index]) } };
  });
}

test("what is selected in one map is selected in the other", () => {
  const both = views();
  choose(both, 0, [1, 3], "only");
  assert.deepEqual(both.map(({ map }) => [...map.flags]), [[0, 1, 0, 1], [0, 1, 0, 0]]);
  choose(both, 0, [2], "add");
  choose(both, 0, [1], "remove");
  assert.deepEqual(both.map(({ map }) => [...map.flags]), [[0, 0, 1, 1], [0, 0, 1, 0]]);
  choose(both, 0, [2], "toggle");
  assert.deepEqual(both.map(({ map }) => map.chosen), [1, 0]);
  assert.equal(twin(both, 0, 1, 3), -1);
  assert.equal(twin(both, 0, 1, -1), -1);
});

test("everything means everything that is shown", () => {
  const both = views();
  both[0].map.hidden[0] = 1;
  chooseAll(both, "all");
  assert.deepEqual([...both[0].map.flags], [0, 1, 1, 1]);
  chooseAll(both, "invert");
  assert.deepEqual(both.map(({ map }) => map.chosen), [0, 0]);
  chooseAll(both, "all");
  chooseAll(both, "none");
  assert.deepEqual(selectionOf(both), { bits: ["AA==", "AA=="], counts: [0, 0] });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { labelOf, nameOf, wordsOf } from "../../../../genlab/ui/components/explorer/words.js";

const exploration = {
  classes: ["cat", "dog"],
  attributes: [{ name: "class", categories: ["cat", "dog"] }],
  isData: (index) => index < 1000,
  partOf: (index) => (index < 1000 ? { start: 0 } : { start: 1000 }),
};
const view = { exploration, legend: { words: (index) => `Norm: ${index}` }, classes: Float32Array.from({ length: 1010 }, (_, i) => (i === 7 ? NaN : i % 2)) };

test("items are counted from one, images and samples apart", () => {
  assert.deepEqual(wordsOf(view, 999), ["Image 1,000", "Norm: 999"]);
  const heard = { ...view, exploration: { ...view.exploration, source: { media: { one: "sound" } } } };
  assert.equal(wordsOf(heard, 0)[0], "Sound 1");
  assert.equal(wordsOf(heard, 1000)[0], "Sample 1");
  assert.deepEqual(wordsOf(view, 1000), ["Sample 1", "Norm: 1000"]);
});

test("the class is named where it is known", () => {
  assert.equal(nameOf(view, 1), "image 2, class dog");
  assert.equal(nameOf(view, 7), "image 8");
  assert.equal(nameOf({ ...view, classes: null }, 1), "image 2");
  assert.equal(labelOf(view, 2), 0);
  assert.equal(labelOf(view, 7), undefined);
  assert.equal(labelOf({ exploration: { classes: null }, classes: view.classes }, 2), undefined);
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { categoryColour, unknownColour } from "../../../../genlab/ui/components/colours.js";
import { Legend } from "../../../../genlab/ui/components/explorer/legend.js";

const VALUES = { class: Float32Array.of(0, 1, NaN, 1), norm: Float32Array.of(2, 4, NaN, 3) };
const exploration = {
  n: 4,
  parts: [{ name: "data", start: 0, stop: 3 }, { name: "samples", start: 3, stop: 4 }],
  attributes: [
    { name: "class", title: "Class", kind: "category", categories: ["cat", "dog"], low: 0, high: 1 },
    { name: "norm", title: "Norm", kind: "number", categories: null, low: 2, high: 4 },
  ],
  values: (name) => Promise.resolve(VALUES[name]),
};
const real = globalThis.document;
const ALL = new Set(["data", "samples"]);

before(() => { globalThis.document = { createElement: () => ({ append() {} }) }; });
after(() => { globalThis.document = real; });

async function legend(name) {
  const made = new Legend(exploration, () => {});
  await made.use(name);
  return made;
}

const inks = (colours) => Array.from({ length: 4 }, (_, i) => [...colours.subarray(4 * i, 4 * i + 4)]);

test("categories have their colours, and what is not known has one of its own", async () => {
  const found = inks((await legend("class")).colours(false, ALL));
  assert.deepEqual(found.map((ink) => ink.slice(0, 3)), [categoryColour(0, false), categoryColour(1, false), unknownColour(false), categoryColour(1, false)]);
  assert.ok(found.every((ink) => ink[3] === 215));
});

test("hidden categories, what is unknown, and hidden parts cannot be seen", async () => {
  const made = await legend("class");
  made.hidden.add(1);
  assert.deepEqual(inks(made.colours(false, ALL)).map((ink) => ink[3] > 0), [true, false, true, false]);
  made.hidden = new Set([-1]);
  assert.deepEqual(inks(made.colours(false, ALL)).map((ink) => ink[3] > 0), [true, true, false, true]);
  assert.deepEqual(inks(made.colours(false, new Set(["samples"]))).map((ink) => ink[3] > 0), [false, false, false, true]);
});

test("numbers go along a scale, nothing is coloured by nothing", async () => {
  const [low, high, unknown, middle] = inks((await legend("norm")).colours(true, ALL));
  assert.ok(low[0] < middle[0] && middle[0] < high[0]);
  assert.deepEqual(unknown.slice(0, 3), unknownColour(true));
  const plain = inks((await legend("")).colours(true, ALL));
  assert.equal(new Set(plain.map(String)).size, 1);
});

test("values are said in words", async () => {
  const classes = await legend("class"), norms = await legend("norm");
  assert.deepEqual([0, 2].map((i) => classes.words(i)), ["Class: cat", "Class: unknown"]);
  assert.deepEqual([1, 2].map((i) => norms.words(i)), ["Norm: 4", "Norm: unknown"]);
  assert.equal((await legend("")).words(0), "");
  assert.deepEqual([...classes.counts()], [[0, 1], [1, 2], [-1, 1]]);
  assert.deepEqual(classes.category.names, ["cat", "dog"]);
  assert.equal(norms.category, null);
});

test("a category stays hidden while its attribute is shown, and no longer", async () => {
  const made = await legend("class");
  made.hidden.add(1);
  await made.use("class");
  assert.ok(made.hidden.has(1));
  await made.use("norm");
  assert.equal(made.hidden.size, 0);
});

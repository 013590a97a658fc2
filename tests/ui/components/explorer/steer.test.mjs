import assert from "node:assert/strict";
import { test } from "node:test";

import { Steer } from "../../../../genlab/ui/components/explorer/steer.js";

const exploration = {
  dim: 2, mean: Float32Array.of(1, 0), classes: ["a", "b"], source: { graph: null }, code: (index) => Float32Array.of(index, index),
};
const first = { name: "0", method: "dimension", scale: 1, vector: Float32Array.of(1, 0) };
const along = { name: "1", method: "pca", scale: 2, vector: Float32Array.of(0, 1) };

function steer() {
  const made = new Steer(exploration, "assets/", "server"), events = [];
  made.pump.ask = () => {};
  for (const name of ["move", "settle"]) made.addEventListener(name, () => events.push(name));
  return { made, events };
}

test("it begins at the prior's mean, and truncation pulls towards it", () => {
  const { made } = steer();
  assert.deepEqual([...made.z], [1, 0]);
  made.jump([3, 4], { free: true });
  made.setPsi(0.5);
  assert.deepEqual([...made.z], [2, 2]);
});

test("a slider of a dimension shows the coordinate, any other how far the edit has gone", () => {
  const { made } = steer();
  made.jump([3, 4], { free: true });
  assert.deepEqual([made.value(first), made.value(along)], [3, 0]);
  made.slide(along, 1.5);
  assert.deepEqual([...made.raw], [3, 7]);
  made.slide(first, -1);
  assert.deepEqual([...made.raw], [-1, 7]);
  assert.ok(Math.abs(made.value(along) - 1.5) < 1e-6);
  assert.deepEqual(made.along(first, [0, 2]).map((z) => [...z]), [[0, 7], [2, 7]]);
});

test("what is locked stays when another latent is chosen, unless that one was asked for as it is", () => {
  const { made } = steer();
  made.jump([3, 4], { free: true });
  made.locked.set("pca 1", along);
  made.toItem(9, 1);
  assert.deepEqual([[...made.raw], made.item, made.label], [[9, 4], -1, 1]);
  made.jump([5, 5], { free: true, item: 2 });
  assert.deepEqual([[...made.raw], made.item], [[5, 5], 2]);
});

test("undo brings back all of it, redo all of that", () => {
  const { made, events } = steer();
  made.toItem(2, 1);
  made.setLabel(0);
  made.undo();
  assert.deepEqual([[...made.raw], made.item, made.label], [[2, 2], 2, 1]);
  made.undo();
  assert.deepEqual([[...made.raw], made.item, made.label], [[1, 0], -1, 0]);
  made.undo();
  made.redo();
  assert.deepEqual([made.item, made.label], [2, 1]);
  made.jump([0, 0]);
  made.redo();
  assert.deepEqual([...made.raw], [0, 0], "a new edit ends what could be redone");
  assert.deepEqual(events.slice(0, 2), ["move", "settle"]);
});

test("a hundred edits can be undone, and no more", () => {
  const { made } = steer();
  for (let i = 0; i < 130; i++) made.jump([i, i], { free: true });
  for (let i = 0; i < 200; i++) made.undo();
  assert.deepEqual([...made.raw], [29, 29]);
});

test("a model that is told no class has none", () => {
  const plain = new Steer({ ...exploration, classes: null }, "assets/", "server");
  plain.pump.ask = () => {};
  plain.jump([0, 0], { label: 1 });
  assert.equal(plain.label, null);
});

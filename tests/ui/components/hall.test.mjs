import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = new EventTarget();
const { act, nameOfKey, onStage, wayTo } = await import("../../../genlab/ui/components/hall.js");

test("a stage takes the keys that it knows, until it leaves", () => {
  const done = [];
  const leave = onStage({ " ": () => done.push("run"), r: () => done.push("restart") });
  assert.equal(act(" "), true);
  assert.equal(act("ArrowRight"), false);
  assert.equal(act("toString"), false);
  assert.deepEqual(done, ["run"]);
  leave();
  assert.equal(act("r"), false);
  assert.deepEqual(done, ["run"]);
});

test("only one stage takes a key", () => {
  const done = [];
  const leave = [onStage({ a: () => done.push(1) }), onStage({ a: () => done.push(2) })];
  assert.equal(act("a"), true);
  assert.deepEqual(done, [1]);
  leave.forEach((each) => each());
});

test("letters are keys in either case, others keep their names", () => {
  assert.equal(nameOfKey({ key: "P" }), "p");
  assert.equal(nameOfKey({ key: "ArrowUp" }), "ArrowUp");
});

test("on is the next part that is not nearly there, but no more than most of a screen", () => {
  assert.equal(wayTo([-500, 10, 100, 612, 900], 1, 1000), 600);
  assert.equal(wayTo([5000], 1, 1000), 850);
  assert.equal(wayTo([], 1, 1000), 850);
});

test("back is the part before, in the same way", () => {
  assert.equal(wayTo([-5000, -588, -100, 400], -1, 1000), -600);
  assert.equal(wayTo([40], -1, 1000), -850);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Follower, moved } from "../../../../genlab/ui/components/strength/moved.js";

test("codes are moved along their ways, as far as the strength says", () => {
  const codes = Float32Array.of(1, 2, 3, 4), ways = Float32Array.of(2, 0, -2, 1);
  assert.deepEqual([...moved(codes, ways, 0)], [1, 2, 3, 4]);
  assert.deepEqual([...moved(codes, ways, 1.5)], [4, 2, 0, 5.5]);
  assert.deepEqual([...codes], [1, 2, 3, 4]);
});

test("while one value is drawn the newest of the others waits, and is drawn last", async () => {
  const drawn = [], ends = [];
  const follower = new Follower((value) => new Promise((done) => { drawn.push(value); ends.push(done); }));
  const first = follower.ask(0.1);
  follower.ask(0.2);
  follower.ask(0.3);
  assert.deepEqual(drawn, [0.1]);
  ends[0]();
  await new Promise((next) => void setTimeout(next));
  assert.deepEqual(drawn, [0.1, 0.3]);
  ends[1]();
  await first;
  assert.equal(follower.busy, false);
});

test("after a failure the next value is drawn", async () => {
  let fail = true;
  const drawn = [];
  const follower = new Follower((value) => {
    drawn.push(value);
    return fail ? Promise.reject(new Error("no")) : Promise.resolve();
  });
  await assert.rejects(follower.ask(1), /no/);
  fail = false;
  await follower.ask(2);
  assert.deepEqual(drawn, [1, 2]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Motion, ROUND } from "../../../../genlab/ui/components/front/motion.js";

/** @param {Motion} motion @param {number} seconds */
function pass(motion, seconds) {
  for (let done = 0; done < seconds; done += 0.02) motion.advance(0.02);
}

test("it goes round by itself while it plays, and stands otherwise", () => {
  const motion = new Motion();
  assert.equal(motion.moving, false);
  pass(motion, 1);
  assert.equal(motion.share, 0);
  motion.playing = true;
  assert.equal(motion.moving, true);
  pass(motion, ROUND / 4);
  assert.ok(Math.abs(motion.share - 0.25) < 0.01);
});

test("a late frame is no leap", () => {
  const motion = new Motion();
  motion.playing = true;
  motion.advance(60);
  assert.ok(motion.share < 0.01);
});

test("a pointer takes over without a leap, sideways along the walk and up and down away from it", () => {
  const motion = new Motion();
  motion.playing = true;
  motion.t = 0.4;
  motion.take(0.9, 0.1);
  pass(motion, 1);
  assert.ok(Math.abs(motion.t - 0.4) < 1e-6, "it waits where it was taken over");
  motion.point(0.5, 0.1);
  pass(motion, 2);
  assert.ok(Math.abs(motion.t - 0.3) < 1e-3 && motion.angle === 0);
  motion.point(0.5, 0.6);
  pass(motion, 2);
  assert.ok(Math.abs(motion.angle - 1) < 1e-3);
});

test("let go, the walk goes on from there and comes back to itself", () => {
  const motion = new Motion();
  motion.playing = true;
  motion.point(0, 0);
  motion.point(1, 1);
  pass(motion, 2);
  const { t } = motion;
  motion.release("slider");
  assert.equal(motion.held, "pointer", "who does not hold it cannot let it go");
  motion.release("pointer");
  pass(motion, 1);
  assert.ok(motion.t > t && motion.angle < 0.01);
});

test("the slider leads to its place by the shorter way", () => {
  const motion = new Motion();
  motion.t = 3.95;
  motion.slide(0.05);
  assert.ok(Math.abs(motion.goal.t - 4.05) < 1e-9);
  pass(motion, 2);
  assert.ok(Math.abs(motion.share - 0.05) < 1e-3);
  assert.equal(motion.held, "slider");
  assert.equal(motion.moving, false, "it has arrived");
});

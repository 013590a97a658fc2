import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf, nice, readings } from "../../../../genlab/ui/components/playground/timeline.js";

const rows = [
  { step: 0, models: { gan: { losses: { critic: 1, generator: null }, js: 0.5 } } },
  { step: 9, models: { gan: { losses: { critic: 2, generator: 4 }, js: null }, vae: { losses: { vae: 7 }, js: 0.1 } } },
];

test("curves have one line for each player, and leave out what is no number", () => {
  assert.deepEqual(linesOf("loss", rows, ["vae", "gan"]), [
    { model: "gan", player: "critic", points: [[0, 1], [9, 2]] },
    { model: "vae", player: "vae", points: [[9, 7]] },
    { model: "gan", player: "generator", points: [[9, 4]] },
  ]);
  assert.deepEqual(linesOf("js", rows, ["gan"]), [{ model: "gan", player: "", points: [[0, 0.5]] }]);
});

test("the axis counts in round numbers of steps", () => {
  assert.deepEqual([0.1, 1, 1.2, 2, 3, 7, 12, 300, 501].map(nice), [1, 1, 2, 2, 5, 10, 20, 500, 1000]);
});

test("readings say what real data would measure, and modes only where there are some", () => {
  const row = { models: { gan: { losses: { critic: 0.7, generator: 1.25 }, kl: 2, js: 0.3, modes: 7, near: 0.95 } } };
  const floor = { kl: 0.02, js: 0.01 };
  assert.deepEqual(readings(row, { floor, modes: 8 }, "gan"), [
    ["loss, critic", "0.70"], ["loss, generator", "1.25"], ["KL to data", "2.00 nats", "real data 0.02"],
    ["JS", "0.30 nats", "real data 0.01"], ["modes hit", "7 of 8", "95 % near one"],
  ]);
  assert.equal(readings(row, { floor, modes: null }, "gan").length, 4);
  const alone = { models: { vae: { losses: { vae: 3 }, kl: 2, js: 0.3 } } };
  assert.deepEqual(readings(alone, { floor, modes: null }, "vae")[0], ["loss", "3.00"]);
  assert.deepEqual(readings(row, { floor, modes: 8 }, "vae"), []);
  assert.deepEqual(readings(undefined, { floor, modes: 8 }, "vae"), []);
});

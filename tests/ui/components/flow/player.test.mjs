import assert from "node:assert/strict";
import { test } from "node:test";

import { LAST, Player, STAY } from "../../../../genlab/ui/components/flow/player.js";
import { nodesOf } from "../../../../genlab/ui/components/flow/script.js";
import { DATA, GAN, VAE } from "./document.mjs";

/** @param {Player} player @param {number} seconds */
function pass(player, seconds) {
  let changes = 0;
  for (let done = 0; done < seconds - 1e-9; done += 0.1) changes += Number(player.advance(0.1));
  return changes;
}

test("it stands until it plays, and then goes from step to step to the next draw", () => {
  const player = new Player(VAE, DATA, "reconstruct");
  assert.equal(pass(player, 10), 0);
  player.playing = true;
  assert.equal(pass(player, STAY + 0.1), 1);
  assert.equal(player.at, 1);
  player.go(player.last);
  pass(player, LAST + 0.1);
  assert.deepEqual([player.at, player.choice.draw, player.choice.item], [0, 1, 0]);
});

test("nobody leaves the story by stepping", () => {
  const player = new Player(VAE, DATA, "reconstruct");
  player.go(-3);
  assert.equal(player.at, 0);
  player.go(99);
  assert.equal(player.at, player.last);
});

test("another item and other noise stay at their step, with their own numbers", () => {
  const player = new Player(VAE, DATA, "reconstruct");
  player.go(6);
  assert.equal(player.step.value, "13");
  player.redraw();
  assert.deepEqual([player.at, player.step.value], [6, "14"]);
  player.another();
  assert.deepEqual([player.choice.item, player.choice.draw, player.step.value], [1, 0, "13"]);
  const gan = new Player(GAN, DATA, "generate");
  gan.go(7);
  gan.another();
  assert.deepEqual([gan.choice.sample, gan.at, gan.last], [1, 2, 2], "a latent without a score has fewer steps");
  gan.redraw();
  assert.equal(gan.choice.sample, 1);
});

test("what was reached stays lit, and wires flow towards what happens, back for the gradient", () => {
  const player = new Player(GAN, DATA, "generate"), nodes = nodesOf(GAN, "generate");
  const look = () => player.lights(nodes).map(({ state, wire, back }) => [state, wire, back].filter(Boolean).join(" "));
  assert.deepEqual(look(), ["now", "ahead", "ahead", "ahead", "ahead"]);
  player.go(1);
  assert.deepEqual(look(), ["done", "now forward", "ahead", "ahead", "ahead"]);
  player.go(5);
  assert.deepEqual(look(), ["done", "done", "done", "done", "now"], "score and loss are one place");
  player.go(6);
  assert.deepEqual(look(), ["done", "done", "now true", "done back", "done back"]);
  player.go(7);
  assert.deepEqual(look(), ["now true", "done back", "done back true", "done", "done"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Generator } from "../../../../../genlab/ui/components/playground/engine/random.js";
import { TRAINERS } from "../../../../../genlab/ui/components/playground/engine/trainers.js";
import { compare } from "./differences.mjs";
import { ENGINES, Plain, SCENARIO } from "./plain.mjs";

const x = Float64Array.from(new Generator(1).normal(2 * 16));

function trainer(model, scenario, scale = 0.7) {
  const made = new TRAINERS[model]({ model, arithmetic: new Plain(), scenario, scale, fixed: ENGINES[model].engine.fixed });
  const noise = new Generator(2);
  for (const network of made.networks) network.draw(noise);
  // Away from the small weights of the beginning, so that all terms count.
  for (const network of made.networks) for (const layer of network.layers) {
    layer.bias.forEach((_, i) => (layer.bias[i] += 0.1 * noise.normally()));
    layer.weight.forEach((_, i) => (layer.weight[i] += 0.2 * noise.normally()));
    layer.refresh();
  }
  return made;
}

for (const model of Object.keys(TRAINERS)) {
  for (const changes of [{}, { latent_dim: 1, layers: 1 }, { latent_dim: 5, beta: 3, loss: "hinge" }, { pack: 3, loss: "least_squares", penalty: "dragan" }]) {
    test(`${model}: every player's gradient is that of finite differences, with ${JSON.stringify(changes)}`, () => {
      const scenario = { ...SCENARIO, ...changes }, made = trainer(model, scenario);
      for (const player of made.players) {
        const networks = player.parts.map(([, network]) => network);
        compare(networks, () => made.turn(player.name, x, new Generator(3), scenario), 1e-5);
      }
    });
  }
}

test("a log-variance beyond what is allowed gets no gradient", () => {
  const scenario = { ...SCENARIO, layers: 1 }, made = trainer("vae", scenario), head = made.encoder.network.layers.at(-1);
  head.bias.fill(40, 2);
  made.turn("vae", x, new Generator(3), { ...scenario, sigma: 50 });
  assert.ok(head.slopes.bias.slice(0, 2).every((value) => value !== 0));
  assert.ok(head.slopes.bias.slice(2).every((value) => value === 0));
});

test("the noise of a VAE is fitted to its errors, or given", () => {
  const scenario = { ...SCENARIO, sigma: 0 }, made = trainer("vae", scenario);
  made.turn("vae", x, new Generator(3), scenario);
  assert.equal(made.fitted.batches, 1);
  const first = made.fitted.variance;
  assert.ok(first > 0.1);
  made.turn("vae", Float64Array.from(x, (value) => 3 * value), new Generator(3), scenario);
  assert.ok(made.fitted.batches === 2 && made.fitted.variance > first);
  made.follow({ ...scenario, sigma: 0.1 });
  assert.equal(made.fitted, null);
});

test("who moves how often and how fast", () => {
  const scenario = { ...SCENARIO, critic_repeats: 4, generator_repeats: 2, critic_lr: 0.1, generator_lr: 0.2, vae_lr: 0.3, momentum: 0.5 };
  const seen = Object.keys(TRAINERS).map((model) => {
    const made = trainer(model, scenario);
    return [made.betas(scenario), ...made.players.map(({ name }) => [name, made.repeats(scenario, name), made.rate(scenario, name)])];
  });
  assert.deepEqual(seen, [
    [[0.9, 0.999], ["vae", 1, 0.3]],
    [[0.5, 0.99], ["critic", 4, 0.1], ["generator", 2, 0.2]],
    [[0.5, 0.99], ["critic", 4, 0.1], ["encoder", 1, 0.2], ["decoder", 2, 0.2]],
  ]);
});

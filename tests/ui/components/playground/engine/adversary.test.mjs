import assert from "node:assert/strict";
import { test } from "node:test";

import { Adversary, LOSSES, PENALTIES } from "../../../../../genlab/ui/components/playground/engine/adversary.js";
import { Perceptron } from "../../../../../genlab/ui/components/playground/engine/network.js";
import { Generator } from "../../../../../genlab/ui/components/playground/engine/random.js";
import { compare } from "./differences.mjs";
import { Plain, SCENARIO } from "./plain.mjs";

const COUNT = 12;
const draw = (seed, spread = 1) => Float64Array.from(new Generator(seed).normal(2 * COUNT), (value) => spread * value);
const real = draw(1), fakes = [draw(2, 2), draw(3, 0.5)];

function adversary(pack = 1) {
  const arithmetic = new Plain(), critic = new Perceptron(arithmetic, 2 * pack, 7, 3, 1, "critic");
  critic.draw(new Generator(8));
  return new Adversary(arithmetic, critic, pack);
}

for (const loss of Object.keys(LOSSES)) {
  test(`${loss}: slopes of a pair's loss`, () => {
    for (const side of ["critic", "maker"]) {
      for (const [r, f] of [[0.3, -0.4], [-2, 1.5], [5, 4]]) {
        const own = LOSSES[loss][side], [, ofReal, ofFake] = own(r, f);
        assert.ok(Math.abs(ofFake - (own(r, f + 1e-6)[0] - own(r, f - 1e-6)[0]) / 2e-6) < 1e-6);
        if (side === "critic" || LOSSES[loss].pairs) assert.ok(Math.abs(ofReal - (own(r + 1e-6, f)[0] - own(r - 1e-6, f)[0]) / 2e-6) < 1e-6);
      }
    }
  });
}

for (const penalty of Object.keys(PENALTIES)) {
  test(`${penalty}: gradients of the critic's loss, the penalty's own included, are those of finite differences`, () => {
    for (const [pack, groups] of [[1, 1], [1, 2], [2, 1], [3, 1]]) {
      const made = adversary(pack), scenario = { ...SCENARIO, loss: "non_saturating", penalty, weight: 2 };
      compare([made.critic], () => made.criticTurn(real, fakes.slice(0, groups), scenario, new Generator(7)));
    }
  });
}

test("a penalty raises the loss, and none leaves it", () => {
  const loss = (penalty, weight) => adversary().criticTurn(real, fakes, { ...SCENARIO, penalty, weight }, new Generator(7));
  assert.equal(loss("none", 1), loss("r1", 0));
  for (const penalty of Object.keys(PENALTIES).filter((name) => name !== "none")) assert.ok(loss(penalty, 1) > loss("none", 1), penalty);
});

for (const loss of Object.keys(LOSSES)) {
  test(`${loss}: what the maker is told is the gradient at its points`, () => {
    for (const pack of [1, 2]) {
      const made = adversary(pack), both = Float64Array.from([...fakes[0], ...fakes[1]]), { slopes } = made.makerLoss(real, both, loss);
      for (const at of [0, 5, 24, 47]) {
        const sum = (by) => made.makerLoss(real, both.map((value, i) => (i === at ? value + by : value)), loss).loss;
        assert.ok(Math.abs(slopes[at] - (sum(1e-6) - sum(-1e-6)) / 2e-6) < 1e-6);
      }
    }
  });
}

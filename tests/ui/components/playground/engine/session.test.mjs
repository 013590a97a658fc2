import assert from "node:assert/strict";
import { test } from "node:test";

import { Session } from "../../../../../genlab/ui/components/playground/engine/session.js";
import { meet } from "../../../../../genlab/ui/components/playground/families.js";
import { ENGINES, FAMILIES, Plain, SCENARIO, fourModes } from "./plain.mjs";

meet(FAMILIES);

/** A session whose time passes by a millisecond at every look at the clock. */
function session(changes = {}, pass = 1) {
  let now = 0;
  return new Session(new Plain(), ENGINES, { ...SCENARIO, ...changes }, fourModes(), () => (now += pass));
}

test("the same seed does the same, another does not", () => {
  const [one, again, other] = [session(), session(), session({ seed: 4 })];
  for (const each of [one, again, other]) for (let i = 0; i < 3; i += 1) each.oneStep("");
  assert.deepEqual(one.rows, again.rows);
  assert.notDeepEqual(one.rows, other.rows);
  assert.deepEqual([one.step, one.rows.map((row) => row.step)], [3, [0, 1, 2, 3]]);
});

test("knobs leave the models where they are; networks, data and a further model begin anew", () => {
  const own = session(), data = fourModes();
  own.oneStep("");
  for (const changes of [{ loss: "hinge" }, { beta: 2 }, { noise: 0.1 }, { batch_size: 32 }, { speed: "50" }]) {
    assert.equal(own.set({ ...own.scenario, ...changes }, data), false);
    assert.equal(own.step, 1);
  }
  for (const changes of [{ width: 12 }, { seed: 9 }, { models: ["vae", "gan"] }]) {
    own.oneStep("");
    assert.equal(own.set({ ...own.scenario, ...changes }, data), true, JSON.stringify(changes));
    assert.deepEqual([own.step, own.rows.length], [0, 1]);
  }
  own.oneStep("");
  assert.equal(own.set({ ...own.scenario, models: ["gan"] }, data), false);
  assert.deepEqual([[...own.learners.keys()], own.step], [["gan"], 1]);
});

test("noise on the data widens what is measured against", () => {
  const own = session({ noise: 0.2 });
  assert.ok(Math.abs(own.data.modes.sd - Math.hypot(0.05, 0.2)) < 1e-12);
  const [shown] = own.world().arrays.data;
  assert.notDeepEqual([...shown.slice(0, 8)], [...fourModes().points.slice(0, 8)]);
});

test("one player moves alone, and a model without one is refused", () => {
  const own = session({ models: ["vae", "vae_gan"] });
  own.oneStep("critic");
  assert.deepEqual(own.frame(1).models.vae_gan.moved, ["critic"]);
  own.oneStep("maker");
  assert.deepEqual([own.frame(2).models.vae_gan.moved, own.learners.get("vae_gan").step, own.step], [["decoder"], 3, 2]);
  assert.equal(own.learners.get("vae").step, 0);
  assert.throws(() => session({ models: ["vae"] }).oneStep("critic"), /No model here has a critic/);
});

test("slow motion is one turn at a time, in the order of the players", () => {
  const own = session({ speed: "slow", critic_repeats: 2 }), seen = [];
  for (let i = 0; i < 4; i += 1) {
    own.tick();
    seen.push(own.learners.get("gan").moved[0]);
  }
  assert.deepEqual(seen, ["critic", "critic", "generator", "critic"]);
});

test("it works when it is due, at the pace that is set, and at least one step", () => {
  const own = session({ speed: "50" });
  assert.equal(own.due(), Infinity);
  own.run(true);
  own.next = 0;
  assert.equal(own.due(), 0);
  own.advance(1_000);
  assert.ok(own.step >= 1 && own.step < 30);
  assert.ok(own.due() > 0 && own.due() <= 20);
  own.set({ ...own.scenario, speed: "full" }, own.pure);
  assert.equal(own.due(), 0);
  own.run(false);
  assert.deepEqual([own.due(), own.rows.at(-1).step], [Infinity, own.step]);
});

test("the history of measurements stays short, with the first and the last", () => {
  const own = session({ width: 4, layers: 1 });
  own.ruler.model = () => ({ kl: 1, js: NaN, modes: 0, near: 0 });
  for (let step = 1; step <= 1_500; step += 1) {
    own.step = step;
    own.measure();
  }
  assert.ok(own.rows.length <= 600 && own.rows[0].step === 0 && own.rows.at(-1).step === 1_500);
  assert.equal(own.rows.at(-1).models.gan.js, null);
});

test("a model that leaves the numbers says so, stays as it was, and a lower rate sets it free", () => {
  const own = session({ models: ["gan", "vae"] }), learner = own.learners.get("gan");
  own.oneStep("");
  learner.trainer.decoder.layers[0].weight[0] = NaN;
  learner.trainer.decoder.layers[0].refresh();
  own.oneStep("");
  const [sentence, hint] = learner.diverged;
  assert.match(sentence, /^Training diverged after \d+ points: loss\/critic is not finite\.$/);
  assert.match(hint, /learning rate, or a penalty/);
  const before = learner.step;
  own.oneStep("");
  assert.equal(learner.step, before);
  assert.ok(own.learners.get("vae").step === 3);
  own.set({ ...own.scenario, show: ["data"] }, own.pure);
  assert.notEqual(learner.diverged, null);
  own.set({ ...own.scenario, critic_lr: 1e-5 }, own.pure);
  assert.equal(learner.diverged, null);
});

test("a picture has the layers that are shown, and at times all", () => {
  const own = session({ models: ["gan", "vae_gan"], show: ["samples"] });
  const full = own.frame(1);
  assert.ok(full.full && "vae_gan/means" in full.arrays && "gan/surface" in full.arrays && !("gan/means" in full.arrays));
  own.run(true);
  own.lastFull = 1e9;
  assert.deepEqual(Object.keys(own.frame(2).arrays), ["gan/samples", "vae_gan/samples"]);
});

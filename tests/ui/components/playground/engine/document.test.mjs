import assert from "node:assert/strict";
import { test } from "node:test";

import { read, restore, write } from "../../../../../genlab/ui/components/playground/engine/document.js";
import { Session } from "../../../../../genlab/ui/components/playground/engine/session.js";
import { meet } from "../../../../../genlab/ui/components/playground/families.js";
import { ENGINES, FAMILIES, FIELDS, Plain, SCENARIO, fourModes } from "./plain.mjs";

meet(FAMILIES);

const session = (changes = {}) => new Session(new Plain(), ENGINES, { ...SCENARIO, ...changes }, fourModes());

function trained(changes = {}, steps = 3) {
  const own = session(changes);
  for (let i = 0; i < steps; i += 1) own.oneStep("");
  return own;
}

test("a saved session goes on as it would have", () => {
  for (const changes of [{ models: ["vae", "gan", "vae_gan"], momentum: 0.5 }, { models: ["vae"], sigma: 0 }]) {
    const own = trained(changes), saved = read(write(own), FIELDS), again = session(saved.scenario);
    restore(again, saved);
    assert.deepEqual(again.rows.map(({ step }) => step), own.rows.map(({ step }) => step));
    for (const each of [own, again]) each.oneStep("");
    // Weights are saved in single precision, and these sessions compute in double.
    for (const [model, learner] of own.learners) {
      for (const [player, loss] of Object.entries(learner.losses)) {
        assert.ok(Math.abs(again.learners.get(model).losses[player] - loss) < 1e-5 * (1 + Math.abs(loss)), `${model} ${player}`);
      }
      assert.deepEqual([again.learners.get(model).step, again.learners.get(model).images], [learner.step, learner.images]);
    }
  }
});

test("what is no saved playground is refused in a sentence", () => {
  for (const text of ["", "{", "[1]", "null", "{}", '{"format":"other"}']) assert.throws(() => read(text, FIELDS), /not a saved playground/);
  assert.throws(() => read(JSON.stringify({ format: "genlab-playground", version: 2 }), FIELDS), /has version 2; this genlab reads 1/);
});

test("damage is refused: settings, counts, rows, models", () => {
  const good = JSON.parse(write(trained()));
  const damaged = (change) => {
    const copy = structuredClone(good);
    change(copy);
    return () => read(JSON.stringify(copy), FIELDS);
  };
  assert.throws(damaged((copy) => (copy.scenario.width = 1e9)), /its setting width/);
  assert.throws(damaged((copy) => (copy.scenario.width = 2.5)), /its setting width/);
  assert.throws(damaged((copy) => delete copy.scenario.beta), /its setting beta/);
  assert.throws(damaged((copy) => (copy.scenario.loss = "other")), /its setting loss/);
  assert.throws(damaged((copy) => (copy.scenario.drawn = [[1, 999]])), /its setting drawn/);
  assert.throws(damaged((copy) => (copy.scenario.more = 1)), /a setting that there is not/);
  assert.throws(damaged((copy) => (copy.step = -1)), /damaged/);
  assert.throws(damaged((copy) => (copy.rows[0].models.gan.kl = "high")), /damaged/);
  assert.throws(damaged((copy) => (copy.models = {})), /does not hold the models/);
  assert.equal(damaged(() => {})().step, 3);
});

test("weights of other networks or that are no numbers are refused", () => {
  const own = trained(), saved = read(write(own), FIELDS);
  assert.throws(() => restore(session({ width: 12 }), saved), /weights of the gan in the file are damaged/);
  own.learners.get("gan").trainer.decoder.layers[0].weight[0] = NaN;
  assert.throws(() => restore(session(), read(write(own), FIELDS)), /damaged or of other networks/);
  saved.models.gan.weights = "not base64!";
  assert.throws(() => restore(session(), saved), /damaged or of other networks/);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { confirm, describe, explain } from "../../../../genlab/ui/components/playground/explain.js";
import { meet } from "../../../../genlab/ui/components/playground/families.js";
import { THREE } from "./three.mjs";

meet(THREE);

const world = { modes: 8, floor: { kl: 0.01, js: 0.005, modes: 8, near: 1 } };
const scenario = {
  models: ["vae", "gan"], latent_dim: 2, beta: 1, loss: "hinge", penalty: "r1", weight: 0.5, pack: 1, show: [],
};
const measures = { kl: 0.5, js: 0.12, modes: 6, near: 0.004, losses: {} };
const row = { step: 40, models: { vae: measures, gan: { ...measures, modes: 2, near: 0.5 } } };
const facts = { vae: { kl: [0.2, 1.3], holes: 0.3, diverged: null }, gan: { told_apart: 0.95, pull: 0.5, diverged: null } };
const moment = { row, picture: { models: facts } };
const ALL = new Set(["data", "samples", "critic", "arrows", "manifold", "latent"]);

const said = (changes = {}, models = facts, show = ALL) =>
  Object.fromEntries(explain({ ...scenario, ...changes }, world, { row, picture: { models } }, show).map(({ title, text }) => [title, text]));

test("there is one sentence for each layer that is shown and that a model has", () => {
  assert.deepEqual(Object.keys(said()), ["Samples", "Critic", "Arrows", "Manifold", "Latent plane"]);
  assert.deepEqual(Object.keys(said({ models: ["vae"] })), ["Samples", "Manifold", "Latent plane"]);
  assert.deepEqual(Object.keys(said({ models: ["gan"] })), ["Samples", "Critic", "Arrows", "Manifold"]);
  assert.deepEqual(said({}, facts, new Set()), {});
});

test("sentences hold the numbers of the moment", () => {
  const { Samples, Critic, Arrows, "Latent plane": plane } = said();
  assert.match(Samples, /● 6 of 8 modes hit, under 1 % of samples near one, JS 0\.12 nats {2}▲ 2 of 8 modes hit, 50 %/);
  assert.match(Samples, /real against real: JS 5·10⁻³.*decoder's means/);
  assert.match(Critic, /▲ 95 % \(50 % is guessing\)\. It is almost always right/);
  assert.match(Arrows, /the hinge loss\. Mean length ▲ 0\.50\. Long arrows.*R1 of strength 0\.50/);
  assert.match(plane, /● 1\.50 nats of code, 30 % of the prior empty\. Each ellipse/);
});

test("what is remarkable is said", () => {
  const gan = (changes) => ({ ...facts, gan: { ...facts.gan, ...changes } });
  assert.match(said({}, gan({ told_apart: 0.5 })).Critic, /hardly separate/);
  assert.match(said({}, gan({ told_apart: 0.75 })).Critic, /still finds differences/);
  assert.match(said({}, gan({ pull: 0.001 })).Arrows, /almost vanished/);
  assert.match(said({ penalty: "none" }, gan({ pull: 9 })).Arrows, /gradients are large.*No gradient penalty/);
  assert.match(said({ pack: 3 }).Critic, /judges 3 points at once/);
  assert.match(said({}, { ...facts, vae: { kl: [0.01, 0.02], holes: 0 } })["Latent plane"], /collapsed onto the prior/);
  assert.match(said({ beta: 10 })["Latent plane"], /weighted × 10\.0/);
  assert.match(said({ latent_dim: 1 }).Manifold, /the latent line/);
});

test("a number that is not there yet is a dash, and nothing is concluded from it", () => {
  const { Critic, Arrows } = said({}, { ...facts, gan: {} });
  assert.match(Critic, /▲ – \(50 % is guessing\)\.\s*$/);
  assert.match(Arrows, /Mean length ▲ –\. {2}R1/);
  assert.equal(said({}, { ...facts, vae: {} })["Latent plane"], undefined);
});

test("a model that has left the numbers is named first, with the next step", () => {
  const models = { ...facts, gan: { diverged: ["The loss is not a number.", "Lower the learning rate."] } };
  const [first] = explain(scenario, world, { row, picture: { models } }, ALL);
  assert.deepEqual(first, { title: "GAN", text: "The loss is not a number. Lower the learning rate.", bad: true });
});

test("signs of a scene are confirmed by their own numbers", () => {
  const sign = (changes) => ({ model: "gan", measure: "modes", words: "{} of 8 modes hit", least: null, most: null, after: 0, ...changes });
  const one = (changes) => confirm({ signs: [sign(changes)] }, moment)[0];
  assert.deepEqual(one({ most: 3 }), { text: "2 of 8 modes hit (watch for at most 3)", there: true });
  assert.deepEqual(one({ least: 8 }), { text: "2 of 8 modes hit (watch for at least 8)", there: false });
  assert.equal(one({ most: 3, after: 41 }).there, false);
  assert.deepEqual(one({ measure: "told_apart", words: "critic accuracy {} %", least: 0.9 }), { text: "critic accuracy 95 % (watch for at least 90)", there: true });
  assert.equal(one({ measure: "pull", words: "mean gradient {}", most: 0.01 }).text, "mean gradient 0.50 (watch for at most 0.01)");
  assert.equal(one({ model: "vae", measure: "kl_least", words: "smallest {}", most: 0.05 }).text, "smallest 0.20 (watch for at most 0.05)");
  assert.equal(one({ model: "vae", measure: "kl_most", words: "largest {}", least: 0.3 }).there, true);
  assert.equal(one({ measure: "kl_most" }), undefined, "a GAN has no code");
  assert.equal(one({ model: "vae_gan" }), undefined, "a model that is not there");
});

test("the state is told to those who do not see it", () => {
  assert.equal(
    describe(scenario, world, moment, false, false),
    "Paused at step 40. VAE: 6 of 8 modes hit, under 1 % of samples near one, Jensen-Shannon divergence 0.12 nats. " +
      "GAN: 2 of 8 modes hit, 50 % of samples near one, Jensen-Shannon divergence 0.12 nats.",
  );
  assert.match(describe(scenario, { ...world, modes: null }, moment, true, false), /^Running at step 40\. VAE: Jensen-Shannon/);
  assert.match(describe(scenario, world, moment, true, true), /^Looking back at step 40/);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { following, layersInWords, nodesOf, pathsOf, stepsOf, writer } from "../../../../genlab/ui/components/flow/script.js";
import { CHOICE, DATA, GAN, VAE } from "./document.mjs";

test("which ways and nodes there are follows from the parts", () => {
  assert.deepEqual(pathsOf(VAE), ["reconstruct", "generate"]);
  assert.deepEqual(pathsOf(GAN), ["generate"]);
  assert.deepEqual(nodesOf(VAE, "generate"), ["latent", "decoder", "picture"]);
  assert.deepEqual(nodesOf(GAN, "generate"), ["latent", "decoder", "picture", "critic", "scores"]);
  assert.equal(writer(VAE), "decoder");
  assert.equal(writer(GAN), "generator");
});

test("every step of a reconstruction says its number", () => {
  const steps = stepsOf(VAE, CHOICE, DATA);
  assert.deepEqual(steps.map(({ node }) => node), ["picture", "encoder", "code", "noise", "decoder", "result", "losses"]);
  assert.deepEqual(steps.map(({ value }) => value), ["", "", "3", "5", "", "0.25", "13"]);
  assert.match(steps[0].words, /2 × 2 pixels, of the class 7/);
  assert.match(steps[2].words, /1 of them stay almost as wide/);
  assert.match(steps[6].words, /Their sum is the loss/);
});

test("a film is so many frames", () => {
  const [step] = stepsOf({ ...VAE, shape: [1, 6, 6] }, CHOICE, { ...DATA, one: "film", frames: 5 });
  assert.match(step.words, /5 frames of 3 × 2 pixels/);
});

test("a sum that is none is not called one", () => {
  const weighted = structuredClone(VAE);
  weighted.items[0].draws[0].loss = 99;
  assert.match(stepsOf(weighted, CHOICE, DATA)[6].words, /weighs and adds/);
});

test("without likelihood the error and the features are told, and both scores", () => {
  const hybrid = structuredClone(VAE);
  Object.assign(hybrid.items[0], { score: 2 });
  Object.assign(hybrid.items[0].draws[0], { nats: null, loss: 30, score: 1, terms: { "reconstruction/features": 0.5 } });
  const last = stepsOf(hybrid, CHOICE, DATA)[6];
  assert.match(last.words, /squared error of 0.25. In the critic's features 0.5 .* KL: 3 nats. The critic gives the reconstruction 1 and the picture itself 2/);
  assert.equal(last.unit, "loss of the encoder");
});

test("with a critic the gradient comes back to the picture and to the latent", () => {
  const steps = stepsOf(GAN, { ...CHOICE, path: "generate" }, DATA);
  assert.deepEqual(steps.filter(({ back }) => back).map(({ node, value }) => [node, value]), [["picture", "0.125"], ["latent", "0.25"]]);
  assert.deepEqual(steps.map(({ value }) => value).slice(0, 6), ["1", "", "", "", "−0.5", "0.5"]);
  assert.match(steps[4].words, /The real image of the class 7 beside it scores 1.5/);
  assert.match(steps[5].words, /\(Hinge\)/);
});

test("without a critic nobody judges", () => {
  const steps = stepsOf(VAE, { ...CHOICE, path: "generate" }, DATA);
  assert.equal(steps.length, 3);
  assert.match(steps[2].words, /Nobody judges it/);
});

test("after the last draw comes the next item, and after the last latent the first", () => {
  assert.deepEqual(following(VAE, CHOICE), { ...CHOICE, draw: 1 });
  assert.deepEqual(following(VAE, { ...CHOICE, draw: 1 }), { ...CHOICE, item: 1 });
  assert.deepEqual(following(VAE, { ...CHOICE, draw: 1, item: 1 }), CHOICE);
  assert.equal(following(VAE, { ...CHOICE, path: "generate", sample: 1 }).sample, 0);
});

test("layers are told by size", () => {
  assert.equal(layersInWords(VAE.encoder), "32 maps of 14 × 14, then 256 units");
  assert.equal(layersInWords([]), "its layers");
});

// What is drawn of a model, as `genlab.playground.pictures` computes it: samples, surface, arrows, grid, latent plane.

import { LOSSES, joined } from "./adversary.js";

/** @typedef {import("./learner.js").Learner} Learner */
/** Arrays with their shapes, by name. @typedef {Record<string, engine.Shaped>} Arrays */

const SURFACE = 28;
const ASKED = 256;
const ARROWS = 128;
const ENCODED = 384;
const PLANE = 28;
const REACH = 3;
const HOLE = 0.25;

/** Quantiles of the standard normal at (i + 1/2) / 17. */
const QUANTILES = [
  -1.8895099603334302, -1.3517022399306613, -1.0491313979639711, -0.8207920883323804, -0.6289042176321901,
  -0.45785193101249494, -0.29930691046566704, -0.14798710972583887, 0,
];
export const GRID = [...QUANTILES, ...QUANTILES.slice(0, -1).reverse().map((value) => -value)];

/**
 * Facts and arrays of the wanted layers, those that this model has.
 *
 * @param {Learner} learner @param {string[]} layers
 * @returns {{ facts: Record<string, unknown>, arrays: Arrays }}
 */
export function draw(learner, layers) {
  const { adversary, encoder } = learner.trainer, want = new Set(layers), samples = learner.decode(learner.latents);
  /** @type {Arrays} */
  const arrays = {};
  /** @type {Record<string, unknown>} */
  const facts = {};
  if (want.has("samples")) arrays.samples = [samples, [samples.length / 2, 2]];
  if (want.has("manifold")) arrays.manifold = manifold(learner);
  if (want.has("critic") && adversary) Object.assign(facts, surface(learner, adversary, samples, arrays));
  if (want.has("latent") && encoder) Object.assign(facts, plane(learner, encoder, arrays));
  if (want.has("arrows") && adversary) facts.pull = arrows(learner, adversary, samples, arrays);
  return { facts, arrays };
}

/**
 * Points as networks see them. @param {Learner} learner @param {ArrayLike<number>[]} sets
 */
function seen(learner, sets) {
  const all = joined(learner.arithmetic, sets);
  for (let i = 0; i < all.length; i += 1) all[i] /= learner.data.scale;
  return all;
}

/**
 * How real the critic takes each place to be, and its mean scores.
 *
 * @param {Learner} learner @param {import("./adversary.js").Adversary} adversary @param {Float32Array} samples @param {Arrays} arrays
 */
function surface(learner, adversary, samples, arrays) {
  const { half, heldOut } = learner.data, cells = SURFACE ** 2, places = new Float32Array(2 * cells);
  for (let cell = 0; cell < cells; cell += 1) {
    places[2 * cell] = (((cell % SURFACE) + 0.5) / SURFACE) * 2 * half - half;
    places[2 * cell + 1] = ((Math.floor(cell / SURFACE) + 0.5) / SURFACE) * 2 * half - half;
  }
  const scores = learner.arithmetic.briefly(() => {
    const points = seen(learner, [places, heldOut.subarray(0, 2 * ASKED), samples.subarray(0, 2 * ASKED)]);
    return Array.from(adversary.scores(packed(learner, adversary.pack, points)));
  });
  const real = scores.slice(cells, cells + ASKED), fake = scores.slice(cells + ASKED);
  const middle = LOSSES[learner.scenario.loss].logits ? 0 : (mean(real) + mean(fake)) / 2;
  const shown = Uint8Array.from(scores.slice(0, cells), (score) => Math.round(255 / (1 + Math.exp(middle - score))));
  arrays.surface = [shown, [SURFACE, SURFACE]];
  const right = mean(real.map((score) => Number(score > middle))) + mean(fake.map((score) => Number(score <= middle)));
  return { score_real: mean(real), score_fake: mean(fake), told_apart: right / 2 };
}

/**
 * Each point beside real ones, where the critic judges packs.
 *
 * @param {Learner} learner @param {number} pack @param {import("./arithmetic.js").Values} points
 */
function packed(learner, pack, points) {
  if (pack === 1) return points;
  const real = seen(learner, [learner.data.heldOut.subarray(0, 2 * (pack - 1))]), all = learner.arithmetic.zeros(points.length * pack);
  for (let i = 0; i < points.length / 2; i += 1) {
    all.set(points.subarray(2 * i, 2 * i + 2), 2 * i * pack);
    all.set(real, 2 * i * pack + 2);
  }
  return all;
}

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Minus the gradient of the maker's loss with respect to each sample; returns their mean length.
 *
 * @param {Learner} learner @param {import("./adversary.js").Adversary} adversary @param {Float32Array} samples @param {Arrays} arrays
 */
function arrows(learner, adversary, samples, arrays) {
  const count = ARROWS - (ARROWS % adversary.pack);
  const pull = learner.arithmetic.briefly(() => {
    const real = seen(learner, [learner.data.heldOut.subarray(0, 2 * count)]), fake = seen(learner, [samples.subarray(0, 2 * count)]);
    return Float32Array.from(adversary.makerLoss(real, fake, learner.scenario.loss).slopes, (slope) => -slope);
  });
  arrays.arrows = [pull, [count, 2]];
  let sum = 0;
  for (let i = 0; i < pull.length; i += 2) sum += Math.hypot(pull[i], pull[i + 1]);
  return sum / count;
}

/** Where a grid of the prior's quantiles ends up; one row when there is one latent dimension. @param {Learner} learner @returns {engine.Shaped} */
function manifold(learner) {
  const dims = learner.scenario.latent_dim, side = GRID.length, rows = dims === 1 ? 1 : side, z = new Float32Array(rows * side * dims);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < side; column += 1) {
      z[(row * side + column) * dims] = GRID[column];
      if (dims > 1) z[(row * side + column) * dims + 1] = GRID[row];
    }
  }
  return [learner.decode(z), [rows, side, 2]];
}

/**
 * Where data are encoded, how far each is spread, and where the prior is left empty.
 *
 * @param {Learner} learner @param {import("./posterior.js").Encoder} encoder @param {Arrays} arrays
 */
function plane(learner, encoder, arrays) {
  const dims = learner.scenario.latent_dim;
  const [mu, logVariance] = learner.arithmetic.briefly(() => {
    const posterior = encoder.encode(seen(learner, [learner.data.heldOut.subarray(0, 2 * ENCODED)]));
    return [Array.from(posterior.mean), Array.from(posterior.logVariance)];
  });
  const count = mu.length / dims, kl = Array.from({ length: dims }, () => 0);
  mu.forEach((m, i) => (kl[i % dims] += (0.5 * (m * m + Math.exp(logVariance[i]) - 1 - logVariance[i])) / count));
  const shown = kl.map((_, d) => d).sort((a, b) => kl[b] - kl[a]).slice(0, 2).sort((a, b) => a - b);
  const means = new Float32Array(2 * count), sds = new Float32Array(2 * count);
  for (let i = 0; i < count; i += 1) {
    shown.forEach((d, axis) => {
      means[2 * i + axis] = mu[i * dims + d];
      sds[2 * i + axis] = Math.exp(0.5 * logVariance[i * dims + d]);
    });
  }
  const { empty, share } = holes(means, sds, shown.length);
  Object.assign(arrays, { means: [means, [count, 2]], sds: [sds, [count, 2]], holes: [empty, [PLANE, PLANE]] });
  return { dimensions: shown, kl, holes: share };
}

/**
 * Emptiness of each cell of the plane, and the prior's share of the cells where the codes are thin.
 *
 * @param {Float32Array} means [count, 2] @param {Float32Array} sds @param {number} axes Two, or one for a line.
 */
function holes(means, sds, axes) {
  const count = means.length / 2, ticks = Array.from({ length: PLANE }, (_, i) => ((i + 0.5) / PLANE) * 2 * REACH - REACH);
  const kernels = Array.from({ length: axes }, (_, axis) => Array.from({ length: count }, (__, i) => {
    const sd = Math.max(sds[2 * i + axis], REACH / PLANE);
    return Float64Array.from(ticks, (tick) => Math.exp(-0.5 * ((tick - means[2 * i + axis]) / sd) ** 2) / sd);
  }));
  const prior = ticks.map((tick) => Math.exp(-0.5 * tick * tick)), empty = new Uint8Array(PLANE * PLANE);
  let thin = 0, all = 0;
  for (let row = 0; row < PLANE; row += 1) {
    for (let column = 0; column < PLANE; column += 1) {
      let encoded = 0;
      for (let i = 0; i < count; i += 1) encoded += kernels[0][i][column] * (axes > 1 ? kernels[1][i][row] : 1);
      const density = encoded / count, expected = prior[column] * (axes > 1 ? prior[row] : 1);
      if (density < HOLE * expected) thin += expected;
      all += expected;
      empty[row * PLANE + column] = Math.round(255 * (1 - Math.min(1, density / expected)));
    }
  }
  return { empty, share: thin / all };
}

// How far a model's samples are from the data: what `genlab.playground.measure` computes, number for number.

import { moved } from "./data.js";
import { generator } from "./random.js";

const SAMPLES = 2_500;
const DEVIATIONS = 3;
const CELLS = 32;
const BLUR = [0.0625, 0.25, 0.375, 0.25, 0.0625];
const FLOOR = 1e-2;

/** Measures samples against one kind of data. */
export class Ruler {
  /** @param {engine.Data} data With noise on it. @param {number} noise That is on it. */
  constructor(data, noise) {
    this.data = data;
    this.density = density(noise ? moved(data.points, noise, generator(11, "noise on measured data")) : data.points, data.half);
    /** What as many points of the data themselves measure. */
    this.floor = this.points(data.heldOut.subarray(0, 2 * SAMPLES));
  }

  /** @param {Float32Array} samples [n, 2] @returns {playground.Measures} */
  points(samples) {
    const other = density(samples, this.data.half), middle = other.map((value, i) => (value + this.density[i]) / 2);
    const js = (relative(this.density, middle) + relative(other, middle)) / 2;
    const { modes, near } = this.data.modes ? hits(samples, this.data.modes) : { modes: null, near: null };
    return { kl: relative(this.density, other), js: Math.min(js, Math.LN2), modes, near };
  }

  /** Measures of fresh samples of a model (of a VAE: its decoder's means). @param {import("./learner.js").Learner} learner */
  model(learner) {
    const { seed, latent_dim: dims } = learner.scenario;
    return this.points(learner.decode(generator(seed, "measured", learner.step).normal(SAMPLES * dims)));
  }
}

/**
 * Share of the points in each cell of the square [-half, half]^2, blurred; what lies outside counts at the edge.
 *
 * @param {Float32Array} points @param {number} half
 */
export function density(points, half) {
  let found = new Float64Array(CELLS * CELLS);
  /** @param {number} value */
  const cell = (value) => Math.min(CELLS - 1, Math.max(0, Math.trunc(((value / half + 1) / 2) * CELLS) || 0));
  for (let i = 0; i < points.length; i += 2) found[cell(points[i + 1]) * CELLS + cell(points[i])] += 1;
  for (const stride of [CELLS, 1]) {
    const blurred = new Float64Array(CELLS * CELLS);
    for (let at = 0; at < found.length; at += 1) {
      const place = Math.floor(at / stride) % CELLS;
      BLUR.forEach((weight, index) => {
        const other = Math.min(CELLS - 1, Math.max(0, place + index - 2));
        blurred[at] += weight * found[at + (other - place) * stride];
      });
    }
    found = blurred;
  }
  const sum = found.reduce((all, value) => all + value, 0);
  return found.map((value) => ((1 - FLOOR) * value) / sum + FLOOR / found.length);
}

/** KL(p || q) in nats. @param {Float64Array} p @param {Float64Array} q */
const relative = (p, q) => Math.max(0, p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]), 0));

/**
 * Modes with a sample within three of its standard deviations, and the share of such samples.
 *
 * @param {Float32Array} samples @param {{ means: Float32Array, sd: number }} modes
 */
function hits(samples, { means, sd }) {
  const hit = new Set();
  let near = 0;
  for (let i = 0; i < samples.length; i += 2) {
    let best = 0, least = Infinity;
    for (let mode = 0; mode < means.length; mode += 2) {
      const away = Math.hypot(samples[i] - means[mode], samples[i + 1] - means[mode + 1]);
      if (away < least) [best, least] = [mode, away];
    }
    if (least > DEVIATIONS * sd) continue;
    near += 1;
    hit.add(best);
  }
  return { modes: hit.size, near: near / (samples.length / 2) };
}

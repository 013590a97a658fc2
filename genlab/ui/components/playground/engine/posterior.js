// What an encoder says of points: a normal distribution over latents for each, draws from it, and gradients back.

import { Perceptron } from "./network.js";

/** @typedef {import("./arithmetic.js").Values} Values */

const CLAMP = 12;

/** What an encoder said of points: mean and log-variance [rows, dims], and what each layer gave. @typedef {{ mean: Values, logVariance: Values, given: Values[] }} Posterior */

export class Encoder {
  /** @param {engine.Arithmetic} arithmetic @param {engine.Scenario} scenario @param {number} dims */
  constructor(arithmetic, scenario, dims) {
    this.arithmetic = arithmetic;
    this.dims = dims;
    this.network = new Perceptron(arithmetic, 2, scenario.width, scenario.layers, 2 * dims, "encoder");
  }

  /** @param {Values} points [rows, 2] @returns {Posterior} */
  encode(points) {
    const { dims } = this, rows = points.length / 2, given = this.network.forward(rows, points), out = given[given.length - 1];
    const mean = this.arithmetic.zeros(rows * dims), logVariance = this.arithmetic.zeros(rows * dims);
    for (let row = 0; row < rows; row += 1) {
      for (let d = 0; d < dims; d += 1) {
        mean[row * dims + d] = out[2 * row * dims + d];
        logVariance[row * dims + d] = Math.min(CLAMP, Math.max(-CLAMP, out[(2 * row + 1) * dims + d]));
      }
    }
    return { mean, logVariance, given };
  }

  /** A latent of each point. @param {Posterior} posterior @param {Values} noise Standard normal. */
  draw({ mean, logVariance }, noise) {
    const z = this.arithmetic.zeros(mean.length);
    for (let i = 0; i < z.length; i += 1) z[i] = mean[i] + Math.exp(0.5 * logVariance[i]) * noise[i];
    return z;
  }

  /**
   * The gradient of beta times the mean KL to the prior, and of what else depends on the latents, left in the layers.
   *
   * @param {Posterior} posterior @param {Values} noise That the latents were drawn with.
   * @param {Values} slopes At the latents. @param {number} beta
   * @returns {number} The mean KL in nats.
   */
  collect({ mean, logVariance, given }, noise, slopes, beta) {
    const { dims } = this, rows = mean.length / dims, out = given[given.length - 1], end = this.arithmetic.zeros(out.length);
    let kl = 0;
    for (let row = 0; row < rows; row += 1) {
      for (let d = 0; d < dims; d += 1) {
        const i = row * dims + d, variance = Math.exp(logVariance[i]), raw = out[(2 * row + 1) * dims + d];
        kl += 0.5 * (mean[i] ** 2 + variance - 1 - logVariance[i]);
        end[2 * row * dims + d] = slopes[i] + (beta * mean[i]) / rows;
        if (Math.abs(raw) <= CLAMP) {
          end[(2 * row + 1) * dims + d] = 0.5 * slopes[i] * Math.sqrt(variance) * noise[i] + (0.5 * beta * (variance - 1)) / rows;
        }
      }
    }
    this.network.collect(rows, this.network.backward(rows, given, end), given);
    return kl / rows;
  }
}

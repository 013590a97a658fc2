// The models that can be trained here: their networks, players and turns, as `genlab.objectives` has them.
//
// A turn leaves gradients in the layers of its player and returns the loss; points are divided by their scale.

import { Adversary } from "./adversary.js";
import { Perceptron } from "./network.js";
import { Encoder } from "./posterior.js";

/** @typedef {import("./arithmetic.js").Values} Values */

const SMALLEST_RATE = 1e-12;
const MIN_LOG_SIGMA = -6;
const MEMORY = 100;

/** @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Networks that move together. */
class Player {
  /** @param {string} name @param {[prefix: string, network: Perceptron][]} parts In the order of PyTorch's parameters. */
  constructor(name, parts) {
    this.name = name;
    this.parts = parts;
    this.turns = 0;
  }

  /** All layers with their whole names. @returns {[name: string, layer: import("./network.js").Linear][]} */
  named() {
    return this.parts.flatMap(([prefix, network]) => network.named().map(([name, layer]) => /** @type {[string, import("./network.js").Linear]} */ ([`${this.name}.${prefix}${name}`, layer])));
  }

  /** Length of the gradient. */
  norm() {
    return Math.sqrt(this.parts.reduce((sum, [, network]) => sum + network.squares(), 0));
  }

  /** @param {number} rate @param {[number, number]} betas */
  step(rate, betas) {
    this.turns += 1;
    for (const [, network] of this.parts) network.step(this.turns, Math.max(rate, SMALLEST_RATE), betas);
  }
}

/** @implements {engine.Trainer} */
class Vae {
  /** @param {engine.Setup} setup */
  constructor({ model, arithmetic, scenario, scale: spread, fixed }) {
    this.arithmetic = arithmetic;
    this.scale = spread;
    this.fixed = fixed;
    this.encoder = new Encoder(arithmetic, scenario, scenario.latent_dim);
    this.decoder = new Perceptron(arithmetic, scenario.latent_dim, scenario.width, scenario.layers, 2, "decoder");
    /** @type {Adversary | null} */
    this.adversary = null;
    this.players = [new Player(model, [["encoder.", this.encoder.network], ["decoder.", this.decoder]])];
    this.networks = [this.encoder.network, this.decoder];
    /** A running mean of the errors' variance, where the noise is fitted to them; null where it is not. @type {engine.Fitted | null} */
    this.fitted = null;
    this.follow(scenario);
  }

  /** @param {engine.Scenario} scenario */
  follow(scenario) {
    if (scenario.sigma) this.fitted = null;
    else this.fitted ??= { variance: 0.1 ** 2, batches: 0 };
  }

  /** @param {engine.Scenario} scenario */
  rate(scenario) {
    return scenario.vae_lr;
  }

  /** @returns {[number, number]} */
  betas() {
    return [this.fixed.beta1, this.fixed.beta2];
  }

  repeats() {
    return 1;
  }

  /** @param {string} _ @param {Values} x [rows, 2] @param {engine.Noise} noise @param {engine.Scenario} scenario */
  turn(_, x, noise, scenario) {
    const unit = this.scale, rows = x.length / 2, posterior = this.encoder.encode(x);
    const drawn = fill(this.arithmetic, noise.normal(posterior.mean.length));
    const given = this.decoder.forward(rows, this.encoder.draw(posterior, drawn)), raw = given[given.length - 1];
    let squares = 0;
    for (let i = 0; i < x.length; i += 1) squares += (unit * (x[i] - raw[i])) ** 2;
    const logSigma = this.logSigma(squares / x.length, scenario), precision = Math.exp(-2 * logSigma);
    const end = this.arithmetic.zeros(raw.length);
    for (let i = 0; i < x.length; i += 1) end[i] = (-(x[i] - raw[i]) * unit * unit * precision) / rows;
    const slopes = this.decoder.backward(rows, given, end);
    this.decoder.collect(rows, slopes, given);
    const kl = this.encoder.collect(posterior, drawn, slopes[0], scenario.beta);
    return scenario.beta * kl + (0.5 * squares * precision) / rows + 2 * (logSigma + 0.5 * Math.log(2 * Math.PI));
  }

  /** Logarithm of the noise's standard deviation. @param {number} variance Of this batch's errors. @param {engine.Scenario} scenario */
  logSigma(variance, scenario) {
    if (!this.fitted) return Math.log(this.scale * scenario.sigma);
    this.fitted.batches += 1;
    this.fitted.variance += (variance - this.fitted.variance) / Math.min(MEMORY, this.fitted.batches);
    return MIN_LOG_SIGMA + softplus(0.5 * Math.log(Math.max(variance, 1e-12)) - MIN_LOG_SIGMA);
  }
}

/** @implements {engine.Trainer} */
class Gan {
  /** @param {engine.Setup} setup */
  constructor({ arithmetic, scenario, fixed }) {
    this.arithmetic = arithmetic;
    this.fixed = fixed;
    const { width, layers, pack } = scenario, critic = new Perceptron(arithmetic, 2 * pack, width, layers, 1, "critic");
    this.adversary = new Adversary(arithmetic, critic, pack);
    this.decoder = new Perceptron(arithmetic, scenario.latent_dim, width, layers, 2, "decoder");
    /** @type {Encoder | null} */
    this.encoder = null;
    /** @type {engine.Fitted | null} */
    this.fitted = null;
    this.players = [new Player("critic", [["", critic]]), new Player("generator", [["", this.decoder]])];
    this.networks = [critic, this.decoder];
  }

  follow() {
    // All of its settings are looked at in each turn.
  }

  /** @param {engine.Scenario} scenario @param {string} player */
  rate(scenario, player) {
    return player === "critic" ? scenario.critic_lr : scenario.generator_lr;
  }

  /** @param {engine.Scenario} scenario @returns {[number, number]} */
  betas(scenario) {
    return [scenario.momentum, this.fixed.beta2];
  }

  /** @param {engine.Scenario} scenario @param {string} player */
  repeats(scenario, player) {
    return player === "critic" ? scenario.critic_repeats : scenario.generator_repeats;
  }

  /** @param {string} player @param {Values} x [rows, 2] @param {engine.Noise} noise @param {engine.Scenario} scenario */
  turn(player, x, noise, scenario) {
    const { pack } = this.adversary, count = x.length / 2 - ((x.length / 2) % pack), dims = scenario.latent_dim;
    const real = x.subarray(0, 2 * count), z = fill(this.arithmetic, noise.normal((x.length / 2) * dims)).subarray(0, count * dims);
    const given = this.decoder.forward(count, z), fake = given[given.length - 1];
    if (player === "critic") return this.adversary.criticTurn(real, [fake], scenario, noise);
    const { loss, slopes } = this.adversary.makerLoss(real, fake, scenario.loss), rows = count / pack;
    scale(slopes, 1 / rows);
    this.decoder.collect(count, this.decoder.backward(count, given, slopes), given);
    return loss / rows;
  }
}

/** @implements {engine.Trainer} */
class VaeGan {
  /** @param {engine.Setup} setup */
  constructor({ arithmetic, scenario, scale: spread, fixed }) {
    this.arithmetic = arithmetic;
    this.scale = spread;
    this.fixed = fixed;
    const { width, layers, latent_dim: dims } = scenario, critic = new Perceptron(arithmetic, 2, width, layers, 1, "critic");
    this.adversary = new Adversary(arithmetic, critic, 1);
    this.encoder = new Encoder(arithmetic, scenario, dims);
    this.decoder = new Perceptron(arithmetic, dims, width, layers, 2, "decoder");
    /** @type {engine.Fitted | null} */
    this.fitted = null;
    this.players = [new Player("critic", [["", critic]]), new Player("encoder", [["", this.encoder.network]]), new Player("decoder", [["", this.decoder]])];
    this.networks = [critic, this.encoder.network, this.decoder];
  }

  follow() {
    // All of its settings are looked at in each turn.
  }

  /** @param {engine.Scenario} scenario @param {string} player */
  rate(scenario, player) {
    return player === "critic" ? scenario.critic_lr : scenario.generator_lr;
  }

  /** @param {engine.Scenario} scenario @returns {[number, number]} */
  betas(scenario) {
    return [scenario.momentum, this.fixed.beta2];
  }

  /** @param {engine.Scenario} scenario @param {string} player */
  repeats(scenario, player) {
    return player === "critic" ? scenario.critic_repeats : player === "decoder" ? scenario.generator_repeats : 1;
  }

  /** @param {string} player @param {Values} x [rows, 2] @param {engine.Noise} noise @param {engine.Scenario} scenario */
  turn(player, x, noise, scenario) {
    if (player === "encoder") return this.encoderTurn(x, noise, scenario);
    const rows = x.length / 2, posterior = this.encoder.encode(x), size = posterior.mean.length;
    const z = this.encoder.draw(posterior, fill(this.arithmetic, noise.normal(size)));
    const latents = this.arithmetic.zeros(2 * size);
    latents.set(noise.normal(size));
    latents.set(z, size);
    const given = this.decoder.forward(2 * rows, latents), fakes = given[given.length - 1];
    const sample = fakes.subarray(0, x.length), reconstruction = fakes.subarray(x.length);
    if (player === "critic") return this.adversary.criticTurn(x, [sample, reconstruction], scenario, noise);
    const { loss, slopes } = this.adversary.makerLoss(x, fakes, scenario.loss);
    const errors = this.errors(x, reconstruction);
    add(slopes.subarray(x.length), errors.slopes);
    scale(slopes, 1 / rows);
    this.decoder.collect(2 * rows, this.decoder.backward(2 * rows, given, slopes), given);
    return (loss + errors.loss) / rows;
  }

  /** @param {Values} x @param {engine.Noise} noise @param {engine.Scenario} scenario */
  encoderTurn(x, noise, scenario) {
    const rows = x.length / 2, posterior = this.encoder.encode(x);
    const drawn = fill(this.arithmetic, noise.normal(posterior.mean.length));
    const given = this.decoder.forward(rows, this.encoder.draw(posterior, drawn)), weight = this.fixed.recon_weight;
    const { loss, slopes } = this.errors(x, given[given.length - 1]);
    scale(slopes, weight / rows);
    const kl = this.encoder.collect(posterior, drawn, this.decoder.backward(rows, given, slopes)[0], scenario.beta);
    return scenario.beta * kl + (weight * loss) / rows;
  }

  /**
   * How far reconstructions are off in the critic's features and in the plane, summed over points, and the slopes of that.
   *
   * @param {Values} x [rows, 2] @param {Values} reconstruction
   */
  errors(x, reconstruction) {
    const { critic } = this.adversary, rows = x.length / 2, level = critic.layers.length - 1, weight = this.fixed.pixel_weight;
    const target = critic.forward(rows, x)[level], given = critic.forward(rows, reconstruction);
    const features = this.unexplained(target, given[level], target.length / rows, 1);
    const [slopes] = critic.backward(rows, given, features.slopes, level);
    const places = this.unexplained(x, reconstruction, 2, this.scale);
    scale(places.slopes, weight);
    add(slopes, places.slopes);
    return { loss: features.loss + weight * places.loss, slopes };
  }

  /**
   * Squared error as a share of what two unrelated samples differ by, summed over rows, and its slope at the guess.
   *
   * @param {Values} target [rows, wide] @param {Values} guess @param {number} wide
   * @param {number} unit In which the numbers are given: the small constant is one of the data's own.
   */
  unexplained(target, guess, wide, unit) {
    const rows = target.length / wide;
    let squares = 0, variance = 0, loss = 0;
    for (let j = 0; j < wide; j += 1) {
      let sum = 0, square = 0;
      for (let i = j; i < target.length; i += wide) sum += target[i];
      for (let i = j; i < target.length; i += wide) square += (target[i] - sum / rows) ** 2;
      variance += square / rows / wide;
    }
    for (const value of target) squares += value * value;
    const spread = 2 * variance + (1e-3 * squares) / target.length + 1e-8 / unit ** 2;
    const slopes = this.arithmetic.zeros(guess.length);
    for (let i = 0; i < guess.length; i += 1) {
      const error = target[i] - guess[i];
      loss += (error * error) / wide / spread;
      slopes[i] = (-2 * error) / wide / spread;
    }
    return { loss, slopes };
  }
}

/** @param {Values} values @param {number} factor */
function scale(values, factor) {
  for (let i = 0; i < values.length; i += 1) values[i] *= factor;
}

/** @param {Values} to @param {Values} values */
function add(to, values) {
  for (let i = 0; i < to.length; i += 1) to[i] += values[i];
}

/** Numbers where the kernels can reach them. @param {engine.Arithmetic} arithmetic @param {ArrayLike<number>} numbers */
function fill(arithmetic, numbers) {
  const values = arithmetic.zeros(numbers.length);
  values.set(numbers);
  return values;
}

/** By the name that Python calls them by. @type {Record<string, new (setup: engine.Setup) => engine.Trainer>} */
export const TRAINERS = { vae: Vae, gan: Gan, vae_gan: VaeGan };

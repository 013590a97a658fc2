// The adversarial game of GAN and VAE-GAN: losses, penalties, the critic's turn, and what its judgement says to a maker.
//
// The formulas are those of `genlab.objectives`. Points are in the unit that networks see: divided by their scale.

/** @typedef {import("./arithmetic.js").Values} Values */
/** A loss of a pair of scores: its value, and its slopes in the real and in the generated score. @typedef {[value: number, real: number, fake: number]} Slopes */
/** @typedef {(real: number, fake: number) => Slopes} PairLoss */

/** log(1 + exp(x)). @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @type {PairLoss} */
const classified = (real, fake) => [softplus(-real) + softplus(fake), -sigmoid(-real), sigmoid(fake)];
/** @type {PairLoss} */
const raised = (_, fake) => [-fake, 0, -1];

/**
 * What critic and maker minimise per pair of scores, by the names of `genlab.objectives.losses`.
 *
 * @type {Record<string, { critic: PairLoss, maker: PairLoss, pairs?: boolean, logits?: boolean }>}
 */
export const LOSSES = {
  relativistic: {
    critic: (real, fake) => [softplus(fake - real), -sigmoid(fake - real), sigmoid(fake - real)],
    maker: (real, fake) => [softplus(real - fake), sigmoid(real - fake), -sigmoid(real - fake)],
    pairs: true,
  },
  non_saturating: { critic: classified, maker: (_, fake) => [softplus(-fake), 0, -sigmoid(-fake)], logits: true },
  minimax: { critic: classified, maker: (_, fake) => [-softplus(fake), 0, -sigmoid(fake)], logits: true },
  hinge: {
    critic: (real, fake) => [Math.max(0, 1 - real) + Math.max(0, 1 + fake), real < 1 ? -1 : 0, fake > -1 ? 1 : 0],
    maker: raised,
  },
  least_squares: {
    critic: (real, fake) => [0.5 * (real - 1) ** 2 + 0.5 * fake ** 2, real - 1, fake],
    maker: (_, fake) => [0.5 * (fake - 1) ** 2, 0, fake - 1],
  },
  wasserstein: { critic: (real, fake) => [fake - real, -1, 1], maker: raised },
};

/** What a gradient costs by its squared length, and the slope of that. @typedef {(square: number, weight: number) => [cost: number, slope: number]} Price */

/** @type {Price} */
const flat = (square, weight) => [0.5 * weight * square, 0.5 * weight];
/** @type {Price} */
const unit = (square, weight) => {
  const length = Math.sqrt(square + 1e-12);
  return [weight * (length - 1) ** 2, (weight * (length - 1)) / length];
};

/**
 * Where the critic's gradient is taken and what it costs there, by the names of `genlab.objectives.penalties`.
 *
 * @type {Record<string, { where: "none" | "real" | "fake" | "both" | "between" | "around", price: Price }>}
 */
export const PENALTIES = {
  none: { where: "none", price: flat }, r1: { where: "real", price: flat }, r2: { where: "fake", price: flat },
  r1_r2: { where: "both", price: flat }, gradient_penalty: { where: "between", price: unit },
  dragan: { where: "around", price: unit },
};

const DRAGAN_NOISE = 0.5;

export class Adversary {
  /**
   * @param {engine.Arithmetic} arithmetic
   * @param {import("./network.js").Perceptron} critic
   * @param {number} pack Points that the critic judges together.
   */
  constructor(arithmetic, critic, pack) {
    this.arithmetic = arithmetic;
    this.critic = critic;
    this.pack = pack;
  }

  /** Scores of points [count, 2], one for each pack. @param {Values} points */
  scores(points) {
    return this.critic.evaluate(points.length / 2 / this.pack, points);
  }

  /**
   * The critic's loss, its gradients with respect to its own weights left in the layers.
   *
   * @param {Values} real [count, 2]
   * @param {Values[]} fakes Each [count, 2].
   * @param {engine.Scenario} scenario
   * @param {engine.Noise} noise
   */
  criticTurn(real, fakes, scenario, noise) {
    const penalty = PENALTIES[scenario.penalty], groups = 1 + fakes.length, rows = real.length / 2 / this.pack;
    const points = joined(this.arithmetic, [real, ...fakes]), given = this.critic.forward(groups * rows, points);
    const scores = given[given.length - 1], seeds = this.arithmetic.zeros(scores.length);
    let loss = 0;
    for (let row = 0; row < rows; row += 1) {
      for (let fake = 1; fake < groups; fake += 1) {
        const [value, ofReal, ofFake] = LOSSES[scenario.loss].critic(scores[row], scores[fake * rows + row]);
        loss += value / fakes.length;
        seeds[row] += ofReal / fakes.length / rows;
        seeds[fake * rows + row] += ofFake / fakes.length / rows;
      }
    }
    if (penalty.where === "real" || penalty.where === "fake" || penalty.where === "both") {
      const share = { real: [1, 0], fake: [0, 1], both: [1, 1] }[penalty.where];
      loss += this.slopesHere(given, seeds, rows, fakes.length, share, scenario);
    } else {
      this.critic.collect(groups * rows, this.critic.backward(groups * rows, given, seeds), given);
      if (penalty.where === "between") for (const fake of fakes) loss += this.slopesAt(between(real, fake, this.pack, noise), fakes.length, scenario);
      if (penalty.where === "around") loss += this.slopesAt(around(real, noise), 1, scenario);
    }
    return loss / rows;
  }

  /**
   * Gradients of loss and penalty together where the penalty looks at the points that the loss has judged.
   *
   * @param {Values[]} given @param {Values} seeds Of the loss. @param {number} rows Of each group.
   * @param {number} fakes Groups of generated points. @param {number[]} share Of the price at real and at generated ones.
   * @param {engine.Scenario} scenario
   */
  slopesHere(given, seeds, rows, fakes, share, scenario) {
    const all = seeds.length, slopes = this.critic.backward(all, given, this.ones(all));
    let cost = 0;
    const direction = this.directions(slopes[0], all, (row, square) => {
      const part = row < rows ? share[0] : share[1] / fakes;
      const [price, slope] = PENALTIES[scenario.penalty].price(square, scenario.weight);
      cost += part * price;
      return (part * slope) / rows;
    });
    const inputs = this.critic.tangents(all, given, direction);
    this.critic.layers.forEach((layer, index) => this.arithmetic.scaleRows(all, layer.inputs, seeds, given[index], inputs[index], true));
    this.critic.collect(all, slopes, inputs, false, seeds);
    return cost;
  }

  /**
   * The price of gradients at further places, and its own gradients added to those in the layers.
   *
   * @param {ArrayLike<number>} places [count, 2] @param {number} groups How many such sets share the price. @param {engine.Scenario} scenario
   */
  slopesAt(places, groups, scenario) {
    const rows = places.length / 2 / this.pack, given = this.critic.forward(rows, joined(this.arithmetic, [places]));
    const slopes = this.critic.backward(rows, given, this.ones(rows));
    let cost = 0;
    const direction = this.directions(slopes[0], rows, (_, square) => {
      const [price, slope] = PENALTIES[scenario.penalty].price(square, scenario.weight);
      cost += price / groups;
      return slope / groups / rows;
    });
    this.critic.collect(rows, slopes, this.critic.tangents(rows, given, direction), true);
    return cost;
  }

  /**
   * Twice each row's gradient times the slope of its price.
   *
   * @param {Values} gradients @param {number} rows @param {(row: number, square: number) => number} slope
   */
  directions(gradients, rows, slope) {
    const wide = gradients.length / rows, direction = this.arithmetic.zeros(gradients.length);
    for (let row = 0; row < rows; row += 1) {
      let square = 0;
      for (let i = row * wide; i < (row + 1) * wide; i += 1) square += gradients[i] ** 2;
      const factor = 2 * slope(row, square);
      for (let i = row * wide; i < (row + 1) * wide; i += 1) direction[i] = factor * gradients[i];
    }
    return direction;
  }

  /**
   * What the maker of several sets of points minimises, summed over rows, and the slope of that at every point.
   *
   * @param {Values} real [count, 2]
   * @param {Values} fakes [groups * count, 2]
   * @param {string} name Of the loss.
   * @returns {{ loss: number, slopes: Values }} Of the sum over pairs, the mean over sets.
   */
  makerLoss(real, fakes, name) {
    const rows = real.length / 2 / this.pack, all = fakes.length / 2 / this.pack, groups = all / rows;
    const { maker, pairs } = LOSSES[name], reals = pairs ? this.scores(real) : null;
    const given = this.critic.forward(all, fakes), scores = given[given.length - 1], seeds = this.arithmetic.zeros(all);
    let loss = 0;
    for (let row = 0; row < all; row += 1) {
      const [value, , slope] = maker(reals ? reals[row % rows] : 0, scores[row]);
      loss += value / groups;
      seeds[row] = slope / groups;
    }
    return { loss, slopes: this.critic.backward(all, given, seeds)[0] };
  }

  /** @param {number} count */
  ones(count) {
    return this.arithmetic.zeros(count).fill(1);
  }
}

/** Sets of numbers one after the other. @param {engine.Arithmetic} arithmetic @param {ArrayLike<number>[]} parts */
export function joined(arithmetic, parts) {
  const all = arithmetic.zeros(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * A random place between each real and generated point, the same share of the way within a pack.
 *
 * @param {Values} real @param {Values} fake @param {number} pack @param {engine.Noise} noise
 */
function between(real, fake, pack, noise) {
  const share = noise.uniform(real.length / 2);
  return Float64Array.from(real, (value, i) => value + share[Math.floor(i / 2 / pack) * pack] * (fake[i] - value));
}

/** Real points with noise. @param {Values} real @param {engine.Noise} noise */
function around(real, noise) {
  const drawn = noise.uniform(real.length);
  let sum = 0, squares = 0;
  for (const value of real) sum += value;
  const mean = sum / real.length;
  for (const value of real) squares += (value - mean) ** 2;
  const reach = DRAGAN_NOISE * Math.sqrt(squares / real.length);
  return Float64Array.from(real, (value, i) => value + reach * drawn[i]);
}

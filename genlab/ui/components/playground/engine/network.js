// A perceptron: its weights, what goes through it, and gradients of it, the second ones included, worked out by hand.
//
// Between the kinks of its LeakyReLUs it is linear in its input, so that the gradient of a gradient needs no more than
// one further pass: along the gradient's own direction (`tangents`).

/** @typedef {import("./arithmetic.js").Values} Values */

const SLOPE = 0.2;
const LAST_GAIN = 0.1;
const HEAD_SD = 0.01;
const EPSILON = 1e-8;

/** One linear map: weights [outputs, inputs], the same turned, bias, gradients of both, and Adam's moments of both. */
export class Linear {
  /** @param {engine.Arithmetic} arithmetic @param {number} inputs @param {number} outputs */
  constructor(arithmetic, inputs, outputs) {
    this.arithmetic = arithmetic;
    this.inputs = inputs;
    this.outputs = outputs;
    const size = inputs * outputs;
    this.weight = arithmetic.zeros(size);
    this.turned = arithmetic.zeros(size);
    this.bias = arithmetic.zeros(outputs);
    this.slopes = { weight: arithmetic.zeros(size), bias: arithmetic.zeros(outputs) };
    this.moments = {
      weight: [arithmetic.zeros(size), arithmetic.zeros(size)], bias: [arithmetic.zeros(outputs), arithmetic.zeros(outputs)],
    };
  }

  /** To be called when the weights have changed. */
  refresh() {
    this.arithmetic.transpose(this.outputs, this.inputs, this.weight, this.turned);
  }

  /** Weights as PyTorch draws them for a fresh layer of its own. @param {engine.Noise} noise */
  drawPlain(noise) {
    const bound = 1 / Math.sqrt(this.inputs);
    for (const values of [this.weight, this.bias]) {
      for (let i = 0; i < values.length; i += 1) values[i] = noise.single() * 2 * bound - bound;
    }
  }

  /** Normal weights, no bias. @param {engine.Noise} noise @param {number} sd @param {number} gain */
  drawNormal(noise, sd, gain = 1) {
    const drawn = noise.normal(this.weight.length);
    for (let i = 0; i < drawn.length; i += 1) this.weight[i] = Math.fround(drawn[i] * sd) * gain;
    this.bias.fill(0);
  }
}

/** How the last map of a perceptron begins. @typedef {"decoder" | "encoder" | "critic"} Kind */

export class Perceptron {
  /**
   * @param {engine.Arithmetic} arithmetic
   * @param {number} inputs @param {number} width @param {number} layers Hidden ones. @param {number} outputs
   * @param {Kind} kind
   */
  constructor(arithmetic, inputs, width, layers, outputs, kind) {
    this.arithmetic = arithmetic;
    this.kind = kind;
    const sizes = [inputs, ...Array.from({ length: layers }, () => width), outputs];
    this.layers = sizes.slice(1).map((size, index) => new Linear(arithmetic, sizes[index], size));
  }

  /** Fresh weights, in the order in which `genlab.networks` draws them. @param {engine.Noise} noise */
  draw(noise) {
    this.layers.forEach((layer, index) => {
      layer.drawPlain(noise);
      if (index + 1 < this.layers.length) layer.drawNormal(noise, heNormal(layer.inputs));
      else if (this.kind === "decoder") layer.drawNormal(noise, heNormal(layer.inputs), LAST_GAIN);
      else if (this.kind === "encoder") layer.drawNormal(noise, HEAD_SD);
      layer.refresh();
    });
  }

  /** The layers with the names that `genlab.networks` gives them. @returns {[name: string, layer: Linear][]} */
  named() {
    const last = this.layers.length - 1;
    return this.layers.map((layer, index) => {
      if (this.kind === "decoder") return [`body.${2 * index}`, layer];
      return [index < last ? `trunk.${2 * index + 1}` : "head", layer];
    });
  }

  /**
   * What every layer gives, the input first.
   *
   * @param {number} rows @param {Values} x [rows, inputs]
   */
  forward(rows, x) {
    const given = [x], last = this.layers.length - 1;
    this.layers.forEach((layer, index) => {
      const out = this.arithmetic.zeros(rows * layer.outputs);
      this.arithmetic.multiply(rows, layer.outputs, layer.inputs, given[index], layer.inputs, 1, layer.turned, out, layer.bias, false);
      if (index < last) this.arithmetic.leaky(out);
      given.push(out);
    });
    return given;
  }

  /** What the last layer gives. @param {number} rows @param {Values} x [rows, inputs] */
  evaluate(rows, x) {
    return this.forward(rows, x)[this.layers.length];
  }

  /**
   * The gradient at what each layer gives before its LeakyReLU, and that at the input in front, from that at the end.
   *
   * @param {number} rows
   * @param {Values[]} given What `forward` returned.
   * @param {Values} end The gradient at what layer `from` gave.
   * @param {number} from The number of that layer: by default the last; of another one, at its LeakyReLU's output.
   * @returns {Values[]}
   */
  backward(rows, given, end, from = this.layers.length) {
    const slopes = [end];
    if (from < this.layers.length) this.arithmetic.leakyBack(given[from], end);
    for (let index = from - 1; index >= 0; index -= 1) {
      const layer = this.layers[index], slope = this.arithmetic.zeros(rows * layer.inputs);
      this.arithmetic.multiply(rows, layer.inputs, layer.outputs, slopes[0], layer.outputs, 1, layer.weight, slope, null, false);
      if (index) this.arithmetic.leakyBack(given[index], slope);
      slopes.unshift(slope);
    }
    return slopes;
  }

  /**
   * How what each layer gives changes when the input moves along `direction`, that first; the last layer is left out.
   *
   * @param {number} rows @param {Values[]} given @param {Values} direction [rows, inputs]
   */
  tangents(rows, given, direction) {
    const moved = [direction];
    this.layers.slice(0, -1).forEach((layer, index) => {
      const out = this.arithmetic.zeros(rows * layer.outputs);
      this.arithmetic.multiply(rows, layer.outputs, layer.inputs, moved[index], layer.inputs, 1, layer.turned, out, null, false);
      this.arithmetic.leakyBack(given[index + 1], out);
      moved.push(out);
    });
    return moved;
  }

  /**
   * Gradients of the weights: the slopes behind each layer times what went into it; of the biases: the slopes.
   *
   * @param {number} rows
   * @param {Values[]} slopes What `backward` returned.
   * @param {Values[]} inputs What went into each layer.
   * @param {boolean} add To the gradients that there are; biases stay as they are then.
   * @param {Values | null} scale Of each row's share in the gradient of the biases; null for 1.
   */
  collect(rows, slopes, inputs, add = false, scale = null) {
    this.layers.forEach((layer, index) => {
      const behind = slopes[index + 1];
      this.arithmetic.multiply(layer.outputs, layer.inputs, rows, behind, 1, layer.outputs, inputs[index], layer.slopes.weight, null, add);
      if (!add) this.arithmetic.sumRows(rows, layer.outputs, scale, behind, layer.slopes.bias);
    });
  }

  /** The sum of squares of all gradients. */
  squares() {
    return this.layers.reduce((sum, { slopes }) => sum + this.arithmetic.squares(slopes.weight) + this.arithmetic.squares(slopes.bias), 0);
  }

  /**
   * A step of Adam, the `turn`-th.
   *
   * @param {number} turn @param {number} rate @param {[number, number]} betas
   */
  step(turn, rate, [beta1, beta2]) {
    const scaled = rate / (1 - beta1 ** turn), root = Math.sqrt(1 - beta2 ** turn);
    for (const layer of this.layers) {
      for (const part of /** @type {const} */ (["weight", "bias"])) {
        const [first, second] = layer.moments[part];
        this.arithmetic.adam(layer[part], layer.slopes[part], first, second, beta1, beta2, scaled, root, EPSILON);
      }
      layer.refresh();
    }
  }
}

/** @param {number} inputs */
const heNormal = (inputs) => Math.sqrt(2 / (1 + SLOPE ** 2)) / Math.sqrt(inputs);

import assert from "node:assert/strict";
import { test } from "node:test";

import { Perceptron } from "../../../../../genlab/ui/components/playground/engine/network.js";
import { Generator } from "../../../../../genlab/ui/components/playground/engine/random.js";
import { compare } from "./differences.mjs";
import { Plain } from "./plain.mjs";

const ROWS = 7;

function network(kind = "decoder", layers = 2) {
  const made = new Perceptron(new Plain(), 3, 6, layers, 2, kind);
  made.draw(new Generator(4));
  return made;
}

const points = Float64Array.from(new Generator(5).normal(3 * ROWS));

test("gradients of weights are those of finite differences", () => {
  for (const layers of [1, 3]) {
    const made = network("critic", layers);
    compare([made], () => {
      const given = made.forward(ROWS, points), out = given.at(-1);
      made.collect(ROWS, made.backward(ROWS, given, Float64Array.from(out, (value) => 2 * value)), given);
      return out.reduce((sum, value) => sum + value * value, 0);
    });
  }
});

test("gradients at the input are those of finite differences, from the end and from the features", () => {
  const made = network("encoder"), given = made.forward(ROWS, points);
  for (const level of [made.layers.length, made.layers.length - 1]) {
    const sum = (x) => made.forward(ROWS, x)[level].reduce((all, value) => all + value * value, 0);
    const end = Float64Array.from(given[level], (value) => 2 * value), [slopes] = made.backward(ROWS, given, end, level);
    for (const at of [0, 4, 11, 20]) {
      const more = points.slice(), less = points.slice();
      more[at] += 1e-6;
      less[at] -= 1e-6;
      assert.ok(Math.abs(slopes[at] - (sum(more) - sum(less)) / 2e-6) < 1e-6);
    }
  }
});

test("a tangent says how what layers give changes with the input", () => {
  const made = network(), given = made.forward(ROWS, points), direction = Float64Array.from(new Generator(6).normal(3 * ROWS));
  const moved = made.forward(ROWS, points.map((value, i) => value + 1e-6 * direction[i]));
  made.tangents(ROWS, given, direction).forEach((tangent, level) => {
    tangent.forEach((value, i) => assert.ok(Math.abs(value - (moved[level][i] - given[level][i]) / 1e-6) < 1e-5));
  });
});

test("three steps of Adam are PyTorch's", () => {
  // torch.optim.AdamW([0.5, -1, 2], lr=0.01, betas=(0.5, 0.99), weight_decay=0) of PyTorch 2.14, in single precision
  const gradients = [[1, -2, 1e-9], [0.5, 3, 0], [-1, 0.25, 2]];
  const wanted = [[0.49000001, -0.99000001, 1.99909091], [0.481554538, -0.995224714, 1.99877954], [0.484853655, -0.998653054, 1.98893154]];
  const made = new Perceptron(new Plain(), 3, 4, 0, 1, "critic"), [layer] = made.layers;
  layer.weight.set([0.5, -1, 2]);
  gradients.forEach((gradient, index) => {
    layer.slopes.weight.set(gradient);
    made.step(index + 1, 0.01, [0.5, 0.99]);
    wanted[index].forEach((value, i) => assert.ok(Math.abs(layer.weight[i] - value) < 2e-7, `${index} ${i}: ${layer.weight[i]} ${value}`));
  });
  assert.deepEqual([...layer.turned], [...layer.weight]);
});

test("layers have the names that PyTorch's have", () => {
  assert.deepEqual(network("decoder").named().map(([name]) => name), ["body.0", "body.2", "body.4"]);
  assert.deepEqual(network("critic").named().map(([name]) => name), ["trunk.1", "trunk.3", "head"]);
});

test("the last map begins small where the server's does", () => {
  const size = (kind) => Math.max(...network(kind).layers.at(-1).weight.map(Math.abs));
  assert.ok(size("encoder") < 0.05 && size("decoder") < 0.3 && size("critic") > 0.3);
  assert.ok(network("critic").layers.at(-1).bias.some((value) => value !== 0));
  assert.ok(network("encoder").layers.at(-1).bias.every((value) => value === 0));
});

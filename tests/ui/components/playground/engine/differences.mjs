// Gradients by finite differences: what `collect` left in the layers against what the loss does when a weight moves.

import assert from "node:assert/strict";

import { Generator } from "../../../../../genlab/ui/components/playground/engine/random.js";

const STEP = 1e-6;

/**
 * Compare the gradients of some networks with differences of a loss.
 *
 * @param loss Computes it anew, and leaves its gradients in the layers.
 */
export function compare(networks, loss, tolerance = 2e-6) {
  const value = loss(), dice = new Generator(9);
  assert.ok(Number.isFinite(value));
  const layers = networks.flatMap((network) => network.layers);
  const slopes = layers.map((layer) => ({ weight: layer.slopes.weight.slice(), bias: layer.slopes.bias.slice() }));
  const largest = Math.max(...slopes.flatMap(({ weight, bias }) => [...weight, ...bias].map(Math.abs)));
  assert.ok(largest > 0);
  const moved = (layer, part, at, by) => {
    const before = layer[part][at];
    layer[part][at] = before + by;
    layer.refresh();
    const found = loss();
    layer[part][at] = before;
    layer.refresh();
    return found;
  };
  layers.forEach((layer, index) => {
    for (const part of ["weight", "bias"]) {
      for (let sample = 0; sample < 5; sample += 1) {
        const at = Math.floor(dice.single() * layer[part].length);
        const difference = (moved(layer, part, at, STEP) - moved(layer, part, at, -STEP)) / (2 * STEP);
        const slope = slopes[index][part][at];
        assert.ok(Math.abs(slope - difference) <= tolerance * Math.max(1, largest), `layer ${index} ${part} ${at}: ${slope} ${difference}`);
      }
    }
  });
}

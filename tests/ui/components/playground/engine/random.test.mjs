import assert from "node:assert/strict";
import { test } from "node:test";

import { Generator, derive, generator } from "../../../../../genlab/ui/components/playground/engine/random.js";

// What `genlab.training.seeding` gives with PyTorch 2.14 on a CPU.
const WEIGHTS = 3279663442;
const TURN = 2508161713;
const FEW = [0.85720605, 0.86840075, -0.81417865, 0.62056553, -1.5947471];
const MANY = [
  -0.92895496, 0.21247877, 0.13497949, 0.098254532, 0.9264859, 1.1717244, -1.5658302,
  -0.7849592, 0.65383297, -0.43033147, 0.54357266, 0.55558527, 1.2071706, -0.80876499,
  -0.26813164, -0.57164329, -1.7757427, -0.20763829, -1.152016, 0.7674095, -0.18506737,
];
const UNIFORM = [0.39075404, 0.059525251, 0.1906262, 0.36984599];
const SHUFFLED = [9, 3, 2, 4, 6, 5, 1, 0, 7, 8];

const near = (found, wanted) => wanted.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 2e-6, `${i}: ${found[i]} ${value}`));

test("seeds are those of the server", () => {
  assert.equal(derive(0, "weights"), WEIGHTS);
  assert.equal(derive(9999, 123456, "generator", 19), TURN);
});

test("few normal numbers, and many", () => {
  near(generator(1, "a").normal(5), FEW);
  near(generator(1, "a").normal(21), MANY);
});

test("uniform numbers", () => near(generator(1, "a").uniform(4), UNIFORM));

test("an order", () => assert.deepEqual([...generator(1, "order", 0).permutation(10)], SHUFFLED));

test("normal numbers have mean 0 and variance 1, and never repeat within a sequence", () => {
  const numbers = new Generator(5).normal(100_000);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  assert.ok(Math.abs(mean) < 0.01 && Math.abs(variance - 1) < 0.02, `${mean} ${variance}`);
  assert.notEqual(numbers[0], numbers[16]);
});

test("a name that fills more than one block is refused", () => assert.throws(() => derive(1, "x".repeat(200)), /too long/));

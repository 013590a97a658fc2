import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Arithmetic } from "../../../../../genlab/ui/components/playground/engine/arithmetic.js";
import { Generator } from "../../../../../genlab/ui/components/playground/engine/random.js";
import { Plain } from "./plain.mjs";

const KERNELS = new URL("../../../../../genlab/ui/components/playground/engine/kernels.wasm", import.meta.url);
const module = await WebAssembly.compile(readFileSync(KERNELS));
const arithmetic = new Arithmetic(module), plain = new Plain(), noise = new Generator(1);

/** The same random numbers for both. */
function both(count) {
  const fast = arithmetic.zeros(count), slow = plain.zeros(count);
  fast.set(noise.normal(count));
  slow.set(fast);
  return [fast, slow];
}

function near(fast, slow, tolerance = 2e-6) {
  assert.equal(fast.length, slow.length);
  fast.forEach((value, i) => assert.ok(Math.abs(value - slow[i]) <= tolerance * (1 + Math.abs(slow[i])), `${i}: ${value} ${slow[i]}`));
}

const SIZES = [[1, 1, 1], [3, 2, 5], [4, 8, 3], [5, 12, 7], [9, 17, 4], [128, 64, 2], [7, 1, 64], [64, 2, 33]];

for (const [m, n, k] of SIZES) {
  test(`products of ${m} x ${k} and ${k} x ${n}, as they stand and turned`, () => {
    for (const turned of [false, true]) {
      for (const [withBias, add] of [[false, false], [true, false], [false, true]]) {
        const [a, b, c, bias] = [both(m * k), both(k * n), both(m * n), both(n)];
        const strides = turned ? [1, m] : [k, 1];
        [arithmetic, plain].forEach((own, which) => own.multiply(m, n, k, a[which], ...strides, b[which], c[which], withBias ? bias[which] : null, add));
        near(...c, 1e-5);
      }
    }
  });
}

for (const count of [1, 3, 4, 7, 64, 101]) {
  test(`what is done number by number, to ${count}`, () => {
    const [x, d] = [both(count), both(count)];
    [arithmetic, plain].forEach((own, which) => {
      own.leaky(x[which]);
      own.leakyBack(x[which], d[which]);
    });
    near(...x);
    near(...d);
    assert.ok(Math.abs(arithmetic.squares(x[0]) - plain.squares(x[1])) < 1e-5 * (1 + plain.squares(x[1])));
    const [w, g, m, v] = [both(count), both(count), both(count), both(count)];
    v.forEach((values) => values.forEach((value, i) => (values[i] = Math.abs(value))));
    [arithmetic, plain].forEach((own, which) => own.adam(w[which], g[which], m[which], v[which], 0.9, 0.99, 0.01, 0.5, 1e-8));
    for (const pair of [w, m, v]) near(...pair, 1e-5);
  });
}

for (const [m, n] of [[1, 1], [5, 3], [6, 8], [9, 13]]) {
  test(`rows of ${m} x ${n} are scaled, added, summed and turned`, () => {
    const [a, to, scale] = [both(m * n), both(m * n), both(m)], [sums, alone, turned] = [both(n), both(n), both(m * n)];
    [arithmetic, plain].forEach((own, which) => {
      own.scaleRows(m, n, scale[which], a[which], to[which], true);
      own.sumRows(m, n, scale[which], a[which], sums[which]);
      own.sumRows(m, n, null, a[which], alone[which]);
      own.transpose(m, n, a[which], turned[which]);
    });
    for (const pair of [to, sums, alone, turned]) near(...pair, 1e-5);
    [arithmetic, plain].forEach((own, which) => own.scaleRows(m, n, scale[which], a[which], to[which], false));
    near(...to);
  });
}

test("numbers that are none stay so", () => {
  const x = arithmetic.zeros(5).fill(NaN);
  arithmetic.leaky(x);
  assert.ok(x.every(Number.isNaN));
});

test("memory of a moment is used again, and is empty then", () => {
  const before = arithmetic.used;
  const first = arithmetic.briefly(() => arithmetic.zeros(10).fill(3).byteOffset);
  assert.equal(arithmetic.used, before);
  const again = arithmetic.zeros(10);
  assert.equal(again.byteOffset, first);
  assert.ok(again.every((value) => value === 0));
  assert.throws(() => arithmetic.zeros(2 ** 25), /do not fit/);
});

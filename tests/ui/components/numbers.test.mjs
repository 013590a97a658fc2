import assert from "node:assert/strict";
import { test } from "node:test";

import { count, number, percent, plain, share, signed } from "../../../genlab/ui/components/numbers.js";

test("plain numbers have few digits and a true minus sign", () => {
  const said = { 0: "0", 1234.5: "1,230", [-0.12345]: "−0.123", 0.0149: "0.0149", 0.001234: "0.00123", 123456: "1.2e+5", [-0.00012]: "−1.2e−4" };
  for (const [value, text] of Object.entries(said)) assert.equal(plain(Number(value)), text);
  assert.equal(plain(NaN), "unknown");
  assert.equal(plain(Infinity), "unknown");
});

test("signed numbers say which way, but nothing is not signed", () => {
  assert.equal(signed(0.5), "+0.50");
  assert.equal(signed(-1.25), "−1.25");
  assert.equal(signed(0.001), "0.00");
  assert.equal(signed(-0.001), "0.00");
  assert.equal(signed(-3, 0), "−3");
});

test("numbers of the curves keep two significant digits", () => {
  const said = [[null, "–"], [undefined, "–"], [0, "0.00"], [0.25, "0.25"], [12.34, "12.3"], [-12.34, "-12.3"], [1234.5, "1235"], [0.0004, "4·10⁻⁴"], [3e-12, "3·10⁻¹²"]];
  for (const [value, text] of said) assert.equal(number(value), text);
});

test("a share that is not nothing is never 0 %", () => {
  assert.equal(percent(0.004), "0 %");
  assert.equal(share(0.004), "under 1 %");
  assert.equal(share(0), "0 %");
  assert.equal(share(0.456), "46 %");
  assert.equal(share(null), "–");
  assert.equal(percent(undefined), "–");
});

test("counts are whole and grouped", () => {
  assert.equal(count(1234567.6), "1,234,568");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { categoryColour, css, isDark, numberColour, rgb, unknownColour } from "../../../genlab/ui/components/colours.js";

test("colours of CSS are read in each way that a theme may write them", () => {
  for (const written of ["#1a2b3c", "#1A2B3CFF", "rgb(26, 43, 60)", "rgba(26 43 60 / 50%)"]) {
    assert.deepEqual(rgb(written), [26, 43, 60], written);
  }
  assert.deepEqual(rgb("#fff"), [255, 255, 255]);
  assert.deepEqual(rgb("#0a4"), [0, 170, 68]);
  assert.deepEqual(rgb("#0a4c"), [0, 170, 68]);
  assert.deepEqual(rgb("canvas"), [255, 255, 255]);
});

test("a ground is dark or light however it is written", () => {
  for (const dark of ["#000", "#000000", "#0e1117", "rgb(14, 17, 23)", "#222"]) assert.ok(isDark(dark), dark);
  for (const light of ["#fff", "#ffffff", "rgb(250, 250, 250)", "#eee", "white"]) assert.ok(!isDark(light), light);
});

test("thirty categories have thirty colours, on either ground", () => {
  for (const dark of [false, true]) {
    const seen = new Set(Array.from({ length: 30 }, (_, index) => css(categoryColour(index, dark))));
    assert.equal(seen.size, 30);
    assert.deepEqual(categoryColour(30, dark), categoryColour(0, dark));
  }
});

test("the scale rises from dark to light and stays within its ends", () => {
  for (const dark of [false, true]) {
    const lightness = Array.from({ length: 21 }, (_, i) => numberColour(i / 20, dark)).map(([r, g, b]) => 0.3 * r + 0.59 * g + 0.11 * b);
    lightness.slice(1).forEach((each, i) => assert.ok(each > lightness[i], `${i}`));
    assert.deepEqual(numberColour(-3, dark), numberColour(0, dark));
    assert.deepEqual(numberColour(7, dark), numberColour(1, dark));
  }
  assert.deepEqual(numberColour(0, false), [0, 34, 78]);
  assert.deepEqual(numberColour(1, true), [254, 232, 56]);
});

test("colours are written for canvases", () => {
  assert.equal(css([1, 2, 3]), "rgba(1,2,3,1)");
  assert.equal(css(new Uint8Array([4, 5, 6]), 0.5), "rgba(4,5,6,0.5)");
  assert.notDeepEqual(unknownColour(true), unknownColour(false));
});

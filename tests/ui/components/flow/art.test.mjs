import assert from "node:assert/strict";
import { test } from "node:test";

import { TALL, apart, arrange, chartWidth, inSheets } from "../../../../genlab/ui/components/flow/art.js";
import { fromBase64, toBase64 } from "../../../../genlab/ui/components/maths.js";
import { GAN } from "./document.mjs";

test("larger maps stand in larger tiles, units in a narrow column, and no column covers another", () => {
  const layers = [{ maps: 6, height: 14, width: 14, of: 32 }, { maps: 6, height: 7, width: 7, of: 64 }, { maps: 1, height: 1, width: 24, of: 256 }];
  const { width, columns } = arrange(layers), [large, small, units] = columns;
  assert.ok(large.tile > small.tile && small.tile > units.tile);
  assert.deepEqual(columns.map(({ across, down }) => [across, down]), [[2, 3], [2, 3], [1, 24]]);
  assert.ok(large.x + large.across * large.tile < small.x && small.x + small.across * small.tile < units.x && units.x < width);
  assert.ok(columns.every(({ down, tile }) => down * (tile + 2) <= TALL + 24));
  assert.equal(arrange([]).columns.length, 0);
});

test("pictures beside a scale do not cover each other and stay within", () => {
  const places = apart([60, 62, 20]), sorted = [...places].sort((a, b) => a - b);
  assert.ok(sorted[1] - sorted[0] >= 38 && sorted[2] - sorted[1] >= 38);
  assert.ok(sorted[0] >= 19 && sorted[2] <= TALL - 19);
  assert.ok(places[2] < places[0], "their order stays");
  assert.deepEqual(apart([30, 100]), [30, 100]);
});

test("a chart is as wide as it has numbers, within limits", () => {
  assert.ok(chartWidth(2) < chartWidth(32) && chartWidth(64) === chartWidth(500));
});

test("the frames of a film stand in rows, each whole, and what is left of a sheet is nothing", () => {
  const strip = toBase64(Uint8Array.from([1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33])); // [2, 2, 3]: three frames, one pixel wide
  const film = { ...GAN, shape: [2, 2, 3], items: [{ ...GAN.items[0], picture: strip, draws: [] }], samples: [{ ...GAN.samples[0], picture: strip, gradient: strip }] };
  const { shape, items, samples } = inSheets(film, 3);
  assert.deepEqual(shape, [2, 4, 2]);
  const sheet = [1, 2, 11, 12, 3, 0, 13, 0, 21, 22, 31, 32, 23, 0, 33, 0];
  assert.deepEqual([...fromBase64(items[0].picture)], sheet);
  assert.deepEqual([...fromBase64(samples[0].gradient)], sheet.map((byte) => byte || 128));
  assert.equal(inSheets(GAN, 1), GAN);
});

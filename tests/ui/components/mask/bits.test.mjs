import assert from "node:assert/strict";
import { test } from "node:test";

import { disc, pack, shareOf, stroke, unpack } from "../../../../genlab/ui/components/mask/bits.js";

const size = { height: 5, width: 7 };
const empty = () => new Uint8Array(35);
const places = (bits) => [...bits].flatMap((bit, at) => (bit ? [at] : []));

test("a thin brush hides the one pixel under it, and nothing beyond the edge", () => {
  const bits = empty();
  disc(bits, size, [2.9, 1.1], 0.5, 1);
  assert.deepEqual(places(bits), [1 * 7 + 2]);
  disc(bits, size, [-3, 2], 0.5, 1);
  disc(bits, size, [7.2, 4.5], 0.4, 1);
  assert.deepEqual(places(bits), [9]);
});

test("a wider brush hides a round of pixels, and brings them back", () => {
  const bits = empty();
  disc(bits, size, [3.5, 2.5], 1, 1);
  assert.deepEqual(places(bits), [10, 16, 17, 18, 24]);
  disc(bits, size, [3.5, 2.5], 0.5, 0);
  assert.deepEqual(places(bits), [10, 16, 18, 24]);
});

test("a quick stroke leaves no gaps", () => {
  const bits = empty();
  stroke(bits, size, [0.5, 0.5], [6.5, 0.5], 0.5, 1);
  assert.deepEqual(places(bits), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(shareOf(bits), 7 / 35);
});

test("what is packed comes back, the first pixel in the lowest bit", () => {
  const bits = empty();
  bits[0] = bits[9] = bits[34] = 1;
  const text = pack(bits);
  assert.deepEqual([...atob(text)].map((c) => c.charCodeAt(0)), [1, 2, 0, 0, 4]);
  assert.deepEqual(unpack(text, 35), bits);
  assert.deepEqual(unpack("", 35), empty());
});

test("nothing of nothing is hidden", () => assert.equal(shareOf(new Uint8Array(0)), 0));

import assert from "node:assert/strict";
import { test } from "node:test";

import { encode } from "../../../../genlab/ui/components/playground/gif.js";

/** A picture of `side` pixels a side; `colour(x, y)` is [r, g, b]. */
function frame(side, colour) {
  const data = new Uint8ClampedArray(4 * side * side);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) data.set([...colour(x, y), 255], 4 * (y * side + x));
  return { width: side, height: side, data };
}

/** The pictures of a GIF as palette indices, its palette, and how long each is shown. */
function decode(bytes) {
  const word = (at) => bytes[at] | (bytes[at + 1] << 8);
  assert.equal(Buffer.from(bytes.subarray(0, 6)).toString(), "GIF89a");
  const palette = Array.from({ length: 256 }, (_, i) => [...bytes.subarray(13 + 3 * i, 16 + 3 * i)]);
  const pictures = [], delays = [];
  let at = 13 + 768;
  const blocks = () => {
    const found = [];
    while (bytes[at]) {
      found.push(...bytes.subarray(at + 1, at + 1 + bytes[at]));
      at += 1 + bytes[at];
    }
    at += 1;
    return found;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) delays.push(word(at + 4));
      at += 2;
      blocks();
    } else {
      assert.equal(bytes[at], 0x2c);
      at += 10;
      assert.equal(bytes[at], 8);
      at += 1;
      pictures.push(unpacked(blocks()));
    }
  }
  assert.equal(at, bytes.length - 1);
  return { width: word(6), height: word(8), palette, pictures, delays };
}

/** LZW as a browser reads it. */
function unpacked(bytes) {
  const out = [];
  let table = [], size = 9, held = 0, bits = 0, at = 0, before = null;
  const fresh = () => { table = Array.from({ length: 258 }, (_, i) => [i]); size = 9; before = null; };
  fresh();
  for (;;) {
    while (held < size) { bits |= bytes[at++] << held; held += 8; }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    if (code === 257) return out;
    if (code === 256) { fresh(); continue; }
    const known = table[code] ?? [...before, before[0]];
    assert.ok(code <= table.length, "a code that nobody has made");
    for (const value of known) out.push(value);
    if (before && table.length < 4096) table.push([...before, known[0]]);
    if (table.length === 1 << size && size < 12) size += 1;
    before = known;
  }
}

const written = async (frames, delay = 10) => {
  const said = [];
  const parts = await encode(frames, delay, (share) => said.push(share));
  return { ...decode(Uint8Array.from(Buffer.concat(parts))), said };
};

test("every pixel comes back in its own colour, to five bits a channel", async () => {
  const colour = (x, y) => [x * 16, y * 16, (x + y) * 8];
  const { width, height, palette, pictures } = await written([frame(16, colour)]);
  assert.deepEqual([width, height, pictures.length], [16, 16, 1]);
  pictures[0].forEach((index, i) => {
    const wanted = colour(i % 16, Math.floor(i / 16)).map((value) => Math.round(((value >> 3) * 255) / 31));
    assert.deepEqual(palette[index], wanted, `pixel ${i}`);
  });
});

test("noise, which fills the table of codes several times over, comes back too", async () => {
  let seed = 1;
  const noise = () => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return (seed >> 16) % 5; };
  const grey = frame(200, () => { const v = noise() * 60; return [v, v, v]; });
  const { palette, pictures } = await written([grey]);
  assert.equal(pictures[0].length, 40_000);
  pictures[0].forEach((index, i) => assert.equal(palette[index][0], Math.round(((grey.data[4 * i] >> 3) * 255) / 31)));
});

test("more than 256 colours take the nearest of the most frequent ones", async () => {
  const colour = (x, y) => [x * 12, y * 12, ((x * y) & 7) * 32];
  const { palette, pictures } = await written([frame(20, colour)]);
  const wide = (value) => Math.round(((value >> 3) * 255) / 31);
  const away = (from, [r, g, b]) => 2 * (from[0] - wide(r)) ** 2 + 4 * (from[1] - wide(g)) ** 2 + 3 * (from[2] - wide(b)) ** 2;
  let others = 0;
  pictures[0].forEach((index, i) => {
    const wanted = colour(i % 20, Math.floor(i / 20)), found = away(palette[index], wanted);
    assert.equal(found, Math.min(...palette.map((each) => away(each, wanted))), `pixel ${i}`);
    others += found > 0;
  });
  assert.equal(new Set(palette.map(String)).size, 256);
  assert.ok(others > 50, "some had to take another colour");
});

test("pictures play one after the other, and the last stays longer", async () => {
  const { pictures, delays, said } = await written([0, 100, 200].map((v) => frame(4, () => [v, 0, 0])), 7);
  assert.equal(pictures.length, 3);
  assert.deepEqual(delays, [7, 7, 56]);
  assert.deepEqual(said, [0, 1 / 3, 2 / 3, 1]);
  assert.equal(new Set(pictures.map((picture) => picture[0])).size, 3);
});

test("a picture of one pixel is a picture", async () => {
  assert.equal((await written([frame(1, () => [255, 0, 0])])).pictures[0].length, 1);
});

// An animated GIF (GIF89a, CompuServe 1990) from canvas pictures: one palette of 256 colours, LZW, no library.

/** @typedef {{ width: number, height: number, data: ArrayLike<number> }} Frame */

/**
 * Parts for a Blob; it pauses after every frame, so that the page stays alive.
 *
 * @param {Frame[]} frames Pictures of one size.
 * @param {number} delay In hundredths of a second.
 * @param {(share: number) => void} onProgress
 */
export async function encode(frames, delay, onProgress) {
  const { width, height } = frames[0];
  const { palette, index } = paletteOf(frames);
  const parts = [];
  /** @type {number[]} */
  let out = [];
  /** @param {number} value */
  const word = (value) => out.push(value & 255, value >> 8);
  /** @param {string} value */
  const text = (value) => out.push(...[...value].map((letter) => letter.charCodeAt(0)));
  text("GIF89a");
  word(width);
  word(height);
  out.push(0xf7, 0, 0);
  for (const colour of palette) out.push(...colour);
  out.push(0x21, 0xff, 11);
  text("NETSCAPE2.0");
  out.push(3, 1, 0, 0, 0);
  for (const [number, frame] of frames.entries()) {
    onProgress(number / frames.length);
    await new Promise((resolve) => void setTimeout(resolve));
    out.push(0x21, 0xf9, 4, 4);
    word(number === frames.length - 1 ? delay * 8 : delay);
    out.push(0, 0, 0x2c, 0, 0, 0, 0);
    word(width);
    word(height);
    out.push(0, 8);
    const codes = compress(frame, index);
    for (let at = 0; at < codes.length; at += 255) {
      const block = codes.slice(at, at + 255);
      out.push(block.length);
      for (const byte of block) out.push(byte);
    }
    out.push(0);
    parts.push(new Uint8Array(out));
    out = [];
  }
  parts.push(new Uint8Array([0x3b]));
  onProgress(1);
  return parts;
}

/** @param {ArrayLike<number>} data @param {number} at */
const key = (data, at) => ((data[at] >> 3) << 10) | ((data[at + 1] >> 3) << 5) | (data[at + 2] >> 3);

/** The 256 most frequent colours (five bits a channel); every other colour takes the nearest of them. @param {Frame[]} frames */
function paletteOf(frames) {
  const counts = new Uint32Array(32768);
  for (const { data } of frames) for (let at = 0; at < data.length; at += 4) counts[key(data, at)] += 1;
  const used = [...counts.keys()].filter((bin) => counts[bin]).sort((a, b) => counts[b] - counts[a]);
  const chosen = used.slice(0, 256);
  /** @param {number} bin */
  const colour = (bin) => [bin >> 10, (bin >> 5) & 31, bin & 31].map((part) => Math.round((part * 255) / 31));
  const palette = chosen.map(colour);
  const index = new Uint8Array(32768);
  chosen.forEach((bin, place) => (index[bin] = place));
  for (const bin of used.slice(256)) {
    const [red, green, blue] = colour(bin);
    let best = 0;
    let least = Infinity;
    palette.forEach(([r, g, b], place) => {
      const away = 2 * (r - red) ** 2 + 4 * (g - green) ** 2 + 3 * (b - blue) ** 2;
      if (away < least) [best, least] = [place, away];
    });
    index[bin] = best;
  }
  while (palette.length < 256) palette.push([0, 0, 0]);
  return { palette, index };
}

/** Variable-length LZW codes, 8 bits at the start and 12 at most. @param {Frame} frame @param {Uint8Array} index */
function compress({ data }, index) {
  /** @type {number[]} */
  const bytes = [];
  let [bits, held, size] = [0, 0, 9];
  /** @param {number} code */
  const write = (code) => {
    bits |= code << held;
    held += size;
    while (held >= 8) {
      bytes.push(bits & 255);
      bits >>>= 8;
      held -= 8;
    }
  };
  /** @type {Map<number, number>} */
  let table = new Map();
  let next = 258;
  write(256);
  let prefix = index[key(data, 0)];
  for (let at = 4; at < data.length; at += 4) {
    const pixel = index[key(data, at)];
    const pair = (prefix << 8) | pixel;
    const known = table.get(pair);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    write(prefix);
    if (next < 4096) {
      table.set(pair, next);
      if (next === 1 << size && size < 12) size += 1;
      next += 1;
    } else {
      write(256);
      table = new Map();
      [next, size] = [258, 9];
    }
    prefix = pixel;
  }
  write(prefix);
  write(257);
  if (held) bytes.push(bits & 255);
  return bytes;
}

// Which pixels are hidden: one byte each, row by row, 1 for hidden.

/**
 * Set the pixels of a disc.
 *
 * @param {Uint8Array} bits Changed in place.
 * @param {mask.Size} size
 * @param {Place} centre In pixels; the middle of the first one is (0.5, 0.5).
 * @param {number} radius In pixels; the pixel under the centre is always set.
 * @param {0 | 1} value
 */
export function disc(bits, { height, width }, [x, y], radius, value) {
  const from = (/** @type {number} */ at) => Math.max(0, Math.floor(at - radius));
  const to = (/** @type {number} */ at, /** @type {number} */ end) => Math.min(end - 1, Math.floor(at + radius));
  for (let row = from(y); row <= to(y, height); row++) {
    for (let column = from(x); column <= to(x, width); column++) {
      const here = Math.floor(x) === column && Math.floor(y) === row;
      if (here || Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) bits[row * width + column] = value;
    }
  }
}

/**
 * Set the pixels of a stroke from one place to another.
 *
 * @param {Uint8Array} bits Changed in place.
 * @param {mask.Size} size
 * @param {Place} from
 * @param {Place} to
 * @param {number} radius
 * @param {0 | 1} value
 */
export function stroke(bits, size, from, to, radius, value) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  for (let step = 0; step <= steps; step++) {
    const share = step / steps;
    disc(bits, size, [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])], radius, value);
  }
}

/**
 * Eight pixels to a byte, the first in its lowest bit, as base64.
 *
 * @param {Uint8Array} bits
 */
export function pack(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) if (bits[i]) bytes[i >> 3] |= 1 << (i & 7);
  return btoa(String.fromCharCode(...bytes));
}

/**
 * The way back; what is too short leaves the rest visible.
 *
 * @param {string} text
 * @param {number} length
 */
export function unpack(text, length) {
  const bits = new Uint8Array(length), bytes = atob(text);
  for (let i = 0; i < Math.min(length, 8 * bytes.length); i++) bits[i] = (bytes.charCodeAt(i >> 3) >> (i & 7)) & 1;
  return bits;
}

/** The share that is hidden. @param {Uint8Array} bits */
export const shareOf = (bits) => (bits.length ? bits.reduce((sum, bit) => sum + bit, 0) / bits.length : 0);

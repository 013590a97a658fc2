// Codes on their way, and drawing that follows a hand: one picture at a time, always of the newest strength.

/**
 * Codes [n, D] moved along their ways.
 *
 * @param {Float32Array} codes
 * @param {Float32Array} ways
 * @param {number} strength
 */
export function moved(codes, ways, strength) {
  const found = new Float32Array(codes.length);
  for (let i = 0; i < found.length; i++) found[i] = codes[i] + strength * ways[i];
  return found;
}

export class Follower {
  /** @param {(value: number) => Promise<void>} draw Draws a value; the next one waits for it. */
  constructor(draw) {
    this.draw = draw;
    /** @type {number | null} */
    this.wanted = null;
    this.busy = false;
  }

  /** Draw a value, once the one that is being drawn is done; of those that wait the newest. @param {number} value */
  async ask(value) {
    this.wanted = value;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.wanted !== null) {
        const now = this.wanted;
        this.wanted = null;
        await this.draw(now);
      }
    } finally {
      this.busy = false;
    }
  }
}

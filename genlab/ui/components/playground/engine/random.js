// Noise as a function of (seed, names), number for number what `genlab.training.seeding` draws with PyTorch on a CPU.
//
// BLAKE2b (RFC 7693) makes a seed of the names, MT19937 (Matsumoto and Nishimura 1998) a sequence of it, and Box and
// Muller (1958) normal numbers of that, in the order in which PyTorch does.

const MASK = (1n << 64n) - 1n;
const START = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const ORDER = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const LANES = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

/** @param {bigint} value @param {bigint} by */
const turned = (value, by) => ((value >> by) | (value << (64n - by))) & MASK;

/** The 8-byte digest of a text of one block (128 bytes at most), as a number, first byte lowest. @param {string} text */
function digest(text) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 128) throw new Error("The name of a noise is too long.");
  const block = new Uint8Array(128);
  block.set(bytes);
  const words = new BigUint64Array(block.buffer), h = START.slice();
  h[0] ^= 0x01010008n;
  const v = [...h, ...START];
  v[12] ^= BigInt(bytes.length);
  v[14] ^= MASK;
  for (let round = 0; round < 12; round += 1) {
    LANES.forEach(([a, b, c, d], lane) => {
      const [x, y] = [words[ORDER[round % 10][2 * lane]], words[ORDER[round % 10][2 * lane + 1]]];
      v[a] = (v[a] + v[b] + x) & MASK;
      v[d] = turned(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turned(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + y) & MASK;
      v[d] = turned(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turned(v[b] ^ v[c], 63n);
    });
  }
  return h[0] ^ v[0] ^ v[8];
}

/** The last 32 bits of the seed that depends on `seed` and `names`. @param {number} seed @param {...(string | number)} names */
export function derive(seed, ...names) {
  const little = digest([seed, ...names].join(":"));
  let big = 0n;
  for (let byte = 0n; byte < 8n; byte += 1n) big = (big << 8n) | ((little >> (8n * byte)) & 255n);
  return Number((big >> 1n) & 0xffffffffn);
}

const SIZE = 624;

export class Generator {
  /** @param {number} seed 32 bits. */
  constructor(seed) {
    const state = new Uint32Array(SIZE);
    state[0] = seed;
    for (let i = 1; i < SIZE; i += 1) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    this.state = state;
    this.next = SIZE;
    /** The second of a pair of normal numbers, which is used first the next time. @type {number | null} */
    this.second = null;
  }

  /** The next 32 bits. */
  word() {
    if (this.next === SIZE) this.turn();
    let y = this.state[this.next];
    this.next += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  turn() {
    const { state } = this;
    for (let i = 0; i < SIZE; i += 1) {
      const y = (state[i] & 0x80000000) | (state[i + 1 < SIZE ? i + 1 : 0] & 0x7fffffff);
      state[i] = state[i + 397 < SIZE ? i + 397 : i + 397 - SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** Uniform in [0, 1), 24 bits. */
  single() {
    return (this.word() & 0xffffff) / 0x1000000;
  }

  /** Uniform in [0, 1), 53 bits. */
  double() {
    const high = this.word(), low = this.word();
    return ((high & 0x1fffff) * 2 ** 32 + low) / 2 ** 53;
  }

  /** Uniform numbers in [0, 1). @param {number} count */
  uniform(count) {
    const numbers = new Float32Array(count);
    for (let i = 0; i < count; i += 1) numbers[i] = this.single();
    return numbers;
  }

  /** Standard normal numbers. @param {number} count */
  normal(count) {
    if (count < 16) return Float32Array.from({ length: count }, () => this.normally());
    const numbers = this.uniform(count);
    for (let start = 0; start + 16 <= count; start += 16) pairs(numbers, start);
    if (count % 16) {
      for (let i = count - 16; i < count; i += 1) numbers[i] = this.single();
      pairs(numbers, count - 16);
    }
    return numbers;
  }

  /** One standard normal number, in double precision. */
  normally() {
    if (this.second !== null) {
      const kept = this.second;
      this.second = null;
      return kept;
    }
    const angle = 2 * Math.PI * this.double(), radius = Math.sqrt(-2 * Math.log1p(-this.double()));
    this.second = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** 0 to `count` - 1, shuffled. @param {number} count */
  permutation(count) {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = 0; i < count - 1; i += 1) {
      const other = i + (this.word() % (count - i)), kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }
}

/** Sixteen uniform numbers become normal ones: the first eight are radii, the others angles. @param {Float32Array} numbers @param {number} start */
function pairs(numbers, start) {
  for (let i = start; i < start + 8; i += 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - numbers[i])), angle = 2 * Math.PI * numbers[i + 8];
    numbers[i] = radius * Math.cos(angle);
    numbers[i + 8] = radius * Math.sin(angle);
  }
}

/** Noise for one purpose. @param {number} seed @param {...(string | number)} names */
export const generator = (seed, ...names) => new Generator(derive(seed, ...names));

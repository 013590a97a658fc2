// One block of memory and the kernels that compute in it: what `kernels.ts` says, on arrays in the place of addresses.

const PAGE = 2 ** 16;
const PAGES = 1024;

/** The kernels as WebAssembly gives them: arrays are addresses. @typedef {Record<string, (...values: number[]) => number>} Exports */

/** An array of a computation: single precision here, double where tests bring arithmetic of their own. @typedef {Float32Array<ArrayBufferLike> | Float64Array<ArrayBufferLike>} Values */

/** @implements {engine.Arithmetic} */
export class Arithmetic {
  /** @param {WebAssembly.Module} module `kernels.wasm`, compiled. */
  constructor(module) {
    // What is not touched costs nothing: three of the largest networks with the largest batches need about half of it.
    this.memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.kernels = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports));
    this.used = 64;
  }

  /** An array of zeros. @param {number} count */
  zeros(count) {
    const start = this.used, bytes = Math.ceil(count / 4) * 16;
    if (start + bytes > PAGES * PAGE) throw new Error("The networks do not fit into the engine's memory.");
    this.used += bytes;
    return new Float32Array(this.memory.buffer, start, count).fill(0);
  }

  /** Do something, and forget the arrays that were made meanwhile. @template T @param {() => T} what @returns {T} */
  briefly(what) {
    const before = this.used;
    try {
      return what();
    } finally {
      this.used = before;
    }
  }

  /** Forget all arrays. */
  clear() {
    this.used = 64;
  }

  /**
   * @param {number} m @param {number} n @param {number} k
   * @param {Values} a @param {number} rows @param {number} columns
   * @param {Values} b @param {Values} c @param {Values | null} bias @param {boolean} add
   */
  multiply(m, n, k, a, rows, columns, b, c, bias, add) {
    this.kernels.multiply(m, n, k, a.byteOffset, rows, columns, b.byteOffset, c.byteOffset, bias ? bias.byteOffset : 0, Number(add));
  }

  /** @param {number} rows @param {number} columns @param {Values} from @param {Values} to */
  transpose(rows, columns, from, to) {
    this.kernels.transpose(rows, columns, from.byteOffset, to.byteOffset);
  }

  /** @param {Values} x */
  leaky(x) {
    this.kernels.leaky(x.length, x.byteOffset);
  }

  /** @param {Values} out @param {Values} d */
  leakyBack(out, d) {
    this.kernels.leakyBack(d.length, out.byteOffset, d.byteOffset);
  }

  /** @param {number} m @param {number} n @param {Values} scale @param {Values} a @param {Values} to @param {boolean} add */
  scaleRows(m, n, scale, a, to, add) {
    this.kernels.scaleRows(m, n, scale.byteOffset, a.byteOffset, to.byteOffset, Number(add));
  }

  /** @param {number} m @param {number} n @param {Values | null} scale @param {Values} a @param {Values} to */
  sumRows(m, n, scale, a, to) {
    this.kernels.sumRows(m, n, scale ? scale.byteOffset : 0, a.byteOffset, to.byteOffset);
  }

  /** @param {Values} x */
  squares(x) {
    return this.kernels.squares(x.length, x.byteOffset);
  }

  /**
   * @param {Values} w @param {Values} g @param {Values} m @param {Values} v
   * @param {number} beta1 @param {number} beta2 @param {number} rate @param {number} root @param {number} epsilon
   */
  adam(w, g, m, v, beta1, beta2, rate, root, epsilon) {
    this.kernels.adam(w.length, w.byteOffset, g.byteOffset, m.byteOffset, v.byteOffset, beta1, beta2, rate, root, epsilon);
  }
}

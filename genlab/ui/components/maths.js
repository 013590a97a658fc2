// Plain mathematics of latents: paths, projections, random draws, and how they are written into links and states.

/**
 * Sum of the products of two vectors.
 *
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Length of a vector. @param {ArrayLike<number>} a */
export const length = (a) => Math.sqrt(dot(a, a));

/**
 * The point at share t of the straight way from a to b.
 *
 * @type {latents.Way}
 */
export function lerp(a, b, t) {
  const out = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (1 - t) * a[i] + t * b[i];
  return out;
}

/**
 * The point at share t of the way along the sphere, with lengths interpolated linearly (White 2016).
 *
 * @type {latents.Way}
 */
export function slerp(a, b, t) {
  const la = length(a), lb = length(b);
  if (la < 1e-6 || lb < 1e-6 || a.length === 1) return lerp(a, b, t);
  const cosine = dot(a, b) / (la * lb);
  const across = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) across[i] = b[i] / lb - (cosine * a[i]) / la;
  const far = length(across), angle = Math.atan2(far, cosine);
  if (far < 1e-6) return lerp(a, b, t);
  const out = new Float32Array(a.length), long = (1 - t) * la + t * lb;
  const ca = (Math.cos(t * angle) * long) / la, cb = (Math.sin(t * angle) * long) / far;
  for (let i = 0; i < a.length; i++) out[i] = ca * a[i] + cb * across[i];
  return out;
}

/**
 * The point at share t in [0, 1] of a path through several points, equal time for each leg.
 *
 * @param {Float32Array[]} points
 * @param {number} t
 * @param {latents.Way} step
 */
export function along(points, t, step) {
  const legs = points.length - 1;
  if (legs < 1) return Float32Array.from(points[0]);
  const leg = Math.max(0, Math.min(legs - 1, Math.floor(t * legs)));
  return step(points[leg], points[leg + 1], t * legs - leg);
}

/**
 * The latent at share t of a closed walk, which is smooth and everywhere distributed as the prior: the sum over k of
 * a_k cos(2 pi k t) + b_k sin(2 pi k t), divided by the root of their number (genlab/latent/circuit.py).
 *
 * @param {Float32Array} waves a_1, b_1, a_2, b_2 … [2 K, D], each drawn from the prior.
 * @param {number} dim
 * @param {number} t
 */
export function circuit(waves, dim, t) {
  const count = waves.length / (2 * dim), out = new Float32Array(dim);
  for (let k = 0; k < count; k++) {
    const angle = 2 * Math.PI * (k + 1) * t, at = 2 * k * dim;
    const cosine = Math.cos(angle) / Math.sqrt(count), sine = Math.sin(angle) / Math.sqrt(count);
    for (let d = 0; d < dim; d++) out[d] += cosine * waves[at + d] + sine * waves[at + dim + d];
  }
  return out;
}

/**
 * A latent turned towards another by an angle: as likely a sample of the prior as both are.
 *
 * @param {Float32Array} z
 * @param {Float32Array} towards
 * @param {number} angle
 */
export function turned(z, towards, angle) {
  const out = new Float32Array(z.length), cosine = Math.cos(angle), sine = Math.sin(angle);
  for (let d = 0; d < z.length; d++) out[d] = cosine * z[d] + sine * towards[d];
  return out;
}

/** n draws from a standard normal distribution (Box and Muller 1958). @param {number} n */
export function normal(n) {
  const out = new Float32Array(n);
  for (let i = 0; i < n; i += 2) {
    const r = Math.sqrt(-2 * Math.log(1 - Math.random())), angle = 2 * Math.PI * Math.random();
    out[i] = r * Math.cos(angle);
    if (i + 1 < n) out[i + 1] = r * Math.sin(angle);
  }
  return out;
}

/**
 * The indices of the k rows of codes [n, D] nearest to z, nearest first, among those that `admitted(i)` lets in.
 *
 * @param {Float32Array} codes
 * @param {number} dim
 * @param {ArrayLike<number>} z
 * @param {number} k
 * @param {((index: number) => boolean) | null} [admitted]
 */
export function nearestCodes(codes, dim, z, k, admitted) {
  /** @type {{ index: number, far: number }[]} */
  const best = [];
  const n = codes.length / dim;
  let limit = Infinity;
  for (let i = 0; i < n; i++) {
    if (admitted && !admitted(i)) continue;
    let far = 0;
    for (let d = 0, at = i * dim; d < dim && far < limit; d++, at++) far += (codes[at] - z[d]) ** 2;
    if (far >= limit) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].far > far) place--;
    best.splice(place, 0, { index: i, far });
    if (best.length > k) best.pop();
    if (best.length === k) limit = best[k - 1].far;
  }
  return best.map((each) => ({ index: each.index, distance: Math.sqrt(each.far) }));
}

/**
 * The affine map p = A z + b that takes codes [n, D] to places [n, 2], by least squares; null when there is none
 * (its places differ from the true ones by more than a thousandth of their spread).
 *
 * @param {Float32Array} codes
 * @param {number} dim
 * @param {ArrayLike<number>} places
 * @returns {latents.Affine | null}
 */
export function fitAffine(codes, dim, places) {
  const n = codes.length / dim, size = dim + 1;
  if (dim > 256 || n < size + 2) return null;
  const step = Math.max(1, Math.floor(n / Math.max(1500, 4 * dim)));
  const matrix = new Float64Array(size * size), right = new Float64Array(size * 2), row = new Float64Array(size);
  row[dim] = 1;
  for (let i = 0; i < n; i += step) {
    for (let d = 0; d < dim; d++) row[d] = codes[i * dim + d];
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) matrix[a * size + b] += row[a] * row[b];
      right[2 * a] += row[a] * places[2 * i];
      right[2 * a + 1] += row[a] * places[2 * i + 1];
    }
  }
  const weights = solveSymmetric(matrix, right, size);
  if (!weights) return null;
  /** @param {ArrayLike<number>} z @returns {Place} */
  const apply = (z) => {
    let x = weights[2 * dim], y = weights[2 * dim + 1];
    for (let d = 0; d < dim; d++) { x += weights[2 * d] * z[d]; y += weights[2 * d + 1] * z[d]; }
    return [x, y];
  };
  let error = 0, seen = 0;
  for (let i = 0; i < n; i += step * 3) {
    const [x, y] = apply(codes.subarray(i * dim, (i + 1) * dim));
    error += (x - places[2 * i]) ** 2 + (y - places[2 * i + 1]) ** 2;
    seen++;
  }
  return Math.sqrt(error / seen) < 1e-3 ? { apply, weights } : null;
}

/**
 * Solve M X = R for a symmetric positive definite M (lower triangle given, Cholesky) and two right-hand sides.
 *
 * @param {Float64Array} m
 * @param {Float64Array} right
 * @param {number} size
 */
function solveSymmetric(m, right, size) {
  let trace = 0;
  for (let a = 0; a < size; a++) trace += m[a * size + a];
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = m[a * size + b] + (a === b ? (1e-10 * trace) / size : 0);
      for (let c = 0; c < b; c++) sum -= m[a * size + c] * m[b * size + c];
      if (a === b && !(sum > 0)) return null;
      m[a * size + b] = a === b ? Math.sqrt(sum) : sum / m[b * size + b];
    }
  }
  const x = Float64Array.from(right);
  for (let side = 0; side < 2; side++) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) x[2 * a + side] -= m[a * size + b] * x[2 * b + side];
      x[2 * a + side] /= m[a * size + a];
    }
    for (let a = size - 1; a >= 0; a--) {
      for (let b = a + 1; b < size; b++) x[2 * a + side] -= m[b * size + a] * x[2 * b + side];
      x[2 * a + side] /= m[a * size + a];
    }
  }
  return x;
}

/**
 * The z of a two-dimensional latent space that an affine map takes to (x, y).
 *
 * @param {Pick<latents.Affine, "weights">} affine
 * @param {number} x
 * @param {number} y
 */
export function invertAffine({ weights: w }, x, y) {
  const det = w[0] * w[3] - w[2] * w[1], dx = x - w[4], dy = y - w[5];
  return Float32Array.of((w[3] * dx - w[2] * dy) / det, (w[0] * dy - w[1] * dx) / det);
}

/** Bytes as base64. @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Bytes of base64 or base64url. @param {string} text */
export function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/**
 * float32 values as base64url without padding, as links and the server's decoder take them.
 *
 * @param {ArrayLike<number>} values
 */
export function floatsToText(values) {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Flags (one byte per item) as bits in base64, the first item in the lowest bit.
 *
 * @param {Uint8Array} flags
 */
export function packFlags(flags) {
  const bits = new Uint8Array(Math.ceil(flags.length / 8));
  for (let i = 0; i < flags.length; i++) if (flags[i]) bits[i >> 3] |= 1 << (i & 7);
  return toBase64(bits);
}

/**
 * The inverse of `packFlags` for n items.
 *
 * @param {string} text
 * @param {number} n
 */
export function unpackFlags(text, n) {
  const bits = fromBase64(text), flags = new Uint8Array(n);
  for (let i = 0; i < n; i++) flags[i] = (bits[i >> 3] >> (i & 7)) & 1;
  return flags;
}

/**
 * Corners of the convex hull of points, in order (Andrew 1979).
 *
 * @param {readonly Place[]} points
 */
export function hull(points) {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  if (sorted.length < 3) return sorted;
  /** @param {Place} o @param {Place} p @param {Place} q */
  const cross = (o, p, q) => (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0]);
  /** @param {Place[]} list */
  const half = (list) => {
    /** @type {Place[]} */
    const chain = [];
    for (const point of list) {
      while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

// The arithmetic of the browser's engine, in AssemblyScript: single precision, four numbers at a time.
//
// `kernels.wasm` beside it is what `python tests/browser_code/check.py --compile` makes of this file. All arrays are row
// by row in one memory; an address counts bytes, strides count numbers.

const SLOPE: f32 = 0.2;

// @ts-ignore: decorator
@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** c[i, j] = (start) + sum over p of a[i * rows + p * columns] * b[p * n + j]; i < m, j < n, p < k.
 *
 * The start is `bias[j]` where there is a bias, what c holds where `add` is set, else 0.
 */
export function multiply(
  m: i32, n: i32, k: i32, a: usize, rows: i32, columns: i32, b: usize, c: usize, bias: usize, add: bool,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) four(i, n, k, a, rows, columns, b, c, bias, add);
  for (; i < m; i++) one(i, n, k, a, rows, columns, b, c, bias, add);
}

function four(
  i: i32, n: i32, k: i32, a: usize, rows: i32, columns: i32, b: usize, c: usize, bias: usize, add: bool,
): void {
  const c0 = at(c, i * n), c1 = at(c0, n), c2 = at(c1, n), c3 = at(c2, n);
  const a0 = at(a, i * rows), wide = <usize>n << 2, along = <usize>columns << 2, next = <usize>rows << 2;
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    let s0 = begin(at(c0, j), bias, j, add), s1 = begin(at(c0, j + 4), bias, j + 4, add);
    let s2 = begin(at(c1, j), bias, j, add), s3 = begin(at(c1, j + 4), bias, j + 4, add);
    let s4 = begin(at(c2, j), bias, j, add), s5 = begin(at(c2, j + 4), bias, j + 4, add);
    let s6 = begin(at(c3, j), bias, j, add), s7 = begin(at(c3, j + 4), bias, j + 4, add);
    let from = at(b, j), x = a0;
    for (let p = 0; p < k; p++) {
      const left = v128.load(from), right = v128.load(from, 16);
      const x0 = v128.load32_splat(x), x1 = v128.load32_splat(x + next);
      const x2 = v128.load32_splat(x + 2 * next), x3 = v128.load32_splat(x + 3 * next);
      s0 = f32x4.add(s0, f32x4.mul(x0, left));
      s1 = f32x4.add(s1, f32x4.mul(x0, right));
      s2 = f32x4.add(s2, f32x4.mul(x1, left));
      s3 = f32x4.add(s3, f32x4.mul(x1, right));
      s4 = f32x4.add(s4, f32x4.mul(x2, left));
      s5 = f32x4.add(s5, f32x4.mul(x2, right));
      s6 = f32x4.add(s6, f32x4.mul(x3, left));
      s7 = f32x4.add(s7, f32x4.mul(x3, right));
      from += wide;
      x += along;
    }
    v128.store(at(c0, j), s0);
    v128.store(at(c0, j + 4), s1);
    v128.store(at(c1, j), s2);
    v128.store(at(c1, j + 4), s3);
    v128.store(at(c2, j), s4);
    v128.store(at(c2, j + 4), s5);
    v128.store(at(c3, j), s6);
    v128.store(at(c3, j + 4), s7);
  }
  for (let row = i; row < i + 4; row++) rest(row, j, n, k, a, rows, columns, b, c, bias, add);
}

function one(
  i: i32, n: i32, k: i32, a: usize, rows: i32, columns: i32, b: usize, c: usize, bias: usize, add: bool,
): void {
  rest(i, 0, n, k, a, rows, columns, b, c, bias, add);
}

/** Row i from column j on: four at a time, then one by one. */
function rest(
  i: i32, first: i32, n: i32, k: i32, a: usize, rows: i32, columns: i32, b: usize, c: usize, bias: usize, add: bool,
): void {
  const into = at(c, i * n), wide = <usize>n << 2, along = <usize>columns << 2, a0 = at(a, i * rows);
  let j = first;
  for (; j + 4 <= n; j += 4) {
    let sum = begin(at(into, j), bias, j, add);
    let from = at(b, j), x = a0;
    for (let p = 0; p < k; p++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(x), v128.load(from)));
      from += wide;
      x += along;
    }
    v128.store(at(into, j), sum);
  }
  for (; j < n; j++) {
    let sum: f32 = bias ? load<f32>(at(bias, j)) : add ? load<f32>(at(into, j)) : 0;
    let from = at(b, j), x = a0;
    for (let p = 0; p < k; p++) {
      sum += load<f32>(x) * load<f32>(from);
      from += wide;
      x += along;
    }
    store<f32>(at(into, j), sum);
  }
}

// @ts-ignore: decorator
@inline
function begin(c: usize, bias: usize, j: i32, add: bool): v128 {
  if (bias) return v128.load(at(bias, j));
  return add ? v128.load(c) : f32x4.splat(0);
}

/** to [columns, rows] = from [rows, columns], turned. */
export function transpose(rows: i32, columns: i32, from: usize, to: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(at(to, j * rows + i), load<f32>(at(from, i * columns + j)));
  }
}

/** x = max(x, 0.2 x), in place. */
export function leaky(count: i32, x: usize): void {
  let i = 0;
  const slope = f32x4.splat(SLOPE);
  for (; i + 4 <= count; i += 4) {
    const value = v128.load(at(x, i));
    // Not max(): a number that is none stays one.
    v128.store(at(x, i), v128.bitselect(value, f32x4.mul(value, slope), f32x4.gt(value, f32x4.splat(0))));
  }
  for (; i < count; i++) {
    const value = load<f32>(at(x, i));
    store<f32>(at(x, i), value > 0 ? value : value * SLOPE);
  }
}

/** d = d where `out`, what `leaky` gave, is above zero, else 0.2 d; in place. */
export function leakyBack(count: i32, out: usize, d: usize): void {
  let i = 0;
  const slope = f32x4.splat(SLOPE);
  for (; i + 4 <= count; i += 4) {
    const value = v128.load(at(d, i));
    const above = f32x4.gt(v128.load(at(out, i)), f32x4.splat(0));
    v128.store(at(d, i), v128.bitselect(value, f32x4.mul(value, slope), above));
  }
  for (; i < count; i++) {
    if (!(load<f32>(at(out, i)) > 0)) store<f32>(at(d, i), load<f32>(at(d, i)) * SLOPE);
  }
}

/** to[i, j] = scale[i] * a[i, j], plus what `to` holds where `add` is set. */
export function scaleRows(m: i32, n: i32, scale: usize, a: usize, to: usize, add: bool): void {
  for (let i = 0; i < m; i++) {
    const factor = load<f32>(at(scale, i)), by = f32x4.splat(factor), from = at(a, i * n), into = at(to, i * n);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const value = f32x4.mul(by, v128.load(at(from, j)));
      v128.store(at(into, j), add ? f32x4.add(value, v128.load(at(into, j))) : value);
    }
    for (; j < n; j++) {
      const value = factor * load<f32>(at(from, j));
      store<f32>(at(into, j), add ? value + load<f32>(at(into, j)) : value);
    }
  }
}

/** to[j] = sum over i of scale[i] * a[i, j]; without a scale, of a[i, j]. */
export function sumRows(m: i32, n: i32, scale: usize, a: usize, to: usize): void {
  for (let j = 0; j < n; j++) store<f32>(at(to, j), 0);
  for (let i = 0; i < m; i++) {
    const factor: f32 = scale ? load<f32>(at(scale, i)) : 1, by = f32x4.splat(factor), from = at(a, i * n);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      v128.store(at(to, j), f32x4.add(v128.load(at(to, j)), f32x4.mul(by, v128.load(at(from, j)))));
    }
    for (; j < n; j++) store<f32>(at(to, j), load<f32>(at(to, j)) + factor * load<f32>(at(from, j)));
  }
}

/** The sum of squares, in double precision. */
export function squares(count: i32, x: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) {
    const value = <f64>load<f32>(at(x, i));
    sum += value * value;
  }
  return sum;
}

/** One step of Adam (Kingma and Ba 2015, algorithm 1) on weights w with gradient g and moments m, v.
 *
 * `rate` is the learning rate over 1 - beta1^t, `root` the square root of 1 - beta2^t.
 */
export function adam(
  count: i32, w: usize, g: usize, m: usize, v: usize, beta1: f32, beta2: f32, rate: f32, root: f32, epsilon: f32,
): void {
  for (let i = 0; i < count; i++) {
    const slope = load<f32>(at(g, i));
    const first = load<f32>(at(m, i)) + (1 - beta1) * (slope - load<f32>(at(m, i)));
    const second = beta2 * load<f32>(at(v, i)) + (1 - beta2) * slope * slope;
    store<f32>(at(m, i), first);
    store<f32>(at(v, i), second);
    store<f32>(at(w, i), load<f32>(at(w, i)) - rate * (first / (sqrt(second) / root + epsilon)));
  }
}

// The kernels once more, as plainly as they can be written, in double precision: what `kernels.ts` is compared with.

export class Plain {
  zeros(count) {
    return new Float64Array(count);
  }

  briefly(what) {
    return what();
  }

  clear() {}

  multiply(m, n, k, a, rows, columns, b, c, bias, add) {
    for (let i = 0; i < m; i += 1) {
      for (let j = 0; j < n; j += 1) {
        let sum = bias ? bias[j] : add ? c[i * n + j] : 0;
        for (let p = 0; p < k; p += 1) sum += a[i * rows + p * columns] * b[p * n + j];
        c[i * n + j] = sum;
      }
    }
  }

  transpose(rows, columns, from, to) {
    for (let i = 0; i < rows; i += 1) for (let j = 0; j < columns; j += 1) to[j * rows + i] = from[i * columns + j];
  }

  leaky(x) {
    x.forEach((value, i) => (x[i] = value > 0 ? value : 0.2 * value));
  }

  leakyBack(out, d) {
    d.forEach((value, i) => (d[i] = out[i] > 0 ? value : 0.2 * value));
  }

  scaleRows(m, n, scale, a, to, add) {
    for (let i = 0; i < m * n; i += 1) to[i] = scale[Math.floor(i / n)] * a[i] + (add ? to[i] : 0);
  }

  sumRows(m, n, scale, a, to) {
    to.fill(0);
    for (let i = 0; i < m * n; i += 1) to[i % n] += (scale ? scale[Math.floor(i / n)] : 1) * a[i];
  }

  squares(x) {
    return x.reduce((sum, value) => sum + value * value, 0);
  }

  adam(w, g, m, v, beta1, beta2, rate, root, epsilon) {
    for (let i = 0; i < w.length; i += 1) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
      w[i] -= (rate * m[i]) / (Math.sqrt(v[i]) / root + epsilon);
    }
  }
}

/** Settings of a first visit, small. */
export const SCENARIO = {
  data: "ring", drawn: [], models: ["gan"], show: ["samples", "critic", "arrows"], seed: 3, speed: "full", noise: 0, batch_size: 16,
  latent_dim: 2, layers: 2, width: 10, vae_lr: 1e-3, critic_lr: 1e-3, generator_lr: 1e-3, beta: 1, sigma: 0.1, loss: "relativistic",
  penalty: "r1_r2", weight: 0.7, critic_repeats: 1, generator_repeats: 1, momentum: 0, pack: 1,
};

const FIXED = { vae: { beta1: 0.9, beta2: 0.999 }, gan: { beta2: 0.99 }, vae_gan: { beta2: 0.99, recon_weight: 60, pixel_weight: 0.2 } };
const SIGNS = { glyph: "●", symbol: "circle", light: "#000000", dark: "#ffffff", samples: "" };

/** The families as Python describes them to the page, and one that only the server can train. */
export const FAMILIES = [
  ...Object.entries(FIXED).map(([name, fixed]) => ({
    ...SIGNS, name, title: name, one: name, parts: name === "gan" ? ["critic"] : ["encoder"], engine: { name, fixed },
    knobs: name === "vae" ? ["beta", "sigma", "vae_lr"] : ["loss", "penalty", "weight", "critic_lr", "generator_lr", "critic_repeats", "generator_repeats", "momentum"],
  })),
  { ...SIGNS, name: "flow", title: "Flow", one: "A flow", parts: [], knobs: [], engine: null },
];

export const ENGINES = Object.fromEntries(FAMILIES.filter((family) => family.engine).map((family) => [family.name, family]));

/** Points about four places. */
export function fourModes(count = 400) {
  const points = new Float32Array(2 * count);
  for (let i = 0; i < count; i += 1) points.set([(i % 2) * 2 - 1 + 0.001 * (i % 7), (Math.floor(i / 2) % 2) * 2 - 1 - 0.001 * (i % 5)], 2 * i);
  return { points, heldOut: points.slice(), scale: 1, half: 1.3, modes: { means: new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), sd: 0.05 } };
}

/** Ranges of the settings, as Python describes them to the page. */
export const FIELDS = Object.fromEntries(Object.entries(SCENARIO).map(([name, value]) => {
  if (typeof value === "number") return [name, { why: name, ge: 0, le: 1000, step: null, integer: Number.isInteger(value) && !["beta", "momentum", "noise"].includes(name), choices: null }];
  if (Array.isArray(value)) return [name, { why: name, step: null, integer: false, choices: null }];
  return [name, { why: name, step: null, integer: false, choices: [value, "moons", "drawn", "slow", "50", "hinge", "none"] }];
}));

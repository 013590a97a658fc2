// The points that are learned: as the server gives them, or about places drawn by hand; their noise and their order.

import { decode } from "../socket.js";
import { generator } from "./random.js";

const COUNT = 20_000;
const HELD_OUT = 4_000;
const MARGIN = 1.3;
const SCATTER = 0.04;

/**
 * The built-in distribution of that name.
 *
 * @param {string} address Of all of them.
 * @param {string} name
 * @returns {Promise<engine.Data>}
 */
export async function fetchData(address, name) {
  const response = await fetch(`${address}/${name}`);
  if (!response.ok) throw new Error(`The points of the distribution could not be loaded (${response.status}).`);
  return readData(await response.arrayBuffer());
}

/** @param {ArrayBuffer} buffer What the server sent. @returns {engine.Data} */
export function readData(buffer) {
  const { arrays, scale, half, sd } = /** @type {engine.Sent} */ (/** @type {unknown} */ (decode(buffer)));
  const modes = arrays.modes && sd !== null ? { means: arrays.modes, sd } : null;
  return { points: arrays.learned, heldOut: arrays.held_out, scale, half, modes };
}

/** Points about the places of a drawing, each place equally likely. @param {Place[]} places @returns {engine.Data} */
export function drawnData(places) {
  const points = about(places, COUNT, 0), heldOut = about(places, HELD_OUT, 1);
  const mean = points.reduce((sum, value) => sum + value, 0) / points.length;
  const spread = Math.sqrt(points.reduce((sum, value) => sum + (value - mean) ** 2, 0) / points.length);
  return { points, heldOut, scale: Math.max(spread, 0.1), half: MARGIN, modes: null };
}

/** @param {Place[]} places @param {number} count @param {number} part */
function about(places, count, part) {
  const noise = generator(places.length, "drawn", part), moved = noise.normal(2 * count), points = new Float32Array(2 * count);
  for (let i = 0; i < count; i += 1) {
    const [x, y] = places[Math.floor(noise.single() * places.length)];
    points[2 * i] = x / 127.5 - 1 + SCATTER * moved[2 * i];
    points[2 * i + 1] = y / 127.5 - 1 + SCATTER * moved[2 * i + 1];
  }
  return points;
}

/** @param {Float32Array} points @param {number} noise @param {engine.Noise} drawn */
export const moved = (points, noise, drawn) => {
  const by = drawn.normal(points.length);
  return points.map((value, i) => value + noise * by[i]);
};

/** Data whose held-out points and modes are as wide as the noise on the data makes them. @param {engine.Data} data @param {engine.Scenario} scenario */
export function withNoise(data, { noise, seed }) {
  if (!noise) return data;
  const modes = data.modes && { means: data.modes.means, sd: Math.hypot(data.modes.sd, noise) };
  return { ...data, heldOut: moved(data.heldOut, noise, generator(seed, "noise on held-out data")), modes };
}

/** An endless, shuffled sequence of the points, one permutation per epoch, as `genlab.training.stream` has it. */
export class Stream {
  /** @param {Float32Array} points @param {number} seed */
  constructor(points, seed) {
    this.points = points;
    this.seed = seed;
    this.noise = 0;
    this.epoch = -1;
    this.order = new Uint32Array();
  }

  /**
   * Points `position` to `position + count` of the sequence, noise included.
   *
   * @param {number} position @param {number} count
   * @param {import("./arithmetic.js").Values} into [count, 2]
   * @param {number} scale That they are divided by.
   */
  batch(position, count, into, scale) {
    const each = this.points.length / 2;
    const by = this.noise ? generator(this.seed, "noise on data", position).normal(2 * count) : null;
    for (let i = 0; i < count; i += 1) {
      const epoch = Math.floor((position + i) / each);
      if (epoch !== this.epoch) {
        this.epoch = epoch;
        this.order = generator(this.seed, "order", epoch).permutation(each);
      }
      const row = this.order[(position + i) % each];
      for (const axis of [0, 1]) {
        into[2 * i + axis] = (this.points[2 * row + axis] + (by ? this.noise * by[2 * i + axis] : 0)) / scale;
      }
    }
  }
}

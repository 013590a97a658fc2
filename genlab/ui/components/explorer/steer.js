// The latent of one model: where it is, how it came there, and the pictures that belong to it.

import { sentence } from "../dom.js";
import { Decoder, Pump } from "../decoder.js";
import { dot, normal } from "../maths.js";

const REMEMBERED = 100;

/** @typedef {{ raw: Float32Array, anchor: Float32Array, label: latents.Label, psi: number, item: number }} Moment */

export class Steer extends EventTarget {
  /**
   * Events: `move` when the latent changes, `settle` when a change is complete, `picture` with {pixels, asked},
   * `trouble` with a sentence.
   *
   * @param {explorer.Exploration} exploration
   * @param {string} wanted Where to decode, as `Decoder` takes it.
   */
  constructor(exploration, wanted) {
    super();
    this.exploration = exploration;
    /** @type {latents.Label} */
    this.label = exploration.classes ? 0 : null;
    this.psi = 1;
    this.item = -1;
    this.asked = 0;
    this.raw = Float32Array.from(exploration.mean);
    this.anchor = Float32Array.from(this.raw);
    /** Directions along which other latents are brought to this one, by their names. @type {Map<string, explorer.Direction>} */
    this.locked = new Map();
    /** @type {Moment[]} */
    this.past = [];
    /** @type {Moment[]} */
    this.future = [];
    this.decoder = new Decoder(exploration, wanted);
    this.pump = new Pump(this.decoder);
  }

  /** The latent that is decoded: truncated towards the prior's mean (truncation trick, Brock et al. 2019). */
  get z() {
    const { mean } = this.exploration, out = new Float32Array(this.raw.length);
    for (let i = 0; i < out.length; i++) out[i] = mean[i] + this.psi * (this.raw[i] - mean[i]);
    return out;
  }

  /** What is remembered by undo. @returns {Moment} */
  get now() {
    return { raw: Float32Array.from(this.raw), anchor: this.anchor, label: this.label, psi: this.psi, item: this.item };
  }

  remember() {
    this.past.push(this.now);
    if (this.past.length > REMEMBERED) this.past.shift();
    this.future.length = 0;
  }

  undo(from = this.past, to = this.future) {
    const state = from.pop();
    if (!state) return;
    to.push(this.now);
    Object.assign(this, state, { raw: Float32Array.from(state.raw) });
    this.tell(true);
  }

  redo() {
    this.undo(this.future, this.past);
  }

  /**
   * Start somewhere else; what is locked stays as it is.
   *
   * @param {ArrayLike<number>} z
   * @param {{ item?: number, label?: latents.Label, psi?: number, free?: boolean }} [how] With `free` nothing is locked.
   */
  jump(z, { item = -1, label, psi = 1, free = false } = {}) {
    this.remember();
    const next = Float32Array.from(z);
    if (!free) for (const { vector } of this.locked.values()) add(next, vector, dot(this.raw, vector) - dot(next, vector));
    Object.assign(this, { raw: next, anchor: Float32Array.from(next), item: this.locked.size && !free ? -1 : item, psi });
    if (label !== undefined && this.exploration.classes) this.label = label;
    this.tell(true);
  }

  /** To an item of the map: its code, and its class where the model is told one. @param {number} index @param {number} [label] */
  toItem(index, label) {
    this.jump(this.exploration.code(index), { item: index, label });
  }

  random() {
    const z = normal(this.raw.length), { mean } = this.exploration;
    for (let i = 0; i < z.length; i++) z[i] += mean[i];
    this.jump(z, { psi: this.psi });
  }

  reset() {
    this.jump(this.anchor, { psi: 1, item: -1 });
  }

  /**
   * Where a slider stands: the coordinate itself for a dimension, else how far from where this edit began.
   *
   * @param {explorer.Direction} direction
   */
  value(direction) {
    const along = dot(this.raw, direction.vector) / direction.scale;
    return direction.method === "dimension" ? along : along - dot(this.anchor, direction.vector) / direction.scale;
  }

  /** Move along a direction until its slider stands at `value`. @param {explorer.Direction} direction @param {number} value */
  slide(direction, value) {
    add(this.raw, direction.vector, (value - this.value(direction)) * direction.scale);
    this.item = -1;
    this.tell(false);
  }

  /** Latents along a direction through the present one, at slider values. @param {explorer.Direction} direction @param {number[]} values */
  along(direction, values) {
    const here = this.value(direction), { mean } = this.exploration;
    return values.map((value) => {
      const out = Float32Array.from(this.raw);
      add(out, direction.vector, (value - here) * direction.scale);
      for (let i = 0; i < out.length; i++) out[i] = mean[i] + this.psi * (out[i] - mean[i]);
      return out;
    });
  }

  /** @param {number} label */
  setLabel(label) {
    this.remember();
    this.label = label;
    this.item = -1;
    this.tell(true);
  }

  /** @param {number} psi */
  setPsi(psi) {
    this.psi = psi;
    this.item = -1;
    this.tell(false);
  }

  /**
   * Say that the latent has changed, ask for its picture, and with `settled` that the change is complete.
   *
   * @param {boolean} settled
   */
  tell(settled) {
    this.refresh();
    this.dispatchEvent(new Event("move"));
    if (settled) this.dispatchEvent(new Event("settle"));
  }

  refresh() {
    const asked = ++this.asked;
    /** @param {latents.Pixels} pixels */
    const show = (pixels) => {
      this.dispatchEvent(new CustomEvent("picture", { detail: { pixels, asked } }));
    };
    this.pump.ask("picture", [this.z], this.label, show, (error) => this.trouble(error));
  }

  /** @param {unknown} error */
  trouble(error) {
    this.dispatchEvent(new CustomEvent("trouble", { detail: sentence(error) }));
  }
}

/** @param {Float32Array} target @param {Float32Array} vector @param {number} amount */
function add(target, vector, amount) {
  for (let i = 0; i < target.length; i++) target[i] += amount * vector[i];
}

// The strength of an edit: one slider, and under it the items of each model, decoded as it moves.

import { Decoder, fetchDecoder } from "../decoder.js";
import { brush, make, paintAt, sentence } from "../dom.js";
import { fromBase64 } from "../maths.js";
import { Follower, moved } from "./moved.js";

/** Pixels of an item's longer side on the canvas at least. */
const SIDE = 112;

/** @type {WeakMap<Node, Strength>} */
const shown = new WeakMap();

/** @param {Component<strength.Data>} component */
export default function render({ data, parentElement }) {
  const known = shown.get(parentElement) ?? new Strength(/** @type {HTMLElement} */ (parentElement.querySelector(".strength")));
  shown.set(parentElement, known);
  known.update(data);
  return () => void shown.delete(parentElement);
}

class Strength {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.known = "";
    /** @type {Row[]} */
    this.rows = [];
    this.input = make("input", { type: "range", min: 0, value: 1, "aria-label": "Strength" });
    this.output = make("output");
    this.input.oninput = () => this.move();
    this.controls = make("label", {}, make("span", { textContent: "Strength" }), this.input, this.output);
  }

  /** @param {strength.Data} data */
  update(data) {
    const told = JSON.stringify([data.models, data.most]);
    if (told === this.known) return;
    this.known = told;
    const { input } = this, before = Number(input.value);
    Object.assign(input, { max: String(data.most), step: String(data.step) });
    input.value = String(Math.min(before, data.most));
    this.rows = data.models.map((model) => new Row(model));
    this.root.replaceChildren(this.controls, ...this.rows.map((row) => row.element));
    this.move();
  }

  move() {
    const value = Number(this.input.value);
    this.output.textContent = value.toFixed(2);
    for (const row of this.rows) row.follow(value);
  }
}

class Row {
  /** @param {strength.Model} model */
  constructor(model) {
    const { dim, shape, source, title, towards } = model, [, height, width] = shape;
    this.model = model;
    this.codes = floats(model.codes);
    this.ways = floats(model.ways);
    this.scale = Math.max(1, Math.round(SIDE / Math.max(height, width)));
    const n = towards.length;
    this.canvas = make("canvas", {
      width: n * width * this.scale, height: height * this.scale, role: "img",
      "aria-label": `${title}: ${n} items on their way to ${[...new Set(towards)].join(", ")}`,
      dataset: { asked: "0", shown: "0" },
    });
    this.canvas.style.maxWidth = `${n * 96}px`;
    this.words = make("p", { className: "way", role: "status" });
    const names = towards.map((name) => make("span", { textContent: `to ${name}` }));
    const under = make("div", { className: "towards", style: `--n:${n};max-width:${n * 96}px` }, ...names);
    this.element = make("section", { "aria-label": title }, make("h4", { textContent: title }), this.canvas, under, this.words);
    this.decoder = new Decoder(
      {
        dim, classes: model.classes ? ["0"] : null, document: { images: model.images },
        source: { graph: source.graph, decode: source.decode ?? "" }, decoder: () => fetchDecoder(source),
      },
      "auto",
    );
    this.follower = new Follower((value) => this.draw(value));
  }

  /** @param {number} value */
  follow(value) {
    this.canvas.dataset.asked = String(Number(this.canvas.dataset.asked) + 1);
    void this.follower.ask(value);
  }

  /** @param {number} value */
  async draw(value) {
    const { canvas, decoder, model, scale } = this, { dim, classes, shape } = model, [, height, width] = shape;
    const asked = canvas.dataset.asked, n = model.towards.length, latents = moved(this.codes, this.ways, value);
    try {
      await decoder.open();
      // A server is asked by address, which cannot hold them all where codes are long.
      const most = decoder.way === "browser" ? n : decoder.batch;
      for (let at = 0; at < n; at += most) {
        const count = Math.min(most, n - at);
        const pixels = await decoder.decode(latents.subarray(at * dim, (at + count) * dim), classes?.slice(at, at + count) ?? null, count);
        const context = brush(canvas);
        for (let i = 0; i < count; i++) {
          paintAt(context, pixels, shape, i, (at + i) * width * scale, 0, width * scale, height * scale);
        }
      }
      this.words.textContent = decoder.way === "browser" ? "Decoded in the browser" : "Decoded on the server";
      canvas.dataset.shown = asked;
    } catch (error) {
      this.words.textContent = sentence(error);
    }
  }
}

/** @param {string} text float32, little-endian, in base64 */
const floats = (text) => new Float32Array(fromBase64(text).buffer);

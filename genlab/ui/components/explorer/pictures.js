// The large picture of one model's latent, the real image beside it, and what lies nearest in the latent space.

import { brush, iconButton, make, paint } from "../dom.js";
import { plain } from "../numbers.js";
import { nearestCodes } from "../maths.js";
import { Frames } from "./frames.js";
import { KEY, Reading, Voice } from "./voice.js";

const NEIGHBOURS = 10;
const THUMB = 56;
const PATIENCE = 60;

/**
 * What a card calls: with indices of items, -1 for none.
 *
 * @typedef {object} Acts
 * @property {() => void} activate
 * @property {(index: number) => void} item
 * @property {(index: number) => void} nearest
 * @property {(index: number) => void} point
 * @property {(index: number) => string} name
 */

export class PictureCard {
  /**
   * @param {explorer.Steer} steer The latent that is shown.
   * @param {Acts} on
   */
  constructor(steer, on) {
    this.steer = steer;
    this.on = on;
    this.exploration = steer.exploration;
    /** @type {ReturnType<typeof nearestCodes>} */
    this.near = [];
    this.shownReal = -1;
    this.timer = 0;
    this.canvas = make("canvas", { className: "pixels large", role: "img", "aria-label": "Decoded picture", width: 28, height: 28 });
    this.real = make("canvas", { className: "pixels", role: "img", "aria-label": "The nearest item", width: 28, height: 28 });
    this.caption = make("figcaption", { textContent: "Decoded" });
    this.realCaption = make("figcaption");
    this.note = make("p", { className: "quiet way", role: "status", textContent: "Loading the decoder…" });
    this.title = make("button", { type: "button", className: "model-name", onclick: () => this.on.activate() });
    this.thumbs = make("div", { className: "thumbs", role: "list", "aria-label": "Nearest in the latent space" });
    this.realFigure = make("figure", { className: "real" }, this.real, this.realCaption);
    this.voice = new Voice(this.exploration);
    this.reading = new Reading(this.voice);
    this.frames = new Frames(this.canvas, this.exploration.source.media?.frames ?? 1);
    const { media } = this.voice;
    const heard = media?.play && media.frames < 2 ? this.voice.button(() => [this.steer.z], () => this.steer.label, `Hear what is decoded (hold ${KEY.toUpperCase()} to hear what the pointer is on)`) : null;
    this.beside = make("div", { className: "beside" }, this.realFigure, make("div", { className: "nearest" }, make("h2", { textContent: "Nearest codes" }), this.thumbs));
    this.element = make(
      "section",
      { className: "card" },
      this.title,
      make("div", { className: "pair" }, make("figure", { className: "decoded" }, this.canvas, this.caption, this.frames.button, heard, this.reading.element), this.beside),
      this.note,
    );
    steer.addEventListener("picture", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    steer.addEventListener("move", () => this.moved());
    steer.addEventListener("trouble", (event) => (this.note.textContent = /** @type {CustomEvent} */ (event).detail));
  }

  /** @param {boolean} many Whether there is another model beside this one. @param {boolean} active */
  dress(many, active) {
    this.title.textContent = this.exploration.title;
    this.title.hidden = !many;
    this.title.setAttribute("aria-pressed", String(active));
    this.element.classList.toggle("active", many && active);
    this.element.classList.toggle("many", many);
  }

  /** @param {boolean} explored Whether there are items to look for neighbours among. */
  know(explored) {
    this.beside.hidden = !explored;
  }

  /** @param {{ pixels: latents.Pixels, asked: number }} picture */
  show({ pixels, asked }) {
    if (this.frames.count > 1) this.frames.show(pixels, this.exploration.shape);
    else paint(this.canvas, pixels, this.exploration.shape);
    // Which question this picture answers: how late it is can be measured from outside.
    this.canvas.dataset.shown = String(asked);
    const { words, way, reason } = this.steer.decoder;
    if (this.note.textContent !== words) this.note.textContent = words;
    this.note.title = way === "server" && reason ? reason : "";
  }

  moved() {
    this.canvas.dataset.asked = String(this.steer.asked);
    this.reading.of(this.steer.z, this.steer.label);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.steer.item >= 0 ? 0 : PATIENCE);
  }

  /** Find what is nearest to the latent among the items of the map. */
  look() {
    const { exploration, steer } = this;
    if (!exploration.ready) return;
    const z = steer.z;
    const data = exploration.data.stop > exploration.data.start;
    const own = steer.item;
    this.near = nearestCodes(exploration.ready, exploration.dim, z, NEIGHBOURS + 1, data ? (i) => exploration.isData(i) : null)
      .filter((each) => each.index !== own)
      .slice(0, NEIGHBOURS);
    const shown = own >= 0 ? own : this.near[0]?.index ?? -1;
    this.showReal(shown, own >= 0);
    this.drawThumbs();
    this.on.nearest(this.near[0]?.index ?? -1);
  }

  /** @param {number} index @param {boolean} own Whether the latent is this item's code. */
  async showReal(index, own) {
    this.realFigure.hidden = index < 0;
    if (index < 0) return;
    this.shownReal = index;
    await this.exploration.sheet(this.exploration.sheetOf(index)).catch(() => {});
    const { atlas } = this.exploration.document;
    if (this.shownReal !== index || !atlas) return;
    const { tile, height = tile } = atlas, side = Math.max(tile, height);
    Object.assign(this.real, { width: side, height: side });
    this.exploration.draw(index, brush(this.real), 0, 0, side);
    const real = this.exploration.isData(index);
    const name = this.on.name(index);
    this.realCaption.textContent = own ? name[0].toUpperCase() + name.slice(1) : `Nearest: ${name}`;
    this.real.setAttribute("aria-label", this.realCaption.textContent);
    this.caption.textContent = own && real ? "Decoded from its code" : "Decoded";
  }

  drawThumbs() {
    const cells = this.near.map(({ index, distance }) => {
      const canvas = make("canvas", { className: "pixels", width: THUMB, height: THUMB });
      const cell = make(
        "button",
        {
          type: "button", role: "listitem", className: "thumb", onclick: () => this.on.item(index),
          onpointerenter: () => this.on.point(index), onpointerleave: () => this.on.point(-1),
          title: `${this.on.name(index)}, ${plain(distance)} away in the latent space`,
          "aria-label": `${this.on.name(index)}, ${plain(distance)} away`,
        },
        canvas,
      );
      this.exploration.sheet(this.exploration.sheetOf(index)).then(
        () => this.exploration.draw(index, brush(canvas), 0, 0, THUMB),
        () => {},
      );
      return cell;
    });
    this.thumbs.replaceChildren(...cells);
  }
}

/**
 * Buttons for what concerns the latent as a whole.
 *
 * @param {Record<"random" | "reset" | "undo" | "redo" | "walk" | "save" | "link", () => void> & { load(file: File): void }} on
 */
export function latentActions(on) {
  const file = make("input", { type: "file", accept: ".json,application/json", hidden: true });
  file.onchange = () => {
    if (file.files?.[0]) on.load(file.files[0]);
    file.value = "";
  };
  const row = make(
    "div",
    { className: "actions" },
    iconButton("dice", "A latent drawn from the prior", on.random, "Random"),
    iconButton("reset", "Back to where this edit began", on.reset, "Reset"),
    iconButton("undo", "Undo", on.undo),
    iconButton("redo", "Redo", on.redo),
    iconButton("plus", "Add this latent to the walk", on.walk, "Walk"),
    make("span", { className: "gap" }),
    iconButton("save", "Save this latent as a small file", on.save),
    iconButton("link", "Copy a link to this latent", on.link),
    iconButton("load", "Load a saved latent (or drop its file here)", () => file.click()),
    file,
  );
  return row;
}

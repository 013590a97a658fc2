// Samples of the prior where the map will be: something to look at and to start from, drawn by the decoder alone.

import { iconButton, make, paint } from "../dom.js";
import { normal } from "../maths.js";

const COUNT = 30;

export class Samples {
  /** @param {explorer.Steer} steer The latent that a click moves. */
  constructor(steer) {
    this.steer = steer;
    /** @type {Float32Array[] | null} */
    this.list = null;
    this.grid = make("div", { className: "samples", role: "group", "aria-label": "Samples of the prior" });
    this.tiles = Array.from({ length: COUNT }, (_, i) => {
      const canvas = make("canvas", { className: "pixels", width: 28, height: 28 });
      const tile = make("button", { type: "button", className: "tile", title: "Take this sample to the sliders", "aria-label": `Sample ${i + 1}` }, canvas);
      tile.onclick = () => {
        if (this.list) this.steer.jump(this.list[i], { free: true });
      };
      this.grid.append(tile);
      return canvas;
    });
    this.element = make(
      "div",
      { className: "map sample-panel" },
      make("div", { className: "row" }, make("h2", { textContent: "Samples of the prior" }), make("span", { className: "gap" }),
        iconButton("dice", "Draw other samples of the prior", () => this.draw(), "Other samples")),
      this.grid,
    );
  }

  /** Draw new ones. */
  draw() {
    const { steer } = this, { mean, shape, dim } = steer.exploration;
    const list = Array.from({ length: COUNT }, () => normal(dim).map((value, i) => value + mean[i]));
    this.list = list;
    steer.pump.ask("samples", list, steer.label, (pixels, first, count) => {
      if (this.list !== list) return;
      for (let i = 0; i < count; i++) paint(this.tiles[first + i], pixels, shape, i);
      if (first + count === list.length) this.grid.dataset.drawn = "all";
    });
  }
}

/**
 * Stands in for a map that is not there yet.
 *
 * @implements {explorer.Panel}
 */
export class NoMap {
  constructor() {
    this.element = make("div");
    this.live = make("div");
    /** @type {latents.Affine | null} */
    this.affine = null;
    /** @type {explorer.Category | null} */
    this.category = null;
    this.chosen = 0;
    /** @type {Uint8Array} */
    this.flags = new Uint8Array(0);
    this.hidden = new Uint8Array(0);
    this.picked = -1;
    /** @type {Float32Array | null} */
    this.places = null;
    this.projection = "";
    /** @type {explorer.Panel["overlay"]} */
    this.overlay = {
      latent: null, names: null, nearest: -1, other: -1, walk: {}, placeMarker() {}, setGroups() {}, showManifold() {},
    };
  }

  /** @param {Uint8Array} flags */
  select(flags) {
    this.flags = flags;
  }

  async project() {}

  colour() {}

  destroy() {}

  drawOver() {}

  home() {}

  measure() {}

  use() {}
}

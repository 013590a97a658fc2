// Samples of the prior where the map will be: something to look at and to start from, drawn by the decoder alone.

import { iconButton, make, paint } from "../dom.js";
import { normal } from "./maths.js";

const COUNT = 30;

export class Samples {
  /** @param steer The latent that a click moves. */
  constructor(steer) {
    this.steer = steer;
    this.grid = make("div", { className: "samples", role: "group", "aria-label": "Samples of the prior" });
    this.tiles = Array.from({ length: COUNT }, (_, i) => {
      const canvas = make("canvas", { className: "pixels", width: 28, height: 28 });
      const tile = make("button", { type: "button", className: "tile", title: "Take this sample to the sliders", "aria-label": `Sample ${i + 1}` }, canvas);
      tile.onclick = () => this.list && this.steer.jump(this.list[i], { free: true });
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

/** Stands in for a map that is not there yet. */
export class NoMap {
  constructor(exploration) {
    const nothing = () => {};
    Object.assign(this, { exploration, chosen: 0, picked: -1, affine: null, flags: new Uint8Array(0), hidden: new Uint8Array(0), live: {} });
    this.overlay = { showManifold: nothing, placeMarker: nothing, setGroups: nothing };
    for (const name of ["destroy", "drawOver", "draw", "home", "use", "measure", "colour"]) this[name] = nothing;
    this.element = make("div", {});
  }

  select(flags) {
    this.flags = flags;
  }

  async project() {}
}

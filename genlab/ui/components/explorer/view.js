// One model as the explorer shows it: its latent, its picture, and its map, or samples where there is none yet.

import { make } from "../dom.js";
import { Legend } from "./legend.js";
import { MapPanel } from "./map.js";
import { PictureCard } from "./pictures.js";
import { NoMap, Samples } from "./samples.js";
import { Steer } from "./steer.js";
import { nameOf } from "./words.js";

/** @typedef {import("./app.js").App} App */

/**
 * A model, open.
 *
 * @param {App} app What is told of all that happens to it.
 * @param {explorer.Exploration} exploration
 * @param {number} place Which of the app's views it is.
 * @param {string} wanted Where to decode.
 * @returns {explorer.View}
 */
export function openView(app, exploration, place, wanted) {
  const steer = new Steer(exploration, wanted);
  const card = new PictureCard(steer, {
    activate: () => app.activate(place),
    item: (index) => app.pick(place, index),
    nearest: (index) => {
      view.map.overlay.nearest = index;
      if (!view.map.affine) view.map.drawOver();
    },
    point: (index) => { view.map.overlay.other = index; view.map.drawOver(); },
    name: (index) => nameOf(view, index),
  });
  steer.addEventListener("move", () => app.moved(place));
  steer.addEventListener("settle", () => app.settled(place));
  /** @type {explorer.View} */
  const view = { exploration, steer, card, classes: null, label: steer.label, ...mapOf(app, exploration, steer, place) };
  return view;
}

/**
 * Give a model another map and legend, because it has been explored.
 *
 * @param {App} app
 * @param {explorer.View} view
 * @param {number} place
 */
export function lend(app, view, place) {
  view.map.destroy();
  Object.assign(view, mapOf(app, view.exploration, view.steer, place));
}

/**
 * A map and its legend, or samples where there is no map yet, and what they lie on.
 *
 * @param {App} app
 * @param {explorer.Exploration} exploration
 * @param {explorer.Steer} steer
 * @param {number} place
 * @returns {Pick<explorer.View, "map" | "legend" | "samples" | "panel">}
 */
function mapOf(app, exploration, steer, place) {
  const legend = new Legend(exploration, () => app.recolour());
  const title = make("h2", { textContent: exploration.title, className: "map-title" });
  if (!exploration.explored) {
    const samples = new Samples(steer);
    return { map: new NoMap(), legend, samples, panel: make("div", { className: "panel" }, title, samples.element) };
  }
  const map = new MapPanel(exploration, {
    hover: (index) => app.hover(place, index),
    pick: (index) => app.pick(place, index),
    place: (at) => app.placed(place, at),
    select: (items, mode) => app.select(place, items, mode),
    tool: (name) => app.use(name),
    walk: () => app.addToWalk(),
  });
  map.element.append(legend.element);
  return { map, legend, samples: null, panel: make("div", { className: "panel" }, title, map.element) };
}

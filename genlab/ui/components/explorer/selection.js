// One selection for all maps: an image of the data that is selected in one is selected in the other.

import { packFlags } from "../maths.js";

/** @typedef {{ exploration: Pick<explorer.Exploration, "match" | "n">, map: Pick<explorer.Panel, "chosen" | "flags" | "hidden" | "select"> }[]} Views */

/**
 * Item `index` of map `place` in map `other`, or -1.
 *
 * @param {Views} views
 * @param {number} place
 * @param {number} other
 * @param {number} index
 */
export function twin(views, place, other, index) {
  const there = /** @type {explorer.Exploration} */ (views[other].exploration);
  return index < 0 ? -1 : views[place].exploration.match(index, there);
}

/**
 * Select items of one map and their twins.
 *
 * @param {Views} views
 * @param {number} place
 * @param {number[]} items
 * @param {explorer.Mode} mode
 */
export function choose(views, place, items, mode) {
  const flags = views.map(({ map, exploration }) => (mode === "only" ? new Uint8Array(exploration.n) : Uint8Array.from(map.flags)));
  flags.forEach((each, i) => {
    for (const item of items) {
      const own = i === place ? item : twin(views, place, i, item);
      if (own >= 0) each[own] = mode === "remove" ? 0 : mode === "toggle" ? 1 - views[place].map.flags[item] : 1;
    }
  });
  views.forEach(({ map }, i) => map.select(flags[i]));
}

/**
 * Select what is shown ("all"), nothing ("none"), or what was not selected ("invert").
 *
 * @param {Views} views
 * @param {"all" | "none" | "invert"} what
 */
export function chooseAll(views, what) {
  for (const { map } of views) {
    map.select(Uint8Array.from(map.flags, (flag, i) => (what === "none" || map.hidden[i] ? 0 : what === "all" ? 1 : 1 - flag)));
  }
}

/** The selection as Python is told. @param {Views} views */
export function selectionOf(views) {
  return { bits: views.map(({ map }) => packFlags(map.flags)), counts: views.map(({ map }) => map.chosen) };
}

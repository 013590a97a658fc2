// One selection for all maps: an image of the data that is selected in one is selected in the other.

import { packFlags } from "./maths.js";

/** Item `index` of map `place` in map `other`, or -1. */
export function twin(views, place, other, index) {
  return index < 0 ? -1 : views[place].exploration.match(index, views[other].exploration);
}

/** Select items of one map and their twins. @param mode "only", "add", "remove" or "toggle". */
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

/** Select what is shown ("all"), nothing ("none"), or what was not selected ("invert"). */
export function chooseAll(views, what) {
  for (const { map } of views) {
    map.select(Uint8Array.from(map.flags, (flag, i) => (what === "none" || map.hidden[i] ? 0 : what === "all" ? 1 : 1 - flag)));
  }
}

/** The selection as Python is told. */
export function selectionOf(views) {
  return { bits: views.map(({ map }) => packFlags(map.flags)), counts: views.map(({ map }) => map.chosen) };
}

// A walk on the map: its points, and where the latent has a place of its own, the way between them.

import { along, lerp, slerp } from "../maths.js";
import { placeOf } from "./places.js";

const PATH_POINTS = 40;

/** How each way is drawn. @type {{ way: latents.Way, dash: number[] }[]} */
const WAYS = [{ way: lerp, dash: [] }, { way: slerp, dash: [5, 4] }];

/**
 * Draw a walk on a map; nothing on the map of a model it does not belong to.
 *
 * @param {explorer.Panel} map
 * @param {import("./walk.js").Walk} walk
 * @param {boolean} mine
 */
export function drawTrail(map, walk, mine) {
  const points = mine ? walk.points : [];
  const { affine, places } = map;
  const stops = points.map(({ index, z }) => (places && index !== undefined ? placeOf(places, index) : affine && affine.apply(z)));
  const lines = [];
  if (points.length > 1 && affine) {
    for (const { way, dash } of WAYS) {
      const path = Array.from({ length: PATH_POINTS + 1 }, (_, k) => affine.apply(along(walk.stops, k / PATH_POINTS, way)));
      lines.push({ path, dash });
    }
  }
  map.overlay.walk = { stops, lines, head: null };
  map.drawOver();
}

/**
 * Show how far the walk has come.
 *
 * @param {explorer.Panel} map
 * @param {import("./walk.js").Walk} walk
 * @param {number} t
 */
export function moveHead(map, walk, t) {
  if (!map.affine || walk.points.length < 2) return;
  map.overlay.walk.head = map.affine.apply(along(walk.stops, t, lerp));
  map.drawOver();
}

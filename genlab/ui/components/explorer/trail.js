// A walk on the map: its points, and where the latent has a place of its own, the way between them.

import { along, lerp, slerp } from "./maths.js";

const PATH_POINTS = 40;

/** Draw a walk on a map; nothing on the map of a model it does not belong to. */
export function drawTrail(map, walk, mine) {
  const points = mine ? walk.points : [];
  const place = (z) => (map.affine ? map.affine.apply(z) : null);
  const stops = points.map(({ kind, index, z }) => (kind === "item" ? [map.places[2 * index], map.places[2 * index + 1]] : place(z)));
  const lines = [];
  if (points.length > 1 && map.affine) {
    for (const [way, dash] of [[lerp, []], [slerp, [5, 4]]]) {
      const path = Array.from({ length: PATH_POINTS + 1 }, (_, k) => place(along(walk.stops, k / PATH_POINTS, way)));
      lines.push({ path, dash });
    }
  }
  map.overlay.walk = { stops, lines, head: null };
  map.drawOver();
}

/** Show how far the walk has come. */
export function moveHead(map, walk, t) {
  if (!map.affine || walk.points.length < 2) return;
  map.overlay.walk.head = map.affine.apply(along(walk.stops, t, lerp));
  map.drawOver();
}

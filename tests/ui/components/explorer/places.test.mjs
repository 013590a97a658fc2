import assert from "node:assert/strict";
import { test } from "node:test";

import { Grid, View, boxOf, inside, placeOf, step, thinned } from "../../../../genlab/ui/components/explorer/places.js";

const everything = () => true;

/** Places that cover [-1, 1] evenly enough, always the same ones. */
function spread(n) {
  const out = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) out.set([((i * 0.618034) % 1) * 2 - 1, ((i * 0.754877) % 1) * 2 - 1], 2 * i);
  return out;
}

test("the grid finds the same nearest point as looking at all of them", () => {
  const places = spread(3000), grid = new Grid(places);
  for (const [x, y] of [[0, 0], [0.93, -0.4], [-1, -1], [0.31, 0.77], [1.4, 1.4]]) {
    const far = (i) => Math.hypot(places[2 * i] - x, places[2 * i + 1] - y);
    let best = -1;
    for (let i = 0; i < 3000; i++) if (far(i) <= 0.1 && (best < 0 || far(i) < far(best))) best = i;
    assert.equal(grid.nearest(x, y, 0.1, everything), best);
  }
});

test("hidden points are passed over, and nothing is found where nothing is", () => {
  const grid = new Grid(Float32Array.of(0, 0, 0.05, 0));
  assert.equal(grid.nearest(0.01, 0, 0.2, everything), 0);
  assert.equal(grid.nearest(0.01, 0, 0.2, (i) => i !== 0), 1);
  assert.equal(grid.nearest(0.9, 0.9, 0.2, everything), -1);
  assert.equal(new Grid(new Float32Array(0)).nearest(0, 0, 1, everything), -1);
});

test("arrow keys step to what lies ahead rather than aside, and stop at the edge", () => {
  const places = Float32Array.of(0, 0, 0.5, 0.02, 0.2, 0.9, -0.5, 0);
  assert.equal(step(places, 0, 1, 0, everything), 1);
  assert.equal(step(places, 0, 0, 1, everything), 2, "the one that is hardly above is further aside");
  assert.equal(step(places, 0, -1, 0, everything), 3);
  assert.equal(step(places, 1, 1, 0, everything), -1);
  assert.equal(step(places, 0, 1, 0, (i) => i !== 1), 2);
});

test("a lasso selects what is inside, with a hole where it crosses itself", () => {
  const places = Float32Array.of(0, 0, 0.9, 0.9, 0.4, 0.4, -0.6, 0.6);
  const found = [];
  inside(places, [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]], everything, (i) => found.push(i));
  assert.deepEqual(found, [0, 2]);
  const bow = [[-1, -1], [1, 1], [1, -1], [-1, 1]], crossed = [];
  inside(Float32Array.of(0.8, 0, 0, 0.8), bow, everything, (i) => crossed.push(i));
  assert.deepEqual(crossed, [0]);
});

test("a box has four corners, and a lasso loses its crowd of points", () => {
  assert.deepEqual(boxOf({ start: [1, 2], last: [5, 7] }), [[1, 2], [5, 2], [5, 7], [1, 7]]);
  assert.deepEqual(thinned([[0, 0], [1, 0], [1.5, 0], [3, 0]], 2), [[0, 0], [3, 0]]);
});

test("what is drawn at a pixel is found at that pixel, at any zoom", () => {
  const view = new View();
  Object.assign(view, { width: 800, height: 400 });
  assert.deepEqual(view.toScreen(0, 0), [400, 200]);
  assert.deepEqual(view.toScreen(1, 1), [600, 0], "equal aspect, upwards");
  view.zoomAt(650, 90, 3);
  view.move(40, -25);
  const [x, y] = view.toPlace(123, 321), back = view.toScreen(x, y);
  assert.ok(Math.hypot(back[0] - 123, back[1] - 321) < 1e-9);
  const { sx, sy, tx, ty } = view.clip();
  assert.ok(Math.abs((x * sx + tx + 1) * 400 - 123) < 1e-9);
  assert.ok(Math.abs((1 - y * sy - ty) * 200 - 321) < 1e-9);
});

test("zooming leaves the pixel under the pointer where it is, within limits", () => {
  const view = new View();
  Object.assign(view, { width: 500, height: 500 });
  const before = view.toPlace(300, 280);
  view.zoomAt(300, 280, 2);
  view.toPlace(300, 280).forEach((value, i) => assert.ok(Math.abs(value - before[i]) < 1e-9));
  view.zoomAt(0, 0, 1e9);
  assert.equal(view.zoom, 200);
  view.move(1e9, 0);
  assert.equal(view.x, -1.5);
  view.reset();
  assert.deepEqual([view.zoom, view.x, view.y], [1, 0, 0]);
});

test("an item's place is its pair", () => {
  assert.deepEqual(placeOf([1, 2, 3, 4], 1), [3, 4]);
});

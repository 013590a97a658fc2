import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../../genlab/ui/components/playground/history.js";

const picture = (step) => ({ step, row: { step, models: {} } });
const steps = (history) => history.moments.map((moment) => moment.picture.step);

test("moments stay few and evenly spread, from the first to nearly now", () => {
  const history = new History();
  for (let step = 0; step <= 6000; step += 3) history.add(picture(step));
  const seen = steps(history), gaps = seen.slice(1).map((step, i) => step - seen[i]);
  assert.ok(seen.length > 60 && seen.length <= 150, `${seen.length}`);
  assert.equal(seen[0], 0);
  assert.ok(seen.at(-1) > 5800);
  assert.ok(Math.max(...gaps) < 4 * Math.min(...gaps), `${Math.min(...gaps)} to ${Math.max(...gaps)}`);
});

test("a picture of the same step takes the place of the one before", () => {
  const history = new History(), again = picture(5);
  history.add(picture(0));
  history.add(picture(5));
  history.add(again);
  assert.deepEqual(steps(history), [0, 5]);
  assert.equal(history.moments[1].picture, again);
});

test("training that begins anew begins a new history", () => {
  const history = new History();
  for (const step of [0, 10, 20]) { history.add(picture(step)); history.addRow({ step }); }
  history.addRow({ step: 0 });
  history.add(picture(0));
  assert.deepEqual(steps(history), [0]);
  assert.deepEqual(history.rows.map((row) => row.step), [0]);
});

test("rows of the curves are thinned where they are old", () => {
  const history = new History();
  for (let step = 0; step < 3000; step++) history.addRow({ step });
  const seen = history.rows.map((row) => row.step);
  assert.ok(seen.length <= 800);
  assert.equal(seen[0], 0);
  assert.deepEqual(seen.slice(-100), Array.from({ length: 100 }, (_, i) => 2900 + i));
  history.addRow({ step: 2999, again: true });
  assert.equal(history.rows.at(-1).again, true);
  assert.equal(history.rows.at(-2).step, 2998);
});

test("the moment nearest to a step is found", () => {
  const history = new History();
  for (const step of [0, 10, 20, 50]) history.add(picture(step));
  assert.deepEqual([-5, 4, 6, 16, 34, 36, 999].map((step) => history.nearest(step)), [0, 0, 1, 2, 2, 3, 3]);
});

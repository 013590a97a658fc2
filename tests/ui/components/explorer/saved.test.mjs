import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { fitting, link, note, padded, parse, walkInAddress } from "../../../../genlab/ui/components/explorer/saved.js";

const model = { dim: 3, classes: ["a", "b"], title: "Tiny" };
const z = Float32Array.of(0.5, -1, 2);
const here = globalThis.location, past = globalThis.history;
let replaced;

beforeEach(() => {
  replaced = [];
  go("http://127.0.0.1:8501/latent?run=tiny&z=old&y=1&w=x&map=umap&colour=class");
  globalThis.history = { state: 7, replaceState: (...what) => replaced.push(what) };
});

afterEach(() => Object.assign(globalThis, { location: here, history: past }));

function go(address) {
  const { href, search } = new URL(address);
  Object.defineProperty(globalThis, "location", { value: { href, search }, configurable: true, writable: true });
}

test("a saved latent is read back, with its class", () => {
  const file = JSON.stringify({ genlab: "latent", version: 1, run: "tiny", z: [...z], y: 1 });
  assert.deepEqual(parse(file, model), { z, y: 1 });
});

test("what is no saved latent is refused in a sentence", () => {
  const refused = [
    ["{", /not JSON/], ["null", /not a saved latent/], ["[]", /not a saved latent/], ['{"genlab": "walk", "z": [1]}', /not a saved latent/],
    ['{"genlab": "latent"}', /not a saved latent/], ['{"genlab": "latent", "z": [1, 2], "run": "other"}', /2 values; Tiny has 3 dimensions.*other/],
    ['{"genlab": "latent", "z": [1, 2, "x"]}', /not a number/], ['{"genlab": "latent", "z": [1, 2, 1e999]}', /not a number/],
  ];
  for (const [text, why] of refused) assert.throws(() => parse(text, model), why, text);
});

test("a class is taken only where the model has it", () => {
  for (const y of [-1, 2, 0.5, "1", null, undefined]) assert.equal(fitting({ z, y }, model).y, undefined);
  assert.equal(fitting({ z, y: 0 }, model).y, 0);
  assert.equal(fitting({ z, y: 0 }, { ...model, classes: null }).y, undefined);
});

test("a latent in an address is base64 of float32, in whole groups of four", () => {
  assert.equal(padded(z).length % 4, 0);
  assert.deepEqual(fitting({ z: padded(z) }, model).z, z);
  assert.throws(() => fitting({ z: padded([1]) }, model), /1 values/);
});

test("an address that is cut off is refused in a sentence, too", () => {
  assert.throws(() => fitting({ z: "AAAAAAA=" }, model), /latent cannot be read/);
  assert.throws(() => fitting({ z: "?" }, model), /latent cannot be read/);
});

test("a link holds the latent, and the class of a model that is told one", () => {
  const told = new URL(link({ z, label: 0 }));
  assert.equal(told.searchParams.get("z"), padded(z));
  assert.equal(told.searchParams.get("y"), "0");
  assert.equal(told.searchParams.get("run"), "tiny");
  assert.equal(new URL(link({ z, label: null })).searchParams.has("y"), false);
});

test("the address follows latent, walk and view, and is left alone when it says so already", () => {
  const points = [{ z }, { z: Float32Array.of(1, 1, 1) }];
  const shown = { steer: { z, label: null }, walk: { points }, projection: "pca", colour: "" };
  note(shown);
  const [[state, , address]] = replaced, { searchParams } = new URL(address);
  assert.equal(state, 7);
  assert.deepEqual(searchParams.getAll("w"), points.map((point) => padded(point.z)));
  assert.equal(searchParams.get("map"), "pca");
  assert.equal(searchParams.has("colour"), false);
  go(address);
  note(shown);
  assert.equal(replaced.length, 1);
});

test("the walk of an address is read as far as it fits, four points at most", () => {
  const words = [padded(z), padded([1, 2]), "???", padded([3, 2, 1]), padded(z), padded(z)];
  go(`http://127.0.0.1:8501/latent?${new URLSearchParams(words.map((word) => ["w", word]))}`);
  const found = walkInAddress(model);
  assert.deepEqual(found.map((point) => [point.kind, ...point.z]), [["latent", 0.5, -1, 2], ["latent", 3, 2, 1]]);
});

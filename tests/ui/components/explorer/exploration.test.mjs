import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Exploration } from "../../../../genlab/ui/components/explorer/exploration.js";

const before = { fetch: globalThis.fetch, document: globalThis.document };
let files, asked;

const DOCUMENT = {
  run: "r", name: "Tiny", images: 10, data: "digits", fingerprint: "f", latent_dim: 2, shape: [1, 4, 4], n: 4, classes: ["a", "b"],
  conditional: true, changes: 0, attributes: [], projections: ["pca"], atlas: { tile: 4, columns: 2, rows: 1, sheets: 2 },
  parts: [{ name: "data", title: "Real images", start: 0, stop: 3 }, { name: "samples", title: "Samples", start: 3, stop: 4 }],
  directions: [{ name: "d", title: "D", method: "pca", scale: 0, strength: 1, note: "" }],
};
const SOURCE = { run: "r", base: "runs/r/latent/k/", version: "v 1", changes: 0, directions: [], model: null, graph: null, weights: null };

beforeEach(() => {
  asked = [];
  files = {
    "exploration.json": () => Response.json(DOCUMENT),
    "map-pca.f32": () => new Response(Float32Array.of(0, 0, 10, 5, 4, 1, NaN, 2).buffer),
    "directions.f32": () => new Response(Float32Array.of(0.6, 0.8).buffer),
    "codes.f32": () => new Response(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7).buffer),
  };
  globalThis.document = { baseURI: "http://127.0.0.1:8501/latent?run=r" };
  globalThis.fetch = (address) => {
    asked.push(address);
    const made = files[new URL(address).pathname.split("/").pop()];
    if (made === "down") return Promise.reject(new TypeError("failed"));
    return Promise.resolve(made ? made() : new Response("", { status: 404 }));
  };
});

afterEach(() => Object.assign(globalThis, before));

test("files are asked for once, under addresses that change with their version", async () => {
  const found = await Exploration.open(SOURCE);
  await Promise.all([found.floats("codes.f32"), found.codes()]);
  assert.deepEqual(asked, ["http://127.0.0.1:8501/runs/r/latent/k/exploration.json", "http://127.0.0.1:8501/runs/r/latent/k/codes.f32?v=v%201"]);
  assert.deepEqual([...found.code(2)], [4, 5]);
  assert.match(found.address("directions.f32"), /\?v=v%201$/);
  found.describe({ ...DOCUMENT, changes: 3 });
  assert.match(found.address("directions.f32"), /\?v=v%201-3$/);
  assert.match(found.address("codes.f32"), /\?v=v%201$/);
});

test("places fill [-1, 1] with equal aspect, and what is not finite stays in the middle", async () => {
  const found = await Exploration.open(SOURCE), places = await found.places("pca");
  const wanted = [-0.95, -0.475, 0.95, 0.475, -0.19, -0.285, 0, -0.095];
  places.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-6, `${i}: ${value}`));
});

test("a failure is a sentence that names the file, and is not remembered", async () => {
  const found = await Exploration.open(SOURCE), codes = files["codes.f32"];
  files["codes.f32"] = undefined;
  await assert.rejects(found.codes(), /codes\.f32 is not there \(404\)/);
  files["codes.f32"] = "down";
  await assert.rejects(found.codes(), /Check that genlab is still running/);
  assert.throws(() => found.code(0), /not there yet/);
  files["codes.f32"] = codes;
  await found.codes();
  assert.equal(found.ready.length, 8);
});

test("directions are those of the files, those of Python, and the axes; none has no extent", async () => {
  const mine = { name: "m", title: "Mine", method: "groups", scale: 2, strength: 0, note: "", vector: [1, 0] };
  const found = await (await Exploration.open({ ...SOURCE, directions: [mine] })).directions();
  assert.deepEqual(found.map(({ name, scale }) => [name, scale]), [["d", 1], ["m", 2], ["dimension-0", 1], ["dimension-1", 1]]);
  assert.deepEqual([...found[0].vector], [...Float32Array.of(0.6, 0.8)]);
  assert.deepEqual([...found[3].vector], [0, 1]);
});

test("a model without an exploration is known all the same, and is upgraded when there is one", async () => {
  const model = { ...DOCUMENT, n: undefined, parts: undefined, atlas: undefined, attributes: undefined, projections: undefined, conditional: false };
  const directions = [{ ...DOCUMENT.directions[0], vector: [0, 1] }];
  const found = await Exploration.open({ ...SOURCE, base: "", model: { ...model, directions } });
  assert.deepEqual([found.explored, found.n, found.classes, asked.length], [false, 0, null, 0]);
  assert.deepEqual([...(await found.directions())[0].vector], [0, 1]);
  await found.upgrade(SOURCE);
  assert.deepEqual([found.explored, found.n, found.classes], [true, 4, ["a", "b"]]);
  await assert.rejects(Exploration.open({ ...SOURCE, base: "" }), /Nothing is known of r/);
});

test("the same image of the same data is the same item elsewhere", async () => {
  const one = await Exploration.open(SOURCE), other = await Exploration.open(SOURCE);
  other.describe({ ...DOCUMENT, parts: [{ name: "data", title: "", start: 5, stop: 7 }] });
  assert.deepEqual([0, 1, 2, 3].map((index) => one.match(index, other)), [5, 6, -1, -1]);
  assert.equal(one.match(3, one), 3);
  other.describe({ ...other.document, fingerprint: "g" });
  assert.equal(one.match(0, other), -1);
});

test("pictures lie on their sheets, and are drawn once those are there", async () => {
  const found = await Exploration.open(SOURCE), drawn = [], context = { drawImage: (...where) => drawn.push(where.slice(1)) };
  assert.deepEqual([0, 1, 2, 3].map((index) => found.sheetOf(index)), [0, 0, 1, 1]);
  assert.equal(found.draw(3, context, 0, 0, 8), false);
  found.sheets[1] = {};
  assert.ok(found.hasPicture(3) && !found.hasPicture(0));
  assert.ok(found.draw(3, context, 10, 20, 8));
  assert.deepEqual(drawn, [[4, 0, 4, 4, 10, 20, 8, 8]]);
  assert.equal(found.partOf(3).name, "samples");
  assert.deepEqual(found.flagsOf("CQ=="), Uint8Array.of(1, 0, 0, 1));
  assert.equal(found.flagsOf(null), null);
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Decoder, Pump, fetchDecoder } from "../../../genlab/ui/components/decoder.js";
import { floatsToText } from "../../../genlab/ui/components/maths.js";

const before = { fetch: globalThis.fetch, document: globalThis.document };
const exploration = { dim: 2, classes: null, source: { graph: null, decode: "runs/r/decode" }, document: { images: 70 } };
let asked;

beforeEach(() => {
  asked = [];
  globalThis.document = { baseURI: "http://127.0.0.1:8501/latent" };
  globalThis.fetch = (address) => {
    asked.push(new URL(address));
    return Promise.resolve(new Response(Uint8Array.of(1, 2, 3)));
  };
});

afterEach(() => Object.assign(globalThis, before));

test("where the browser cannot decode, the server is asked, with latents and classes in the address", async () => {
  const decoder = new Decoder({ ...exploration, classes: ["a", "b"] }, "auto");
  assert.equal(decoder.way, "server");
  assert.deepEqual(await decoder.decode(Float32Array.of(1, 2, 3, 4), [0, 1], 2), Uint8Array.of(1, 2, 3));
  const [{ pathname, searchParams }] = asked;
  assert.equal(pathname, "/runs/r/decode");
  assert.deepEqual(Object.fromEntries(searchParams), { z: floatsToText([1, 2, 3, 4]), images: "70", y: "0,1" });
});

test("what the server refuses is said in its words, and silence in ours", async () => {
  const decoder = new Decoder(exploration, "server");
  globalThis.fetch = () => Promise.resolve(new Response("This run draws points.", { status: 400 }));
  await assert.rejects(decoder.decode(new Float32Array(2), null, 1), /This run draws points/);
  globalThis.fetch = () => Promise.reject(new TypeError("failed"));
  await assert.rejects(decoder.decode(new Float32Array(2), null, 1), /genlab is still running/);
});

test("addresses stay short enough, and calls to the browser shorter than a frame", () => {
  const decoder = new Decoder({ ...exploration, dim: 256 }, "server");
  assert.ok(decoder.batch * 256 * 4 * (4 / 3) <= 8000 && decoder.batch >= 1);
  assert.equal(new Decoder({ ...exploration, dim: 5000 }, "server").batch, 1);
  decoder.way = "browser";
  decoder.times = [2, 0.1, 1];
  assert.equal(decoder.typical, 1);
  assert.equal(decoder.batch, 8);
  assert.equal(decoder.words, "Decoding in the browser, 1.0 ms");
});

/** A decoder that answers when it is told to, and remembers what it was asked. */
function scripted() {
  const calls = [];
  const decode = (latents, classes, n) => new Promise((resolve, reject) => {
    calls.push({ latents: [...latents], classes: classes && [...classes], n, resolve: () => resolve(new Uint8Array(n)), reject });
  });
  return { calls, decoder: { batch: 2, decode, exploration: { dim: 1, classes: null } } };
}

/** The pump's next call has been made: it waits for a timer of 1 ms, and timers of one length come in turn. */
async function turn() {
  for (let i = 0; i < 3; i++) await new Promise((next) => void setTimeout(next, 1));
}

const list = (...values) => values.map((value) => Float32Array.of(value));

test("the pump asks for one part at a time, the picture before everything else", async () => {
  const { calls, decoder } = scripted(), pump = new Pump(decoder), done = [];
  pump.ask("strip", list(1, 2, 3), null, (_, first, count) => done.push(["strip", first, count]));
  pump.ask("walk", list(8), null, () => done.push(["walk"]));
  pump.ask("picture", list(9), null, () => done.push(["picture"]));
  assert.equal(calls.length, 1);
  for (let i = 0; i < 4; i++) {
    calls[i].resolve();
    await turn();
  }
  assert.deepEqual(calls.map((call) => call.latents), [[1, 2], [9], [3], [8]]);
  assert.deepEqual(done, [["strip", 0, 2], ["picture"], ["strip", 2, 1], ["walk"]]);
  assert.equal(pump.busy, false);
});

test("a newer question replaces the one before; only of the picture an old answer is still shown", async () => {
  const { calls, decoder } = scripted(), pump = new Pump(decoder), done = [];
  pump.ask("strip", list(1, 2, 3), null, () => done.push("old strip"));
  pump.ask("strip", list(4), null, () => done.push("new strip"));
  calls[0].resolve();
  await turn();
  calls[1].resolve();
  await turn();
  pump.ask("picture", list(5), null, () => done.push("old picture"));
  pump.ask("picture", list(6), null, () => done.push("new picture"));
  calls[2].resolve();
  await turn();
  calls[3].resolve();
  await turn();
  assert.deepEqual(done, ["new strip", "old picture", "new picture"]);
});

test("a failure is told to who asked, and the others go on", async () => {
  const { calls, decoder } = scripted(), pump = new Pump(decoder), told = [];
  pump.ask("strip", list(1, 2, 3), null, () => told.push("strip"), (error) => told.push(error.message));
  pump.ask("walk", list(4), null, () => told.push("walk"));
  calls[0].reject(new Error("no place"));
  await turn();
  calls[1].resolve();
  await turn();
  assert.deepEqual(told, ["no place", "walk"]);
  assert.equal(calls.length, 2);
});

test("a conditional model is asked with the class for every latent", () => {
  const { calls, decoder } = scripted();
  decoder.exploration.classes = ["a", "b"];
  new Pump(decoder).ask("strip", list(1, 2), 1, () => {});
  assert.deepEqual(calls[0].classes, [1, 1]);
});

test("where the browser has to decode, nothing else is asked, and a failure is thrown", async () => {
  const missing = { ...exploration, decoder: () => Promise.reject(new Error("decoder.onnx is not there (404).")) };
  const decoder = new Decoder(missing, "browser");
  await assert.rejects(decoder.open(), /not there/);
  assert.equal(decoder.way, "browser");
  assert.ok(!asked.some(({ pathname }) => pathname.endsWith("/decode")));
});

test("a decoder's files come from their addresses, weights only where there are any", async () => {
  const both = await fetchDecoder({ graph: "a/decoder.onnx", weights: "a/decoder.weights" });
  assert.deepEqual(asked.map(({ pathname }) => pathname), ["/a/decoder.onnx", "/a/decoder.weights"]);
  assert.deepEqual(both.weights, Uint8Array.of(1, 2, 3));
  assert.equal((await fetchDecoder({ graph: "a/decoder.onnx", weights: null })).weights, null);
  await assert.rejects(fetchDecoder({ graph: null, weights: null }), /no decoder/);
  globalThis.fetch = () => Promise.resolve(new Response("", { status: 404 }));
  await assert.rejects(fetchDecoder({ graph: "a/decoder.onnx?v=1", weights: null }), /decoder\.onnx is not there \(404\)/);
});

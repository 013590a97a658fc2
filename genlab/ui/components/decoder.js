// From latents to pixels: ONNX Runtime in this browser, or genlab's server where that is not possible.

import { sentence } from "./dom.js";
import { floatsToText } from "./maths.js";

/** @type {Promise<latents.Runtime> | undefined} */
let runtime;

/** ONNX Runtime Web, loaded once for the page. */
export function loadRuntime() {
  const vendor = new URL("vendor/", import.meta.url).href;
  // Both parts at once: the second would else be asked for when the first session is made.
  if (!runtime) fetch(`${vendor}ort-wasm-simd-threaded.wasm`).catch(() => {});
  const loading = runtime ?? import(`${vendor}ort.wasm.bundle.min.mjs`).then((/** @type {latents.Runtime} */ ort) => {
    ort.env.wasm.wasmPaths = { wasm: `${vendor}ort-wasm-simd-threaded.wasm` };
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = "error";
    return ort;
  });
  runtime = loading;
  loading.catch(() => (runtime = undefined));
  return loading;
}

const LONGEST_ADDRESS = 8000;

/**
 * A decoder's files: {graph, weights}, weights null where the graph holds them itself.
 *
 * @param {latents.Source} source Their addresses.
 */
export async function fetchDecoder({ graph, weights }) {
  if (!graph) throw new Error("This model has no decoder for browsers.");
  /** @param {string} address */
  const bytes = async (address) => new Uint8Array(await (await fetched(new URL(address, document.baseURI).href)).arrayBuffer());
  const [first, second] = await Promise.all([bytes(graph), weights ? bytes(weights) : null]);
  return { graph: first, weights: second };
}

/** Fetch, or fail with a sentence that names the file. @param {string} address */
export async function fetched(address) {
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    throw new Error("The server does not answer. Check that genlab is still running.");
  }
  if (!answer.ok) throw new Error(`${address.split("/").pop()?.split("?")[0]} is not there (${answer.status}). Explore this model again.`);
  return answer;
}

export class Decoder {
  /**
   * @param {latents.Decodable} exploration Whose decoder.
   * @param {string} wanted "auto", "server" to leave the browser's out, or "browser" to fail where it cannot decode.
   */
  constructor(exploration, wanted) {
    this.exploration = exploration;
    this.wanted = wanted;
    this.opened = false;
    /** Milliseconds of the latest pictures. @type {number[]} */
    this.times = [];
    /** @type {{ ort: latents.Runtime, session: latents.Session } | null} */
    this.engine = null;
    /** @type {Promise<void> | null} */
    this.opening = null;
    const able = Boolean(exploration.source.graph) && typeof WebAssembly === "object";
    /** @type {"server" | "browser"} */
    this.way = wanted === "browser" || (wanted === "auto" && able) ? "browser" : "server";
    this.reason = "";
  }

  /** Prepare whatever is used, so that the first picture does not wait for it. */
  async open() {
    if (this.way === "browser" && !this.engine) await (this.opening ??= this.openSession());
    this.opened = true;
  }

  async openSession() {
    try {
      const [ort, { graph, weights }] = await Promise.all([loadRuntime(), this.exploration.decoder()]);
      const externalData = weights ? { externalData: [{ path: "weights", data: weights }] } : {};
      const options = { executionProviders: ["wasm"], logSeverityLevel: 3, ...externalData };
      this.engine = { ort, session: await ort.InferenceSession.create(graph, options) };
      // The first run compiles and reserves memory; the hand should not wait for it.
      await this.inBrowser(new Float32Array(this.exploration.dim), this.exploration.classes ? [0] : null, 1);
    } catch (error) {
      this.fallBack(error);
    }
  }

  /** @param {unknown} error Why the browser cannot decode; thrown where nothing else may. */
  fallBack(error) {
    if (this.wanted === "browser") throw error;
    console.warn("genlab: decoding on the server instead.", error);
    this.reason = sentence(error);
    this.way = "server";
    this.engine = null;
    this.times.length = 0;
  }

  /** How many latents one call takes without keeping the hand waiting: about 8 ms' worth in the browser. */
  get batch() {
    if (this.way === "browser") return Math.max(1, Math.min(16, Math.floor(8 / (this.typical || 4))));
    return Math.max(1, Math.min(64, Math.floor(LONGEST_ADDRESS / ((this.exploration.dim * 16) / 3))));
  }

  /**
   * Pixels 0 to 255 [n, C, H, W] of latents [n, D] (one array) and classes [n] or null.
   *
   * @param {Float32Array} latents
   * @param {ArrayLike<number> | null} classes
   * @param {number} n
   */
  async decode(latents, classes, n) {
    await this.open();
    const began = performance.now();
    /** @type {latents.Pixels | undefined} */
    let pixels;
    if (this.way === "browser") {
      try {
        pixels = await this.inBrowser(latents, classes, n);
      } catch (error) {
        this.fallBack(error);
      }
    }
    pixels ??= await this.onServer(latents, classes);
    if (n === 1) this.times.push(performance.now() - began);
    if (this.times.length > 15) this.times.shift();
    return pixels;
  }

  /** @param {Float32Array} latents @param {ArrayLike<number> | null} classes @param {number} n */
  async inBrowser(latents, classes, n) {
    if (!this.engine) throw new Error("The decoder has not been loaded.");
    const { ort, session } = this.engine;
    /** @type {Record<string, unknown>} */
    const feeds = { z: new ort.Tensor("float32", latents, [n, this.exploration.dim]) };
    if (classes) feeds.y = new ort.Tensor("int64", BigInt64Array.from(Array.from(classes), BigInt), [n]);
    const { image } = await session.run(feeds);
    const values = image.data, pixels = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i++) pixels[i] = Math.min(1, Math.max(0, values[i])) * 255 + 0.5;
    image.dispose?.();
    return pixels;
  }

  /** @param {Float32Array} latents @param {ArrayLike<number> | null} classes */
  async onServer(latents, classes) {
    const query = new URLSearchParams({ z: floatsToText(latents), images: String(this.exploration.document.images) });
    if (classes) query.set("y", Array.from(classes).join(","));
    let answer;
    try {
      answer = await fetch(new URL(`${this.exploration.source.decode}?${query}`, document.baseURI).href);
    } catch {
      throw new Error("The server does not answer. Check that genlab is still running.");
    }
    if (!answer.ok) throw new Error(await answer.text());
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Median milliseconds of one picture; undefined before the first. @returns {number | undefined} */
  get typical() {
    return [...this.times].sort((a, b) => a - b)[Math.floor(this.times.length / 2)];
  }

  /** Where decoding happens and how long a picture takes, in words. */
  get words() {
    const middle = this.typical;
    const where = this.way === "browser" ? "Decoding in the browser" : "Decoding on the server";
    return middle === undefined ? where : `${where}, ${middle < 10 ? middle.toFixed(1) : Math.round(middle)} ms`;
  }
}

const ORDER = ["picture", "play", "strip", "chips", "walk", "samples", "backdrop"];

/** Asks a decoder for pictures, one call at a time: in each channel the latest question replaces the one before. */
/** @typedef {{ list: Float32Array[], label: latents.Label, done: latents.Done, failed: (error: unknown) => void, at: number }} Job */

export class Pump {
  /** @param {Pick<Decoder, "batch" | "decode"> & { exploration: Pick<latents.Decodable, "classes" | "dim"> }} decoder */
  constructor(decoder) {
    this.decoder = decoder;
    /** @type {Map<string, Job>} */
    this.waiting = new Map();
    this.busy = false;
  }

  /**
   * @param {string} channel What the pictures are for; earlier ones in `ORDER` go first.
   * @param {Float32Array[]} list Latents [D].
   * @param {latents.Label} label Class for all of them.
   * @param {latents.Done} done Called for each part as it arrives.
   * @param {(error: unknown) => void} [failed] Called with an error; nothing more comes then.
   */
  ask(channel, list, label, done, failed = () => {}) {
    this.waiting.set(channel, { list, label, done, failed, at: 0 });
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    while (this.waiting.size) {
      const [channel, job] = [...this.waiting].sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))[0];
      await this.part(channel, job);
      // Give the browser a turn between parts of a long job: pointer and keys come first.
      if (this.waiting.size) await new Promise((next) => void setTimeout(next));
    }
    this.busy = false;
  }

  /** @param {string} channel @param {Job} job */
  async part(channel, job) {
    const { dim } = this.decoder.exploration;
    const n = Math.min(this.decoder.batch, job.list.length - job.at), first = job.at;
    job.at += n;
    if (job.at >= job.list.length) this.waiting.delete(channel);
    const latents = new Float32Array(n * dim);
    for (let i = 0; i < n; i++) latents.set(job.list[first + i], i * dim);
    const classes = this.decoder.exploration.classes ? new Int32Array(n).fill(job.label ?? 0) : null;
    try {
      const pixels = await this.decoder.decode(latents, classes, n);
      const replaced = this.waiting.has(channel) && this.waiting.get(channel) !== job;
      if (!replaced || channel === "picture") job.done(pixels, first, n);
    } catch (error) {
      if (this.waiting.get(channel) === job) this.waiting.delete(channel);
      job.failed(error);
    }
  }
}

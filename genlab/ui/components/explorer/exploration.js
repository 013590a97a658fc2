// One model and its exploration, as far as there is one: description, arrays and pictures, fetched when first needed.

import { fetchDecoder, fetched } from "../decoder.js";
import { unpackFlags } from "../maths.js";

/** Files that are written again when more has been worked out. */
const CHANGING = ["directions.f32", "attribute-class.f32"];

/** @param {string} address */
const absolute = (address) => new URL(address, globalThis.document.baseURI).href;

/** The content of exploration.json. @param {explorer.Source} source @returns {Promise<explorer.Description>} */
async function described(source) {
  return (await fetched(absolute(`${source.base}exploration.json`))).json();
}

export class Exploration {
  /**
   * @param {explorer.Source} source
   * @param {explorer.Description} document
   */
  constructor(source, document) {
    this.source = source;
    /** What has been asked for, by name. @type {Map<string, Promise<unknown>>} */
    this.kept = new Map();
    /** Sheets of pictures that are there. @type {ImageBitmap[]} */
    this.sheets = [];
    /** Codes [n, D]. @type {Float32Array | null} */
    this.ready = null;
    this.document = document;
    this.n = 0;
    this.dim = 0;
    this.shape = document.shape;
    this.run = this.title = "";
    /** @type {explorer.Attribute[]} */
    this.attributes = [];
    /** @type {string[]} */
    this.projections = [];
    /** @type {string[] | null} */
    this.classes = null;
    this.mean = new Float32Array(0);
    /** @type {explorer.Part[]} */
    this.parts = [];
    this.data = { start: 0, stop: 0 };
    this.describe(document);
  }

  /** @param {explorer.Source} source */
  static async open(source) {
    const document = source.base ? await described(source) : source.model;
    if (!document) throw new Error(`Nothing is known of ${source.run} yet. Explore this model.`);
    return new Exploration(source, document);
  }

  /** Whether there is a map; sliders and walks need none. */
  get explored() {
    return Boolean(this.source.base);
  }

  /** Another exploration of the same model, or its first one. @param {explorer.Source} source */
  async upgrade(source) {
    const document = await described(source);
    Object.assign(this, { source, sheets: [], ready: null });
    this.kept.clear();
    this.describe(document);
  }

  /** Read exploration.json again: a projection, directions or classes may have arrived. */
  async refresh() {
    if (this.explored) this.describe(await described(this.source));
  }

  /** @param {explorer.Description} document */
  describe(document) {
    Object.assign(this, { document, n: document.n || 0, dim: document.latent_dim, shape: document.shape });
    this.run = document.run;
    this.title = document.name || document.run;
    this.attributes = document.attributes || [];
    this.projections = document.projections || [];
    this.classes = document.conditional ? document.classes : null;
    this.mean = document.prior_mean ? Float32Array.from(document.prior_mean) : new Float32Array(this.dim);
    this.parts = document.parts || [];
    this.data = this.parts.find((part) => part.name === "data") || { start: 0, stop: 0 };
  }

  /** @param {string} file */
  address(file) {
    const changes = CHANGING.includes(file) && this.document.changes ? `-${this.document.changes}` : "";
    return absolute(`${this.source.base}${file}?v=${encodeURIComponent(this.source.version)}${changes}`);
  }

  /**
   * Whatever `make` promises, made once per name; a failure is not kept.
   *
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} make
   */
  once(name, make) {
    const known = /** @type {Promise<T> | undefined} */ (this.kept.get(name));
    if (known) return known;
    const promise = make();
    this.kept.set(name, promise);
    promise.catch(() => this.kept.delete(name));
    return promise;
  }

  /** @param {string} file */
  floats(file) {
    const address = this.address(file);
    return this.once(address, async () => new Float32Array(await (await fetched(address)).arrayBuffer()));
  }

  /** The decoder for this browser. */
  decoder() {
    return fetchDecoder(this.source);
  }

  async codes() {
    this.ready = await this.floats("codes.f32");
  }

  /** An item's code, once all are there. @param {number} index */
  code(index) {
    if (!this.ready) throw new Error("The codes are not there yet.");
    return this.ready.subarray(index * this.dim, (index + 1) * this.dim);
  }

  /** Values [n] of an attribute; NaN where it is not known. @param {string} attribute */
  values(attribute) {
    return this.floats(`attribute-${attribute}.f32`);
  }

  /**
   * Places [n, 2] of a projection, centred and scaled into [-1, 1] with equal aspect; those not finite stay at 0.
   *
   * @param {string} projection
   */
  places(projection) {
    return this.once(`places ${projection}`, async () => {
      const raw = await this.floats(`map-${projection}.f32`);
      const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
      for (let i = 0; i < raw.length; i++) {
        if (raw[i] < low[i & 1]) low[i & 1] = raw[i];
        if (raw[i] > high[i & 1]) high[i & 1] = raw[i];
      }
      const scale = 1.9 / (Math.max(high[0] - low[0], high[1] - low[1]) || 1);
      const out = new Float32Array(raw.length);
      for (let i = 0; i < raw.length; i++) {
        out[i] = Number.isFinite(raw[i]) ? (raw[i] - (low[i & 1] + high[i & 1]) / 2) * scale : 0;
      }
      return out;
    });
  }

  /** Directions with their unit vectors: those of the files, those Python adds, and the axes where there are none. */
  async directions() {
    const known = this.document.directions || [];
    /** @type {explorer.Direction[]} */
    const found = [];
    if (known.length && !this.explored) for (const each of known) found.push({ ...each, vector: Float32Array.from(each.vector ?? []) });
    else if (known.length) {
      const vectors = await this.floats("directions.f32");
      known.forEach((each, i) => found.push({ ...each, vector: vectors.subarray(i * this.dim, (i + 1) * this.dim) }));
    }
    for (const each of this.source.directions || []) found.push({ ...each, vector: Float32Array.from(each.vector) });
    if (!found.some((each) => each.method === "dimension")) {
      for (let d = 0; d < this.dim; d++) {
        const vector = new Float32Array(this.dim);
        vector[d] = 1;
        found.push({ name: `dimension-${d}`, title: `Dimension ${d}`, method: "dimension", scale: 1, strength: 0, note: "", vector });
      }
    }
    // A direction without extent cannot be divided by.
    for (const each of found) each.scale = each.scale > 0 ? each.scale : 1;
    return found;
  }

  /** @param {number} index */
  partOf(index) {
    return this.parts.find((part) => index >= part.start && index < part.stop);
  }

  /** Whether an item is one of the data, and no sample. @param {number} index */
  isData(index) {
    return index >= this.data.start && index < this.data.stop;
  }

  /**
   * The item of another exploration that shows the same image of the same data, or -1.
   *
   * @param {number} index
   * @param {Exploration} other
   */
  match(index, other) {
    if (other === this) return index;
    if (!this.isData(index) || !this.sameData(other)) return -1;
    const there = index - this.data.start + other.data.start;
    return there < other.data.stop ? there : -1;
  }

  /** @param {Exploration} other */
  sameData(other) {
    const mine = this.document.fingerprint, theirs = other.document.fingerprint;
    return mine === theirs && this.document.data === other.document.data;
  }

  /** Flags [n] of items that Python has packed. @param {string | null | undefined} bits */
  flagsOf(bits) {
    return bits ? unpackFlags(bits, this.n) : null;
  }

  // Pictures of items

  /** @param {number} index */
  sheetOf(index) {
    const atlas = this.document.atlas;
    return atlas ? Math.floor(index / (atlas.columns * atlas.rows)) : -1;
  }

  /** Load a sheet of pictures; resolves when it can be drawn. @param {number} k */
  sheet(k) {
    return this.once(`sheet ${k}`, async () => {
      const blob = await (await fetched(this.address(`atlas-${k}.png`))).blob();
      this.sheets[k] = await createImageBitmap(blob);
    });
  }

  /** Fetch all sheets one after the other, so that whatever is pointed at is there. */
  async warm() {
    const atlas = this.document.atlas;
    for (let k = 0; atlas && k < atlas.sheets; k++) await this.sheet(k);
  }

  /** @param {number} index */
  hasPicture(index) {
    return Boolean(this.sheets[this.sheetOf(index)]);
  }

  /**
   * Draw an item's picture without smoothing; false when its sheet is not there yet.
   *
   * @param {number} index
   * @param {Context} context
   * @param {number} x
   * @param {number} y
   * @param {number} size
   */
  draw(index, context, x, y, size) {
    const k = this.sheetOf(index), { atlas } = this.document;
    if (!this.sheets[k] || !atlas) return false;
    const { tile, columns, rows, height = tile } = atlas;
    const at = index - k * columns * rows;
    const sx = (at % columns) * tile, sy = Math.floor(at / columns) * height;
    const scale = size / Math.max(tile, height);
    context.imageSmoothingEnabled = scale < 1;
    const w = tile * scale, h = height * scale;
    context.drawImage(this.sheets[k], sx, sy, tile, height, x + (size - w) / 2, y + (size - h) / 2, w, h);
    return true;
  }
}

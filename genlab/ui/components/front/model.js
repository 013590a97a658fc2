// One model: its picture, what is said of it, and where the pictures come from: a film that ships with it at first, its
// own decoder as soon as that has been loaded. Both are at the same place of the same walk, so that nothing jumps.

import { Decoder, fetchDecoder } from "../decoder.js";
import { brush, make, paint, sentence } from "../dom.js";
import { circuit, fromBase64, normal, turned } from "../maths.js";

/** Pixels of a picture's longer side on its canvas; the page enlarges them a little further. */
const SIDE = 392;

export class Model {
  /** @param {front.Model} data @param {string} of The data set's title. */
  constructor(data, of) {
    this.data = data;
    const [, height, width] = data.shape, scale = SIDE / Math.max(height, width);
    this.small = make("canvas", { width, height });
    this.canvas = make("canvas", {
      className: "picture", width: Math.round(width * scale), height: Math.round(height * scale), role: "img",
      "aria-label": `${data.title}: a picture it makes up, of what it learned from ${of}`,
      dataset: { shown: "0", source: "" },
    });
    this.name = data.link ? make("a", { href: data.link, title: "Explore its latent space" }) : make("span");
    this.name.append(make("span", { className: "glyph", textContent: data.glyph, "aria-hidden": "true" }), ` ${data.title}`);
    this.trouble = make("p", { className: "trouble", role: "status" });
    this.element = make(
      "article",
      { className: "model", "aria-label": data.title },
      make("div", { className: "frame" }, this.canvas),
      make("h3", {}, this.name),
      make("p", { className: "character", textContent: data.character, title: data.detail }),
      data.score ? make("p", { className: "score" }, make("span", { textContent: data.score }), " ", make("span", { textContent: `real data ${data.reference}` })) : null,
      data.settings ? make("p", { className: "settings", textContent: data.settings }) : null,
      this.trouble,
    );
    /** The walk: the shipped one, or one of its own where none is shipped. */
    this.waves = data.opening ? floats(data.opening.waves) : normal(4 * data.dim);
    this.aside = normal(data.dim);
    /** @type {ImageBitmap | null} */
    this.film = null;
    /** @type {Decoder | null} */
    this.decoder = null;
    this.stands = false;
    this.tell(data.trouble);
  }

  /** Walk beside another model through the same latents, where that is possible. @param {Model} other */
  follow(other) {
    if (this.data.dim !== other.data.dim) return;
    this.aside = other.aside;
    if (!this.data.opening && !other.data.opening) this.waves = other.waves;
  }

  /** @param {"light" | "dark"} mode */
  dress(mode) {
    this.element.style.setProperty("--family", this.data.colour[mode]);
    this.element.style.setProperty("--ink", this.data.ink[mode]);
  }

  /** Fetch the film, or the one picture of a model that cannot move. */
  async begin() {
    const { opening, still } = this.data, address = opening?.src || (this.stands ? still : "");
    if (!address) return;
    try {
      const bitmap = await loaded(address);
      if (opening) this.film = bitmap;
      else this.enlarge(bitmap, "still", 0);
    } catch {
      // The decoder follows, and says what is wrong where that cannot be had either.
    }
  }

  /** Load the decoder; a model that has none stands still and says why. */
  async open() {
    if (this.stands || this.decoder) return;
    const { dim, conditional, source } = this.data;
    const decoder = new Decoder(
      { dim, classes: conditional ? ["0"] : null, source: { ...source, decode: "" }, document: { images: 0 }, decoder: () => fetchDecoder(source) },
      "browser",
    );
    try {
      await decoder.open();
      this.decoder = decoder;
    } catch (error) {
      this.tell(`Its decoder could not be loaded, so it stands still. ${sentence(error)}`);
    }
  }

  /** Stop, and say why; with "" nothing is wrong. @param {string} why */
  tell(why) {
    this.stands = why !== "";
    this.trouble.textContent = why;
    this.trouble.hidden = !why;
  }

  /**
   * Work out the picture of a place; what shows it, so that all models can change at the same moment.
   *
   * @param {front.At} at
   * @returns {Promise<(() => void) | null>}
   */
  async draw({ t, angle }) {
    if (this.stands) return null;
    if (!this.decoder) return () => this.drawFilm(t);
    const { dim, shape, conditional } = this.data, z = circuit(this.waves, dim, t);
    try {
      const pixels = await this.decoder.decode(angle ? turned(z, this.aside, angle) : z, conditional ? [0] : null, 1);
      return () => {
        paint(this.small, pixels, shape);
        this.enlarge(this.small, "decoder", t);
      };
    } catch (error) {
      this.tell(`Its decoder failed, so it stands still. ${sentence(error)}`);
      return null;
    }
  }

  /** Two neighbouring frames of the film, one fading into the other. @param {number} t */
  drawFilm(t) {
    const { film, small } = this, { opening } = this.data;
    if (!film || !opening) return;
    const { frames, columns } = opening, place = (t - Math.floor(t)) * frames, first = Math.floor(place) % frames;
    const context = brush(small);
    for (const [frame, weight] of [[first, 1], [(first + 1) % frames, place - Math.floor(place)]]) {
      context.globalAlpha = weight;
      const x = (frame % columns) * small.width, y = Math.floor(frame / columns) * small.height;
      context.drawImage(film, x, y, small.width, small.height, 0, 0, small.width, small.height);
    }
    context.globalAlpha = 1;
    this.enlarge(small, "film", t);
  }

  /** @param {HTMLCanvasElement | ImageBitmap} picture @param {string} from @param {number} t */
  enlarge(picture, from, t) {
    const { canvas } = this, context = brush(canvas);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.dataset.source = from;
    canvas.dataset.shown = String(Number(canvas.dataset.shown) + 1);
    canvas.dataset.at = String(t);
  }
}

/** @param {string} text float32, little-endian, in base64 */
const floats = (text) => new Float32Array(fromBase64(text).buffer);

/** @param {string} address */
async function loaded(address) {
  const answer = await fetch(new URL(address, document.baseURI).href);
  if (!answer.ok) throw new Error(`${address} is not there (${answer.status}).`);
  return createImageBitmap(await answer.blob());
}

// Drawings of what flows: pictures, maps of layers, codes as bars, scores on a scale. Each fills a canvas of its own.

import { brush, fresh, paint, paintAt } from "../dom.js";
import { fromBase64, toBase64 } from "../maths.js";

/** Of what asks for more and for less: differences and gradients. */
const UP = [214, 64, 48], DOWN = [32, 110, 220];

/** Values beyond this are drawn at the edge of a chart of latents. */
const REACH = 3;

/** The byte of nothing in signed bytes. */
const ZERO = 128;

/**
 * Colours of a drawing.
 *
 * @typedef {object} Ink
 * @property {string} text
 * @property {string} quiet
 * @property {string} line
 * @property {Colour} family
 * @property {string} real
 * @property {boolean} dark
 */

/**
 * A document whose pictures are films: their frames, which stand in one row, in as many rows as make a sheet of them.
 *
 * @param {flow.Document} document
 * @param {number} frames How many stand in a picture; 1 leaves it as it is.
 * @returns {flow.Document}
 */
export function inSheets(document, frames) {
  const [channels, height, width] = document.shape, across = Math.ceil(Math.sqrt(frames)), down = Math.ceil(frames / across);
  if (frames < 2) return document;
  const w = width / frames, shape = /** @type {Shape} */ ([channels, down * height, across * w]);
  /** @param {string} text @param {number} [nothing] */
  const sheet = (text, nothing = 0) => {
    const bytes = fromBase64(text), made = new Uint8Array(shape[0] * shape[1] * shape[2]).fill(nothing);
    for (let row = 0; row < channels * height; row++) for (let frame = 0; frame < frames; frame++) {
      const from = row * width + frame * w, line = Math.floor(row / height) * shape[1] + Math.floor(frame / across) * height + (row % height);
      made.set(bytes.subarray(from, from + w), line * shape[2] + (frame % across) * w);
    }
    return toBase64(made);
  };
  return {
    ...document,
    shape,
    items: document.items.map((item) => ({ ...item, picture: sheet(item.picture), draws: item.draws.map((draw) => ({ ...draw, picture: sheet(draw.picture) })) })),
    samples: document.samples.map((one) => ({ ...one, picture: sheet(one.picture), gradient: one.gradient === null ? null : sheet(one.gradient, ZERO) })),
  };
}

/** A picture [C, H, W] of bytes. @param {HTMLCanvasElement} canvas @param {string} text @param {Shape} shape */
export function picture(canvas, text, shape) {
  paint(canvas, fromBase64(text), shape);
}

/**
 * Where one picture is brighter (red) or darker (blue) than another.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} made
 * @param {string} true_
 * @param {Shape} shape
 * @param {boolean} dark
 */
export function difference(canvas, made, true_, [channels, height, width], dark) {
  const a = fromBase64(made), b = fromBase64(true_), area = height * width, values = new Float32Array(area);
  for (let i = 0; i < area; i++) for (let c = 0; c < channels; c++) values[i] += (a[c * area + i] - b[c * area + i]) / (255 * channels);
  signed(canvas, values, height, width, dark, 1);
}

/**
 * Signed bytes of one picture: red where they are above nothing, blue where below.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} text
 * @param {Shape} shape
 * @param {boolean} dark
 */
export function gradient(canvas, text, [, height, width], dark) {
  signed(canvas, Float32Array.from(fromBase64(text), (byte) => (byte - ZERO) / 127), height, width, dark, 1);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values From -1 to 1.
 * @param {number} height
 * @param {number} width
 * @param {boolean} dark
 * @param {number} largest
 */
function signed(canvas, values, height, width, dark, largest) {
  Object.assign(canvas, { width, height });
  const context = brush(canvas), image = context.createImageData(width, height), ground = dark ? 24 : 250;
  for (let i = 0; i < values.length; i++) {
    const share = Math.min(1, Math.abs(values[i]) / largest) ** 0.7, goal = values[i] > 0 ? UP : DOWN;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = ground + (goal[c] - ground) * share;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Height of the drawings of layers and charts, in CSS pixels. */
export const TALL = 132;

/** Width of one layer's column, from the largest to the smallest. */
const GAP = 4;

/**
 * How layers stand: the tiles of each, side by side in columns, larger maps in larger tiles.
 *
 * @param {flow.Layer[]} layers
 * @returns {{ width: number, columns: { x: number, tile: number, across: number, down: number, layer: flow.Layer }[] }}
 */
export function arrange(layers) {
  const largest = Math.max(1, ...layers.map(({ height, width }) => Math.max(height, width) * Number(height > 1)));
  let x = 0;
  const columns = layers.map((layer) => {
    const plain = layer.height === 1, share = Math.sqrt(Math.max(layer.height, layer.width) / largest);
    const tile = plain ? Math.max(3, Math.min(5, Math.floor((TALL * 0.6) / layer.width))) : Math.max(14, Math.round(34 * share));
    const down = plain ? layer.width : Math.min(3, layer.maps), across = plain ? 1 : Math.ceil(layer.maps / down);
    const column = { x, tile, across, down, layer };
    x += across * (plain ? 9 : tile + 2) + GAP;
    return column;
  });
  return { width: Math.max(40, x - GAP), columns };
}

/**
 * The maps of layers.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {flow.Layer[]} layers
 * @param {string} text
 * @param {Ink} ink
 */
export function maps(canvas, layers, text, ink) {
  const { width, columns } = arrange(layers), context = fresh(canvas, width, TALL), bytes = fromBase64(text);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${TALL}px`;
  let at = 0;
  for (const { x, tile, across, down, layer } of columns) {
    const { maps: count, height, width: wide } = layer, area = height * wide;
    if (height === 1) units(context, bytes.subarray(at, at + area), x, tile, ink);
    else {
      const top = (TALL - down * (tile + 2) + 2) / 2;
      for (let map = 0; map < count; map++) {
        const left = x + (map % across) * (tile + 2), y = top + Math.floor(map / across) * (tile + 2);
        context.drawImage(mapTile(bytes.subarray(at + map * area, at + (map + 1) * area), height, wide, ink), left, y, tile, tile);
      }
    }
    at += count * area;
  }
}

/** @param {Context} context @param {Uint8Array} bytes @param {number} x @param {number} tile @param {Ink} ink */
function units(context, bytes, x, tile, ink) {
  const top = (TALL - bytes.length * tile) / 2;
  bytes.forEach((byte, i) => {
    const [r, g, b] = heat((byte - ZERO) / 127, ink);
    Object.assign(context, { fillStyle: `rgb(${r},${g},${b})` });
    context.fillRect(x, top + i * tile, 9, tile - 1);
  });
}

/** @param {Uint8Array} bytes @param {number} height @param {number} width @param {Ink} ink */
function mapTile(bytes, height, width, ink) {
  const tile = new OffscreenCanvas(width, height), context = brush(tile), image = context.createImageData(width, height);
  for (let i = 0; i < bytes.length; i++) {
    const [r, g, b] = heat((bytes[i] - ZERO) / 127, ink);
    image.data.set([r, g, b, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return tile;
}

/** Of an activation from -1 to 1: from dark over the family's colour to white. @param {number} value @param {Ink} ink */
function heat(value, { family }) {
  const share = Math.max(0, value) ** 0.6, low = 18;
  return family.map((part) => Math.round(share < 0.6 ? low + ((part - low) * share) / 0.6 : part + ((255 - part) * (share - 0.6)) / 0.4));
}

/**
 * A chart of latents: one column for each number, nothing in the middle.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} count
 * @param {number} width
 * @param {Ink} ink
 */
function chart(canvas, count, width, ink) {
  const context = fresh(canvas, width, TALL), middle = TALL / 2, scale = (middle - 6) / REACH, each = width / count;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${TALL}px`;
  context.fillStyle = ink.line;
  context.fillRect(0, middle - scale, width, 2 * scale); // the prior, one standard deviation to each side
  context.fillStyle = ink.quiet;
  context.fillRect(0, middle - 0.5, width, 1);
  /** @param {number} value */
  const y = (value) => middle - scale * Math.max(-REACH, Math.min(REACH, value));
  return { context, y, each, bar: Math.max(1.5, each * 0.62) };
}

/** @param {Colour} colour @param {number} alpha */
const rgba = ([r, g, b], alpha) => `rgba(${r},${g},${b},${alpha})`;

/** Width of a chart of so many numbers. @param {number} count */
export const chartWidth = (count) => Math.max(96, Math.min(150, 3.8 * count));

/**
 * A posterior: μ as a tick within μ ± σ; what costs more KL has more colour.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {flow.Item} item
 * @param {Ink} ink
 */
export function posterior(canvas, { mean, sigma, kl }, ink) {
  const { context, y, each, bar } = chart(canvas, mean.length, chartWidth(mean.length), ink), most = Math.max(0.5, ...kl);
  mean.forEach((mu, i) => {
    const left = i * each + (each - bar) / 2, top = y(mu + sigma[i]), share = Math.sqrt(Math.min(1, kl[i] / most));
    context.fillStyle = rgba(ink.family, 0.18 + 0.5 * share);
    context.fillRect(left, top, bar, Math.max(1.5, y(mu - sigma[i]) - top));
    context.fillStyle = rgba(ink.family, 0.35 + 0.65 * share);
    context.fillRect(left - 0.4, y(mu) - 1, bar + 0.8, 2);
  });
}

/**
 * A latent as bars from nothing; with the mean that the noise was added to, or with arrows where the loss would fall.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} z
 * @param {Ink} ink
 * @param {{ mean?: number[], pull?: number[] }} [more]
 */
export function latent(canvas, z, ink, { mean, pull } = {}) {
  const { context, y, each, bar } = chart(canvas, z.length, chartWidth(z.length), ink);
  z.forEach((value, i) => {
    const left = i * each + (each - bar) / 2, from = y(0), to = y(value);
    context.fillStyle = rgba(ink.family, pull?.length ? 0.3 : 0.75);
    context.fillRect(left, Math.min(from, to), bar, Math.max(1, Math.abs(from - to)));
    if (mean) {
      context.fillStyle = ink.text;
      context.fillRect(left - 0.4, y(mean[i]) - 0.8, bar + 0.8, 1.6);
    }
  });
  if (!pull?.length) return;
  const longest = Math.max(1e-12, ...pull.map(Math.abs));
  pull.forEach((wish, i) => {
    const x = i * each + each / 2, from = y(z[i]), to = Math.max(3, Math.min(TALL - 3, from - (wish / longest) * 30));
    context.fillStyle = `rgb(${wish > 0 ? UP : DOWN})`;
    context.fillRect(x - 0.75, Math.min(from, to), 1.5, Math.abs(from - to));
    const tip = wish > 0 ? -3 : 3, half = Math.min(2.6, each * 0.6);
    context.beginPath();
    context.moveTo(x, to + tip);
    context.lineTo(x - half, to);
    context.lineTo(x + half, to);
    if (Math.abs(from - to) > 2) context.fill();
  });
}

/** Width of the scale of scores, where its axis stands, and the side of the pictures beside it. */
const SCALE = 132, AXIS = 30, THUMB = 34;

/** A score on the scale, and the picture that got it. @typedef {{ score: number, picture: string, words: string, colour: string }} Mark */

/**
 * Scores on a scale: all real ones as grey rings, and some with their pictures.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} reals
 * @param {Mark[]} marks
 * @param {Shape} shape
 * @param {Ink} ink
 */
export function scores(canvas, reals, marks, shape, ink) {
  const context = fresh(canvas, SCALE, TALL), all = [...reals, ...marks.map(({ score }) => score), 0];
  canvas.style.width = `${SCALE}px`;
  canvas.style.height = `${TALL}px`;
  const low = Math.min(...all), spread = Math.max(...all) - low || 1;
  /** @param {number} value */
  const y = (value) => TALL - 14 - ((value - low) / spread) * (TALL - 28);
  Object.assign(context, { font: `11px ${getComputedStyle(canvas).fontFamily}`, textBaseline: "middle", fillStyle: ink.line });
  context.fillRect(AXIS - 1, 4, 2, TALL - 8);
  context.fillStyle = ink.quiet;
  context.fillRect(AXIS - 6, y(0) - 0.5, 12, 1);
  context.fillText("0", AXIS - 19, y(0));
  for (const value of reals) {
    Object.assign(context, { strokeStyle: ink.real, lineWidth: 1.5 });
    context.beginPath();
    context.arc(AXIS, y(value), 4, 0, 7);
    context.stroke();
  }
  const places = apart(marks.map(({ score }) => y(score)));
  marks.forEach(({ score, picture: text, words, colour }, i) => {
    Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 1.5 });
    context.beginPath();
    context.moveTo(AXIS, y(score));
    context.lineTo(AXIS + 16, places[i]);
    context.stroke();
    context.beginPath();
    context.arc(AXIS, y(score), 5.5, 0, 7);
    context.fill();
    context.fillRect(AXIS + 16, places[i] - THUMB / 2 - 2, THUMB + 4, THUMB + 4);
    paintAt(context, fromBase64(text), shape, 0, AXIS + 18, places[i] - THUMB / 2, THUMB, THUMB);
    context.fillStyle = ink.text;
    context.fillText(words, AXIS + THUMB + 25, places[i]);
  });
}

/**
 * Where pictures stand beside a scale so that none covers another and all are within.
 *
 * @param {number[]} wanted
 */
export function apart(wanted) {
  const half = THUMB / 2 + 3, order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]), found = [...wanted];
  let least = half;
  for (const i of order) {
    found[i] = Math.max(found[i], least);
    least = found[i] + 2 * half;
  }
  let most = TALL - half;
  for (const i of order.reverse()) {
    found[i] = Math.min(found[i], most);
    most = found[i] - 2 * half;
  }
  return found;
}

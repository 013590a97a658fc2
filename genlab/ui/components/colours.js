// Colours: those of the theme; ten categories that people with colour-blindness can tell apart; one scale for numbers.

import { largeness } from "./hall.js";

// Petroff 2021, "Accessible color sequences for data visualization", ten colours; lightened where dark ground asks for it.
const LIGHT = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"];
const DARK = ["#4f9fe8", "#ffb32e", "#e0492e", "#a9b8b6", "#b36be0", "#c08673", "#f07a22", "#c9bd84", "#8b90a0", "#9fe3e6"];

// Nuñez, Anderton and Renslow 2018: cividis, at nine places.
const CIVIDIS = ["#00224e", "#1a386f", "#434e6c", "#61656f", "#7d7c78", "#9b9476", "#bcae6c", "#dfca57", "#fee838"];

/** @param {string} hex @returns {Colour} */
const bytes = (hex) => [byte(hex, 1), byte(hex, 3), byte(hex, 5)];
/** @param {string} hex @param {number} at */
const byte = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
const STOPS = CIVIDIS.map(bytes);

/**
 * Colour of category `index`; from the eleventh on they come again, darker or lighter.
 *
 * @param {number} index
 * @param {boolean} dark
 * @returns {Colour}
 */
export function categoryColour(index, dark) {
  const own = bytes((dark ? DARK : LIGHT)[index % 10]), round = Math.floor(index / 10) % 3;
  const goal = round === 1 ? 0 : 255, share = round === 0 ? 0 : 0.4;
  return between(own, [goal, goal, goal], share);
}

/**
 * Colour of a share in [0, 1]; on dark ground the scale starts a little lighter than the ground.
 *
 * @param {number} share
 * @param {boolean} dark
 * @returns {Colour}
 */
export function numberColour(share, dark) {
  const low = dark ? 0.12 : 0, high = dark ? 1 : 0.94;
  const at = (low + (high - low) * Math.min(1, Math.max(0, share))) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at)), t = at - i;
  return between(STOPS[i], STOPS[i + 1], t);
}

/** @param {Colour} a @param {Colour} b @param {number} t @returns {Colour} */
const between = ([r, g, b], [r2, g2, b2], t) => [
  Math.round(r + (r2 - r) * t), Math.round(g + (g2 - g) * t), Math.round(b + (b2 - b) * t),
];

/** Colour of what is not known. @param {boolean} dark @returns {Colour} */
export const unknownColour = (dark) => (dark ? [106, 113, 126] : [170, 176, 186]);

/** @param {ArrayLike<number>} colour @param {number} [alpha] */
export const css = (colour, alpha = 1) => `rgba(${colour[0]},${colour[1]},${colour[2]},${alpha})`;

/**
 * A CSS colour; white where it cannot be read.
 *
 * @param {string} colour
 * @returns {Colour}
 */
export function rgb(colour) {
  if (/^#[0-9a-f]{6}/i.test(colour)) return bytes(colour);
  if (/^#[0-9a-f]{3,4}$/i.test(colour)) return bytes(colour.replace(/[0-9a-f]/gi, "$&$&"));
  const parts = colour.match(/[\d.]+/g);
  return parts && parts.length >= 3 ? [Number(parts[0]), Number(parts[1]), Number(parts[2])] : [255, 255, 255];
}

/** Whether a CSS colour is dark. @param {string} colour */
export function isDark(colour) {
  const [red, green, blue] = rgb(colour);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/**
 * The theme as it is now: whether the ground is dark, the few colours that canvases need, and how large they draw.
 *
 * @param {Element} element
 * @returns {Theme}
 */
export function theme(element) {
  const style = getComputedStyle(element);
  const ground = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  const text = style.getPropertyValue("--st-text-color").trim() || "#222222";
  const dark = isDark(ground);
  return { dark, ground, text, real: dark ? "#b4b4b4" : "#767676", ...largeness(element) };
}

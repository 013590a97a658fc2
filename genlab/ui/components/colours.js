// Colours: those of the theme; ten categories that people with colour-blindness can tell apart; one scale for numbers.

// Petroff 2021, "Accessible color sequences for data visualization", ten colours; lightened where dark ground asks for it.
const LIGHT = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"];
const DARK = ["#4f9fe8", "#ffb32e", "#e0492e", "#a9b8b6", "#b36be0", "#c08673", "#f07a22", "#c9bd84", "#8b90a0", "#9fe3e6"];

// Nuñez, Anderton and Renslow 2018: cividis, at nine places.
const CIVIDIS = ["#00224e", "#1a386f", "#434e6c", "#61656f", "#7d7c78", "#9b9476", "#bcae6c", "#dfca57", "#fee838"];

const bytes = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const STOPS = CIVIDIS.map(bytes);

/** Colours of category `index` as [r, g, b]; from the eleventh on they come again, darker or lighter. */
export function categoryColour(index, dark) {
  const rgb = bytes((dark ? DARK : LIGHT)[index % 10]), round = Math.floor(index / 10) % 3;
  const goal = round === 1 ? 0 : 255, share = round === 0 ? 0 : 0.4;
  return rgb.map((v) => Math.round(v + (goal - v) * share));
}

/** Colour of a share in [0, 1] as [r, g, b]; on dark ground the scale starts a little lighter than the ground. */
export function numberColour(share, dark) {
  const low = dark ? 0.12 : 0, high = dark ? 1 : 0.94;
  const at = (low + (high - low) * Math.min(1, Math.max(0, share))) * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(at)), t = at - i;
  return STOPS[i].map((v, c) => Math.round(v + (STOPS[i + 1][c] - v) * t));
}

/** Colour of what is not known. */
export const unknownColour = (dark) => (dark ? [106, 113, 126] : [170, 176, 186]);

export const css = ([r, g, b], alpha = 1) => `rgba(${r},${g},${b},${alpha})`;

/** A CSS colour as [r, g, b], 0 to 255; white where it cannot be read. */
export function rgb(colour) {
  const hex = colour.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i);
  if (hex) return hex.slice(1).map((part) => parseInt(part, 16));
  const parts = colour.match(/[\d.]+/g);
  return parts && parts.length >= 3 ? parts.slice(0, 3).map(Number) : [255, 255, 255];
}

/** Whether a CSS colour is dark. */
export function isDark(colour) {
  const [red, green, blue] = rgb(colour);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** The theme as it is now: whether the ground is dark, and the few colours that canvases need. */
export function theme(element) {
  const style = getComputedStyle(element);
  const ground = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  const text = style.getPropertyValue("--st-text-color").trim() || "#222222";
  const dark = isDark(ground);
  return { dark, ground, text, real: dark ? "#b4b4b4" : "#767676" };
}

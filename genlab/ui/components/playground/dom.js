// Small helpers for building the page: elements, numbers as they are read, and colours of the theme.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const FAMILIES = {
  vae: { title: "VAE", glyph: "●", light: "#0072B2", dark: "#56A9E0" },
  gan: { title: "GAN", glyph: "▲", light: "#D55E00", dark: "#F0803C" },
  vae_gan: { title: "VAE-GAN", glyph: "◆", light: "#009E73", dark: "#2DC596" },
};

export const PLAYERS = {
  vae: "encoder and decoder", critic: "critic", generator: "generator", encoder: "encoder", decoder: "decoder",
};

// The theme as it is now: whether the ground is dark, and the few colours that canvases need.
export function theme(element) {
  const style = getComputedStyle(element);
  const ground = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  const text = style.getPropertyValue("--st-text-color").trim() || "#222222";
  const [red, green, blue] = rgb(ground);
  const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  return { dark, ground, text, real: dark ? "#b4b4b4" : "#767676" };
}

export function rgb(colour) {
  const hex = colour.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i);
  if (hex) return hex.slice(1).map((part) => parseInt(part, 16));
  const parts = colour.match(/[\d.]+/g);
  return parts && parts.length >= 3 ? parts.slice(0, 3).map(Number) : [255, 255, 255];
}

export const familyColour = (model, dark) => FAMILIES[model][dark ? "dark" : "light"];

// A number with two significant digits, or a dash where there is none.
export function number(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.01 || size === 0) return value.toFixed(2);
  return value.toExponential(0).replace("e-", "·10⁻").replace(/⁻(\d+)/, (_, d) => "⁻" + superscript(d));
}

const superscript = (digits) => [...digits].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("");

export const percent = (share) => (share === null || share === undefined ? "–" : `${Math.round(100 * share)} %`);
// A share that is not nothing is never written as 0 %.
export const share = (value) => (value > 0 && value < 0.01 ? "under 1 %" : percent(value));
export const count = (value) => Math.round(value).toLocaleString("en-US");

// A canvas sharp on this screen; returns its context, already scaled to CSS pixels.
export function fit(canvas, width, height) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const [w, hgt] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== hgt) [canvas.width, canvas.height] = [w, hgt];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// Small helpers to make elements and to draw; text is always text, never markup.

/**
 * An element with properties, attributes (those with a dash, `role`, `for`) and children.
 *
 * @template {Tag} Name
 * @param {Name} tag
 * @param {Properties<Name>} [properties] Those that are null or undefined are left out.
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null) continue;
    if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, String(value));
    else /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (element))[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * @param {string} text
 * @param {string} title
 * @param {() => void} onclick
 */
export function button(text, title, onclick) {
  return make("button", { type: "button", textContent: text, title, onclick });
}

const ICONS = {
  pan: "M8 1v14M1 8h14M8 1 6 3M8 1l2 2M8 15l-2-2M8 15l2-2M1 8l2-2M1 8l2 2M15 8l-2-2M15 8l-2 2",
  lasso: "M3.5 11C1 8 2 3 8 3s7 5 4 7.500-8 1-8 3c0 1.500 2 1.500 3 .5",
  box: "M2.500 2.500h3m2 0h2m2 0h2v3m0 2v2m0 2v2h-3m-2 0h-2m-2 0h-2v-3m0-2v-2m0-2v-2",
  fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  undo: "M3 7h7a3.500 3.500 0 1 1 0 7H6M3 7l3-3M3 7l3 3",
  redo: "M13 7H6a3.500 3.500 0 1 0 0 7h4M13 7l-3-3M13 7l-3 3",
  lock: "M4 7.500h8V14H4zM5.500 7V5a2.500 2.500 0 0 1 5 0v2",
  open: "M4 7.500h8V14H4zM5.500 7V5a2.500 2.500 0 0 1 4.800-1",
  reset: "M3 8a5 5 0 1 1 1.500 3.600M3 4v4h4",
  dice: "M3 3h10v10H3zM6 6h.01M10 10h.01M10 6h.01M6 10h.01",
  play: "M4 2.500 13 8l-9 5.500z",
  pause: "M5 3v10M11 3v10",
  back: "M11 3 5 8l6 5z",
  forward: "M5 3l6 5-6 5z",
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  save: "M8 2v8M5 7l3 3 3-3M3 13h10",
  link: "M7 9a3 3 0 0 0 4.200 0l2-2A3 3 0 0 0 9 2.800l-1 1M9 7a3 3 0 0 0-4.200 0l-2 2A3 3 0 0 0 7 13.200l1-1",
  load: "M8 11V3M5 6l3-3 3 3M3 13h10",
};

/** @typedef {keyof typeof ICONS} Icon */

/**
 * A line drawing of 16 px that takes the colour of the text.
 *
 * @param {Icon} name
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button with an icon; without `text` its title is also its name for screen readers.
 *
 * @param {Icon} name
 * @param {string} title
 * @param {(() => void) | null} onclick
 * @param {string} [text]
 * @param {string} [className]
 */
export function iconButton(name, title, onclick, text = "", className = text ? "" : "icon") {
  const made = make("button", { type: "button", title, onclick, className }, icon(name));
  if (text) made.append(make("span", { textContent: text }));
  else made.setAttribute("aria-label", title);
  return made;
}

/**
 * Make a button with an icon one that plays, or one that pauses.
 *
 * @param {HTMLButtonElement} element
 * @param {boolean} playing
 */
export function dressPlay(element, playing) {
  const words = playing ? "Pause" : "Play";
  if (element.title === words) return;
  element.replaceChildren(icon(playing ? "pause" : "play"));
  element.title = words;
  element.setAttribute("aria-label", words);
}

/**
 * A list to choose from, under its name: `element` holds both.
 *
 * @param {string} label
 * @param {Choices} choices
 * @param {string} value
 * @param {(value: string) => void} onchange
 * @param {boolean} [visible] Whether the name is shown.
 */
export function chooser(label, choices, value, onchange, visible = true) {
  const select = make("select", { "aria-label": label, onchange: () => onchange(select.value) });
  fillChooser(select, choices, value);
  const element = make("label", { className: "chooser" }, visible ? make("span", { textContent: label }) : null, select);
  return { element, select };
}

/**
 * @param {HTMLSelectElement} select
 * @param {Choices} choices
 * @param {string} value
 */
export function fillChooser(select, choices, value) {
  /** @param {Choice} choice */
  const option = ([key, text]) => make("option", { value: key, textContent: text, selected: key === value });
  select.replaceChildren(
    ...choices.map((each) =>
      "label" in each ? make("optgroup", { label: each.label }, ...each.choices.map(option)) : option(each),
    ),
  );
}

/**
 * What draws on a canvas.
 *
 * @overload
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
/**
 * @overload
 * @param {OffscreenCanvas} canvas
 * @returns {OffscreenCanvasRenderingContext2D}
 */
/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function brush(canvas, settings) {
  const context = /** @type {Context | null} */ (canvas.getContext("2d", settings));
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  return context;
}

/**
 * Draw pixels 0 to 255 [C, H, W], the `index`-th of several, on a canvas of just that size.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @param {number} [index]
 */
export function paint(canvas, pixels, [channels, height, width], index = 0) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = brush(canvas), image = context.createImageData(width, height);
  fillImage(image.data, pixels, channels, height * width, index);
  context.putImageData(image, 0, 0);
}

/**
 * The same at a place of a larger canvas, as large as is said.
 *
 * @param {Context} context
 * @param {Uint8Array} pixels
 * @param {Shape} shape
 * @param {number} index
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
export function paintAt(context, pixels, [channels, height, width], index, x, y, w, h) {
  const tile = new OffscreenCanvas(width, height), inner = brush(tile);
  const image = inner.createImageData(width, height);
  fillImage(image.data, pixels, channels, height * width, index);
  inner.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = w < width;
  context.drawImage(tile, x, y, w, h);
}

/**
 * @param {Uint8ClampedArray} out
 * @param {Uint8Array} pixels
 * @param {number} channels
 * @param {number} area
 * @param {number} index
 */
function fillImage(out, pixels, channels, area, index) {
  const start = index * channels * area;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = pixels[start + (c < channels ? c : 0) * area + i];
    out[4 * i + 3] = 255;
  }
}

/**
 * Give a canvas as many device pixels as it covers, two for each CSS pixel at most; returns the factor.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function fitCanvas(canvas, width, height) {
  const dpr = Math.min(2, globalThis.devicePixelRatio || 1);
  const w = Math.max(1, Math.round(width * dpr)), h = Math.max(1, Math.round(height * dpr));
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  return dpr;
}

/**
 * An empty canvas, sharp on this screen: its context, scaled to CSS pixels.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function fresh(canvas, width, height) {
  const dpr = fitCanvas(canvas, width, height), context = brush(canvas);
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Whether motion is unwelcome. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Copy text; false where the browser does not let us.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Let the browser keep what was made; the address is freed afterwards.
 *
 * @param {Blob} content
 * @param {string} name
 */
export function download(content, name) {
  const address = URL.createObjectURL(content);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * The sentence of what was thrown.
 *
 * @param {unknown} error
 */
export const sentence = (error) => (error instanceof Error && error.message ? error.message : String(error));
